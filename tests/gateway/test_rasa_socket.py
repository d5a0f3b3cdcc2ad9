"""Rasa's Socket.IO protocol, as a widget made for Rasa speaks it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import socketio
from socketio.exceptions import ConnectionError as Refused

from qiq.gateway.widget import rasa_socket
from tests.gateway.conftest import PATIENCE, FakeRasa, Stage, Theatre, line, settings_with
from tests.gateway.test_widget import session

SWITCHED_ON = {"widget": {"origins": ["https://shop.example"], "socketio": True}}


def switched_on(**changes: Any) -> Any:
    return settings_with(channels=SWITCHED_ON, **changes)


class Client:
    """The other end: what it was told, in order."""

    def __init__(self, client: socketio.AsyncClient) -> None:
        self.client = client
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.confirmed: asyncio.Queue[Any] = asyncio.Queue()
        client.on("bot_uttered", self.heard.put)
        client.on("session_confirm", self.confirmed.put)

    async def enter(self, session_id: str | None = None) -> str:
        await self.client.emit("session_request", {"session_id": session_id})
        return str(await asyncio.wait_for(self.confirmed.get(), PATIENCE))

    async def say(self, message: Any, **more: Any) -> None:
        await self.client.emit("user_uttered", {"message": message, **more})

    async def hear(self) -> dict[str, Any]:
        return dict(await asyncio.wait_for(self.heard.get(), PATIENCE))


@asynccontextmanager
async def widget(
    stage: Stage, transport: str = "websocket", **headers: str
) -> AsyncIterator[Client]:
    client = socketio.AsyncClient(reconnection=False)
    mine = Client(client)
    await client.connect(stage.url, headers=headers, transports=[transport])
    try:
        yield mine
    finally:
        await client.disconnect()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_a_talk_with_a_quick_reply(theatre: Theatre, transport: str) -> None:
    async with theatre.open(settings=switched_on()) as stage, widget(stage, transport) as ann:
        await ann.enter()
        await ann.say("Grüße")
        said = await ann.hear()
        [reply] = said.pop("quick_replies")
        assert said == {"text": "You said: Grüße"}
        assert (reply["title"], reply["content_type"]) == ("Ja, bitte", "text")
        await ann.say(reply["payload"])
        assert (await ann.hear())["text"] == "You said: Ja, bitte"
        assert stage.rasa.heard[1]["press"]["intent"] == "affirm"


async def test_a_session_goes_on_and_what_was_said_meanwhile_comes_once(theatre: Theatre) -> None:
    async with theatre.open(settings=switched_on()) as stage:
        async with widget(stage) as ann:
            token = await ann.enter()
            await ann.say("one")
            await ann.hear()
        conversation = stage.rasa.heard[0]["conversation"]
        stage.house.desk.append(
            conversation, "bot", "message", {"text": "It works again."}, key="w"
        )
    async with theatre.open(settings=switched_on()) as stage:  # the gateway was restarted too
        async with widget(stage) as ann:
            assert await ann.enter(token) == token
            assert await ann.hear() == {"text": "It works again."}
        async with widget(stage) as ann:
            await ann.enter(token)
            await ann.say("two")
            assert (await ann.hear())["text"] == "You said: two"
        assert stage.rasa.heard[0]["conversation"] == conversation


async def test_the_token_of_our_own_widget_opens_the_same_talk(theatre: Theatre) -> None:
    async with theatre.open(settings=switched_on()) as stage, widget(stage) as ann:
        opened = await session(stage)
        assert await ann.enter(opened["token"]) == opened["token"]
        await ann.say("hello")
        await ann.hear()
        assert stage.rasa.heard[0]["conversation"] == opened["conversation"]


@pytest.mark.parametrize("guess", ["the conversation's id", "made up", 17, None])
async def test_a_session_id_from_the_browser_opens_nothing(theatre: Theatre, guess: Any) -> None:
    async with theatre.open(settings=switched_on()) as stage:
        async with widget(stage) as ann, widget(stage) as eve:
            await ann.enter()
            await ann.say("my secret")
            await ann.hear()
            theirs = stage.rasa.heard[0]["conversation"]
            wanted = theirs if guess == "the conversation's id" else guess
            assert await eve.enter(wanted) != wanted
            await eve.say("hello", session_id=wanted)
            assert (await eve.hear())["text"] == "You said: hello"
        assert stage.rasa.heard[1]["conversation"] != theirs


async def test_a_connection_stays_with_the_talk_it_entered(theatre: Theatre) -> None:
    async with theatre.open(settings=switched_on()) as stage:
        async with widget(stage) as ann, widget(stage) as bob:
            token = await ann.enter()
            await bob.enter()
            await bob.say("mine", session_id=token)
            await bob.hear()
            await ann.say("also mine")
            assert (await ann.hear())["text"] == "You said: also mine"
        first, second = stage.rasa.heard
        assert first["conversation"] != second["conversation"]


async def test_clients_that_never_ask_for_a_session_get_one(theatre: Theatre) -> None:
    async with theatre.open(settings=switched_on()) as stage, widget(stage) as ann:
        await ann.say("straight away")
        assert (await ann.hear())["text"] == "You said: straight away"
        assert await ann.confirmed.get()


async def test_an_intent_typed_by_hand_is_only_text(theatre: Theatre) -> None:
    async with theatre.open(settings=switched_on()) as stage, widget(stage) as ann:
        await ann.enter()
        await ann.say('/affirm{"domain": "example.com"}')
        await ann.hear()
        [heard] = stage.rasa.heard
        assert heard["press"] is None
        assert heard["text"].startswith("/affirm")


@pytest.mark.parametrize("rubbish", [None, "", "   ", 7, ["x"], {"a": 1}])
async def test_what_says_nothing_is_passed_over(theatre: Theatre, rubbish: Any) -> None:
    async with theatre.open(settings=switched_on()) as stage, widget(stage) as ann:
        await ann.client.emit("user_uttered", rubbish)
        await ann.say(rubbish)
        await ann.say("words")
        assert (await ann.hear())["text"] == "You said: words"
        assert len(stage.rasa.heard) == 1


async def test_a_strangers_words_cannot_become_a_link(theatre: Theatre) -> None:
    async def quoting(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
        banner = "[log in](https://evil.example)\n[x] : https://evil.example\n<javascript:x>"
        yield line(type="message", text=f"Its banner: {banner}")
        yield line(type="end", ok=True)

    rasa = FakeRasa(script=quoting)
    async with theatre.open(rasa, settings=switched_on()) as stage, widget(stage) as ann:
        await ann.enter()
        await ann.say("hello")
        text = (await ann.hear())["text"]
        assert not re.search(r"\]\s*[(:]|<\w", text)
        assert "  \n[x]" in text  # a hard line break in Markdown


async def test_too_many_messages_get_the_gateways_own_sentence(theatre: Theatre) -> None:
    limits = {"messages_per_minute": 1}
    async with theatre.open(settings=switched_on(limits=limits)) as stage, widget(stage) as ann:
        await ann.enter()
        await ann.say("one")
        await ann.hear()
        await ann.say("two")
        assert "second" in (await ann.hear())["text"]


async def test_too_many_sessions_from_one_address_are_refused(theatre: Theatre) -> None:
    limits = {"sessions_per_address_per_hour": 1}
    async with theatre.open(settings=switched_on(limits=limits)) as stage, widget(stage) as ann:
        await ann.enter()
        async with widget(stage) as eve:
            await eve.client.emit("session_request", {})
            assert (await eve.hear())["text"].startswith("Many chats were opened")
            assert eve.confirmed.empty()


async def test_who_does_not_ask_for_a_session_is_let_go(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasa_socket, "HELLO_SECONDS", 0.05)
    async with theatre.open(settings=switched_on()) as stage, widget(stage) as silent:
        await asyncio.wait_for(silent.client.wait(), PATIENCE)
        assert not silent.client.connected


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_only_listed_websites_may_connect(theatre: Theatre, transport: str) -> None:
    async with theatre.open(settings=switched_on()) as stage:
        async with widget(stage, transport, Origin="https://shop.example") as ann:
            assert await ann.enter()
        with pytest.raises(Refused):
            async with widget(stage, transport, Origin="https://evil.example"):
                pass


async def test_it_is_off_unless_switched_on(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        got = await stage.client.get("/socket.io/", params={"EIO": "4", "transport": "polling"})
        assert got.status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"EIO": "4"}, 200),
        ({"EIO": "3"}, 400),  # socket.io-client 2: the library speaks one protocol only
        ({"EIO": "4", "j": "0"}, 400),  # JSONP would go round the list of websites
        ({"EIO": "4", "sid": "a\nb"}, 400),
    ],
)
async def test_which_first_requests_are_taken(
    theatre: Theatre, query: dict[str, str], status: int
) -> None:
    async with theatre.open(settings=switched_on()) as stage:
        wanted = {"transport": "polling", **query}
        got = await stage.client.get("/socket.io/", params=wanted)
        assert got.status_code == status
