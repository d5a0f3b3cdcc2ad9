"""The widget's protocol as its client sees it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import jwt
import pytest
from PIL import Image
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.gateway.conftest import PATIENCE, FakeRasa, Stage, Theatre, echo, settings_with

Frame = dict[str, Any]


async def session(stage: Stage, token: str | None = None, **body: Any) -> dict[str, Any]:
    got = await stage.client.post("/widget/session", json={"token": token, **body})
    assert got.status_code == 200, got.text
    return got.json()


@asynccontextmanager
async def page(stage: Stage, token: str, after: int = 0, **options: Any) -> AsyncIterator[Page]:
    url = stage.url.replace("http", "ws") + "/widget/ws"
    async with connect(url, proxy=None, **options) as socket:
        with contextlib.suppress(ConnectionClosed):  # a refusal may come before our hello
            await socket.send(json.dumps({"type": "hello", "token": token, "after": after}))
        yield Page(socket)


class Page:
    """One open page of a visitor."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def read(self, count: int, *kinds: str) -> list[Frame]:
        """The next ``count`` events of these kinds."""
        found: list[Frame] = []
        while len(found) < count:
            event = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
            if event["type"] in kinds:
                found.append(event)
        return found


async def test_a_talk_over_the_web_socket(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        opened = await session(stage)
        assert opened["history"] == []
        assert opened["brand"]["name"] == "QiQ"
        async with page(stage, opened["token"]) as ann:
            await ann.send(type="message", id="k-1", text="Grüße")
            events = await ann.read(3, "message", "ack")
            by_type = {(e["type"], e.get("author")): e for e in events}
            assert by_type["ack", None] == {"type": "ack", "id": "k-1", "seq": 1}
            assert by_type["message", "visitor"]["id"] == "k-1"
            assert by_type["message", "bot"]["text"] == "You said: Grüße"
            [button] = by_type["message", "bot"]["buttons"]
            assert set(button) == {"id", "title"}
            await ann.send(type="press", id="k-2", button=button["id"])
            await ann.read(2, "message")
            assert stage.rasa.heard[1]["press"]["intent"] == "affirm"


async def test_the_same_id_twice_is_stored_once_and_acknowledged_twice(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        opened = await session(stage)
        async with page(stage, opened["token"]) as ann:
            for _ in range(2):
                await ann.send(type="message", id="k-1", text="once")
            acks = await ann.read(2, "ack")
            assert [a["seq"] for a in acks] == [1, 1]
        again = await session(stage, opened["token"])
        assert [e["text"] for e in again["history"] if e["author"] == "visitor"] == ["once"]
        assert len(stage.rasa.heard) == 1


async def test_what_was_missed_is_replayed_exactly_once(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        opened = await session(stage)
        async with page(stage, opened["token"]) as ann:
            await ann.send(type="message", id="k-1", text="one")
            first = await ann.read(2, "message")
        async with page(stage, opened["token"], after=first[-1]["seq"]) as ann:
            await ann.send(type="message", id="k-2", text="two")
            rest = await ann.read(2, "message")
        async with page(stage, opened["token"], after=0) as fresh:
            everything = await fresh.read(4, "message")
        assert [e["seq"] for e in everything] == [1, 2, 3, 4]
        assert [e["seq"] for e in first + rest] == [1, 2, 3, 4]


async def test_a_second_tab_sees_the_same_talk(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        token = (await session(stage))["token"]
        async with page(stage, token) as one, page(stage, token) as two:
            await one.send(type="message", id="k-1", text="from tab one")
            assert [e["seq"] for e in await one.read(2, "message")] == [1, 2]
            assert [e["seq"] for e in await two.read(2, "message")] == [1, 2]


async def test_one_visitor_never_sees_anothers_talk(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        ann, bob = await session(stage), await session(stage)
        async with page(stage, ann["token"]) as hers, page(stage, bob["token"]) as his:
            await hers.send(type="message", id="k-1", text="Ann's secret")
            await hers.read(2, "message")
            await his.send(type="message", id="k-1", text="Bob's question")
            assert "Ann" not in str(await his.read(2, "message"))
        assert "Ann" not in str((await session(stage, bob["token"]))["history"])


@pytest.mark.parametrize("token", ["", "c_0123456789", "eyJhbGciOiJub25lIn0.e30."])
async def test_a_made_up_session_opens_nothing(theatre: Theatre, token: str) -> None:
    async with theatre.open() as stage:
        async with page(stage, token) as stranger:
            with pytest.raises(ConnectionClosed) as closed:
                await stranger.read(1, "message")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4401
        headers = {"Authorization": f"Bearer{token and ' '}{token}"}
        got = await stage.client.get("/widget/events", headers=headers)
        assert got.status_code == 401


async def test_a_session_id_from_the_browser_starts_a_new_talk(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        victim = await session(stage)
        forged = jwt.encode(
            {"sub": victim["conversation"], "aud": "qiq-widget", "exp": 9_999_999_999},
            "guess-guess-guess-guess-guess-guess",
            algorithm="HS256",
        )
        for token in (victim["conversation"], forged):
            assert (await session(stage, token))["conversation"] != victim["conversation"]


async def test_only_allowed_websites_may_embed_the_widget(theatre: Theatre) -> None:
    settings = settings_with(channels={"widget": {"origins": ["https://www.qiq.example"]}})
    async with theatre.open(settings=settings) as stage:
        token = (await session(stage))["token"]
        for origin, status in (
            ("https://www.qiq.example", 200),
            ("https://evil.example", 403),
            ("null", 403),
            (stage.url, 200),
        ):
            got = await stage.client.post("/widget/session", json={}, headers={"Origin": origin})
            assert got.status_code == status, origin
            allowed = got.headers.get("access-control-allow-origin")
            assert allowed == (origin if status == 200 else None)
        async with page(stage, token, origin="https://evil.example") as stranger:
            with pytest.raises(ConnectionClosed) as closed:
                await stranger.read(1, "message")
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403


async def test_an_allowed_website_can_read_why_it_was_refused(theatre: Theatre) -> None:
    website = "https://www.qiq.example"
    settings = settings_with(channels={"widget": {"origins": [website]}})
    async with theatre.open(settings=settings) as stage:
        headers = {"Origin": website, "Authorization": "Bearer run-out"}
        for path in ("/widget/messages", "/widget/files"):
            got = await stage.client.post(path, json={}, headers=headers)
            assert got.status_code == 401, path
            assert got.headers.get("access-control-allow-origin") == website, path


async def test_too_many_messages_get_a_kind_answer_and_a_pause(theatre: Theatre) -> None:
    settings = settings_with(limits={"messages_per_minute": 2})
    async with theatre.open(settings=settings) as stage:
        opened = await session(stage)
        async with page(stage, opened["token"]) as ann:
            for n in range(3):
                await ann.send(type="message", id=f"k-{n}", text="quick")
            [error] = await ann.read(1, "error")
            assert (error["code"], error["id"]) == ("slow_down", "k-2")
            assert 0 < error["retry_after"] <= 61
            assert str(error["retry_after"]) in error["text"]
        headers = {"Authorization": f"Bearer {opened['token']}"}
        got = await stage.client.post(
            "/widget/messages", json={"type": "human", "id": "k-9"}, headers=headers
        )
        assert got.status_code == 429
        assert got.json()["error"]["code"] == "slow_down"


async def test_too_many_sessions_of_one_address(theatre: Theatre) -> None:
    settings = settings_with(limits={"sessions_per_address_per_hour": 2})
    async with theatre.open(settings=settings) as stage:
        first = await session(stage)
        await session(stage)
        got = await stage.client.post("/widget/session", json={})
        assert got.status_code == 429
        assert got.json()["error"]["retry_after"] > 0
        back = await session(stage, first["token"])
        assert back["conversation"] == first["conversation"], "who was here before may come back"


async def test_frames_that_make_no_sense_are_refused_not_fatal(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        opened = await session(stage)
        async with page(stage, opened["token"]) as ann:
            await ann.socket.send("not JSON")
            for frame in (
                {"type": "message", "text": "no id"},
                {"type": "message", "id": "k", "text": 7},
                {"type": "rating", "id": "k", "stars": 9},
                {"type": "file", "id": "k", "file": "../../etc/passwd"},
                {"type": "drop", "id": "k"},
                [],
            ):
                await ann.socket.send(json.dumps(frame))
            assert {e["code"] for e in await ann.read(7, "error")} == {"bad_frame"}
            await ann.send(type="ping")
            await ann.read(1, "pong")


async def test_progress_goes_to_the_open_page_and_is_not_kept(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        opened = await session(stage)
        check = {"id": "mail.imaps.connect", "status": "pass", "summary": "…", "ms": 3}
        body = {"conversation": opened["conversation"], "message": "m", "check": check}
        url = f"{stage.internal}/internal/progress"
        async with page(stage, opened["token"]) as ann, httpx.AsyncClient() as actions:
            await ann.send(type="ping")
            await ann.read(1, "pong")
            refused = await actions.post(url, json=body)
            assert refused.status_code == 401
            await actions.post(url, json=body, headers={"Authorization": "Bearer inside"})
            [event] = await ann.read(1, "progress")
            assert event["check"] == check
        assert (await session(stage, opened["token"]))["history"] == []
        assert (await stage.client.post("/internal/progress", json=body)).status_code == 404


async def test_server_sent_events_and_post_do_the_same(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        opened = await session(stage)
        headers = {"Authorization": f"Bearer {opened['token']}"}
        seen: list[Frame] = []

        async def listen(after: int, count: int) -> None:
            url = f"/widget/events?after={after}"
            async with stage.client.stream("GET", url, headers=headers) as stream:
                async for text in stream.aiter_lines():
                    if text.startswith("data: ") and "message" in text:
                        seen.append(json.loads(text[6:]))
                        if len(seen) == count:
                            return

        listening = asyncio.create_task(listen(0, 2))
        frame = {"type": "message", "id": "k-1", "text": "over POST"}
        for _ in range(2):
            got = await stage.client.post("/widget/messages", json=frame, headers=headers)
            assert got.json() == {"type": "ack", "id": "k-1", "seq": 1}
        await asyncio.wait_for(listening, PATIENCE)
        assert [e["text"] for e in seen] == ["over POST", "You said: over POST"]


async def test_a_restart_in_mid_talk_loses_nothing(theatre: Theatre) -> None:
    async with theatre.open(FakeRasa(status=503)) as stage:
        opened = await session(stage)
        async with page(stage, opened["token"]) as ann:
            await ann.send(type="message", id="k-1", text="are you there?")
            await ann.read(2, "message")
    async with theatre.open() as stage, page(stage, opened["token"]) as ann:
        events: list[Frame] = []
        while not events or events[-1]["text"] != "You said: are you there?":
            events += await ann.read(1, "message")
        assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
        assert sum(e["author"] == "bot" for e in events) == 1


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


async def upload(stage: Stage, token: str, data: bytes, name: str = "x.png") -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await stage.client.post(
        "/widget/files", files={"file": (name, data, "image/png")}, headers=headers
    )


async def test_a_screenshot_is_re_encoded_and_only_its_sender_sees_it(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        ann, bob = await session(stage), await session(stage)
        payload = b"<script>alert(1)</script>"
        got = await upload(stage, ann["token"], picture("JPEG") + payload, "../../x.php")
        file_id = got.json()["file"]
        async with page(stage, ann["token"]) as hers:
            await hers.send(type="file", id="k-1", file=file_id)
            events = await hers.read(2, "message")
        custom = events[0]["custom"]
        assert (custom["type"], custom["media_type"]) == ("file", "image/png")
        headers = {"Authorization": f"Bearer {ann['token']}"}
        shown = await stage.client.get(custom["url"], headers=headers)
        assert payload not in shown.content
        assert Image.open(io.BytesIO(shown.content)).size == (40, 30)
        assert "sandbox" in shown.headers["content-security-policy"]
        for token in (bob["token"], "nobody"):
            other = {"Authorization": f"Bearer {token}"}
            assert (await stage.client.get(custom["url"], headers=other)).status_code in (401, 404)


@pytest.mark.parametrize(
    "data", [b"GIF89a" + b"\0" * 50, b"<svg onload=alert(1)>", b"", b"\x89PNG\r\n\x1a\ncut off"]
)
async def test_what_is_no_picture_is_refused_by_its_content(theatre: Theatre, data: bytes) -> None:
    async with theatre.open() as stage:
        opened = await session(stage)
        assert (await upload(stage, opened["token"], data)).status_code == 415


async def test_large_bodies_are_refused(theatre: Theatre) -> None:
    settings = settings_with(limits={"upload_bytes": 2000})
    async with theatre.open(settings=settings) as stage:
        opened = await session(stage)
        assert (await upload(stage, opened["token"], b"x" * 3000)).status_code == 413
        assert (await upload(stage, opened["token"], b"x" * 300_000)).status_code == 413
        got = await stage.client.post("/widget/session", content=b"x" * 200_000)
        assert got.status_code == 413

        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(300):
                yield b"x" * 1000

        got = await stage.client.post("/widget/session", content=chunks())
        assert got.status_code == 413


async def test_a_very_long_message_is_shortened_and_the_customer_told(theatre: Theatre) -> None:
    settings = settings_with(limits={"message_chars": 100})
    async with theatre.open(settings=settings) as stage:
        replies = await stage.say("x" * 500)
        assert stage.words("system.shortened", chars="100") in [r["text"] for r in replies]
        assert len(stage.rasa.heard[0]["text"]) == 100


async def test_the_widget_files_can_be_checked_from_another_origin(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        for path in ("/widget.js", "/widget/texts/en.json"):
            got = await stage.client.get(path)
            assert got.status_code == 200, path
            assert got.headers["access-control-allow-origin"] == "*"
        assert (await stage.client.get("/widget/texts/..%2f..%2fx.json")).status_code == 404


async def test_echo_is_what_the_other_tests_believe_it_is() -> None:
    lines = [json.loads(one) async for one in echo(FakeRasa(), {"text": "x"})]
    assert [one["type"] for one in lines] == ["message", "end"]
