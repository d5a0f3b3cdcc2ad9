"""The host's ticket system is told everything once, in order, whatever happens on the way."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qiq.desk import Desk
from qiq.desk.outbox import GIVE_UP_TRIES
from qiq.gateway.channel import DeliveryFailed
from qiq.gateway.delivery import Delivery
from qiq.gateway.tickets import TicketChannel
from qiq.gateway.tickets.model import TicketSystem
from qiq.gateway.tickets.webhook import Webhook
from qiq.gateway.tickets.whmcs import Whmcs
from qiq.gateway.tickets.zammad import Zammad
from tests.desk.blank import blank
from tests.gateway.conftest import Theatre, serving, settings_with, until, wording

SECRET = "signing"


class FakeWhmcs:
    """Answers as the API's documentation shows."""

    def __init__(self) -> None:
        self.tickets: dict[int, dict[str, Any]] = {}
        self.down = False
        self.lose_answers = False

    def app(self) -> Starlette:
        async def api(request: Request) -> Response:
            fields = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
            if self.down:
                return Response("maintenance", status_code=503)
            if (fields["identifier"], fields["secret"]) != ("id", SECRET):
                error = {"result": "error", "message": "Authentication Failed"}
                return JSONResponse(error, status_code=403)
            answer = getattr(self, fields["action"])(fields)
            if self.lose_answers:  # it was done, and the connection broke before we heard of it
                return Response("cut", status_code=502)
            return JSONResponse({"result": "success", **answer})

        return Starlette(routes=[Route("/includes/api.php", api, methods=["POST"])])

    def OpenTicket(self, fields: Mapping[str, str]) -> dict[str, Any]:
        number = len(self.tickets) + 1
        self.tickets[number] = {**fields, "replies": []}
        return {"id": number, "tid": f"ABC-{number}", "c": "x"}

    def AddTicketReply(self, fields: Mapping[str, str]) -> dict[str, Any]:
        self.tickets[int(fields["ticketid"])]["replies"].append(fields["message"])
        return {}

    def GetTickets(self, fields: Mapping[str, str]) -> dict[str, Any]:
        found = [
            {"id": number, "subject": one["subject"]}
            for number, one in self.tickets.items()
            if fields["subject"] in one["subject"]
        ]
        return {"totalresults": len(found), "tickets": {"ticket": found}}

    def GetTicket(self, fields: Mapping[str, str]) -> dict[str, Any]:
        replies = self.tickets[int(fields["ticketid"])]["replies"]
        return {"replies": {"reply": [{"message": one} for one in replies]}}


class FakeZammad:
    """Tickets and articles in memory."""

    def __init__(self) -> None:
        self.tickets: dict[int, dict[str, Any]] = {}
        self.lose_answers = False

    def app(self) -> Starlette:
        async def tickets(request: Request) -> Response:
            assert request.headers["authorization"] == f"Token token={SECRET}"
            body = await request.json()
            number = len(self.tickets) + 1
            self.tickets[number] = {**body, "articles": [body["article"]]}
            return self._answer({"id": number, "number": f"100{number}"})

        async def articles(request: Request) -> Response:
            body = await request.json()
            self.tickets[body["ticket_id"]]["articles"].append(body)
            return self._answer({"id": 1})

        async def search(request: Request) -> Response:
            wanted = request.query_params["query"].split('"')[1]
            found = [
                {"id": number, "title": one["title"]}
                for number, one in self.tickets.items()
                if wanted in one["title"]
            ]
            return JSONResponse(found)

        async def by_ticket(request: Request) -> Response:
            return JSONResponse(self.tickets[int(request.path_params["id"])]["articles"])

        base = "/api/v1"
        return Starlette(
            routes=[
                Route(f"{base}/tickets/search", search),
                Route(f"{base}/tickets", tickets, methods=["POST"]),
                Route(f"{base}/ticket_articles", articles, methods=["POST"]),
                Route(f"{base}/ticket_articles/by_ticket/{{id}}", by_ticket),
            ]
        )

    def _answer(self, data: dict[str, Any]) -> Response:
        return Response("cut", status_code=502) if self.lose_answers else JSONResponse(data, 201)


def a_case(desk: Desk) -> str:
    conversation = desk.open_conversation("rest", "Ann")
    return desk.open_case(conversation.id, "email_cannot_send", "example.com", "stuck").number


def event(case: str, kind: str, n: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "subject": "email cannot send: example.com",
        "text": f"Grüße {n}",
        "outbox_key": f"{case}/{n}",
    }


@pytest.fixture
def desk(tmp_path: Any) -> Desk:
    return Desk(blank(tmp_path / "desk.db"))


async def told(desk: Desk, system: TicketSystem, lose: Any) -> None:
    """One case opened and answered, each answer lost once on the way."""
    channel, case = TicketChannel(desk, system), a_case(desk)
    for n, kind in ((1, "person"), (2, "repaired")):
        lose.lose_answers = True
        with pytest.raises(DeliveryFailed):
            await channel.deliver(case, event(case, kind, n))
        lose.lose_answers = False
        await channel.deliver(case, event(case, kind, n))
    await channel.stop()


async def test_whmcs_is_told_once_though_answers_are_lost(desk: Desk) -> None:
    fake = FakeWhmcs()
    async with serving(fake.app()) as url:
        await told(desk, Whmcs(url, "id", SECRET, 3, "QiQ", "support@qiq.example"), fake)
    [ticket] = fake.tickets.values()
    assert (ticket["deptid"], ticket["email"]) == ("3", "support@qiq.example")
    assert ticket["message"].startswith("Grüße 1")
    assert [text.splitlines()[0] for text in ticket["replies"]] == ["Grüße 2"]


async def test_zammad_is_told_once_though_answers_are_lost(desk: Desk) -> None:
    fake = FakeZammad()
    async with serving(fake.app()) as url:
        await told(desk, Zammad(url, SECRET, "Users", "support@qiq.example"), fake)
    [ticket] = fake.tickets.values()
    assert ticket["customer_id"] == "guess:support@qiq.example"
    assert [one["body"].splitlines()[0] for one in ticket["articles"]] == ["Grüße 1", "Grüße 2"]


async def test_wrong_keys_are_not_tried_again(desk: Desk) -> None:
    fake = FakeWhmcs()
    async with serving(fake.app()) as url:
        channel = TicketChannel(desk, Whmcs(url, "id", "wrong", 1, "QiQ", "a@qiq.example"))
        case = a_case(desk)
        with pytest.raises(DeliveryFailed) as failed:
            await channel.deliver(case, event(case, "person", 1))
        assert failed.value.final
        await channel.stop()


async def test_the_webhook_is_signed_and_repetitions_can_be_told(desk: Desk) -> None:
    heard: list[tuple[Mapping[str, str], bytes]] = []

    async def hook(request: Request) -> Response:
        heard.append((request.headers, await request.body()))
        return JSONResponse({"id": "T-1"})

    async with serving(Starlette(routes=[Route("/", hook, methods=["POST"])])) as url:
        channel, case = TicketChannel(desk, Webhook(url, SECRET)), a_case(desk)
        assert await channel.deliver(case, event(case, "person", 1)) == "T-1"
        await channel.deliver(case, event(case, "repaired", 2))
        await channel.stop()
    headers, body = heard[0]
    signed = headers["x-qiq-timestamp"].encode() + b"." + body
    mac = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["x-qiq-signature"] == f"v1={mac}"
    assert [json.loads(b)["type"] for _, b in heard] == ["case.opened", "case.updated"]
    assert json.loads(heard[1][1])["ticket"] == "T-1"
    assert len({h["idempotency-key"] for h, _ in heard}) == 2


async def test_a_ticket_system_that_is_down_gets_everything_later_in_order(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qiq.desk.outbox.FIRST_PAUSE", 0.05)
    monkeypatch.setenv("QIQ_WHMCS_ID", "id")
    monkeypatch.setenv("QIQ_WHMCS_SECRET", SECRET)
    fake = FakeWhmcs()
    fake.down = True
    async with serving(fake.app()) as url:
        tickets = {
            "system": "whmcs",
            "url": url,
            "identifier_env": "QIQ_WHMCS_ID",
            "secret_env": "QIQ_WHMCS_SECRET",
        }
        async with theatre.open(settings=settings_with(desk={"tickets": tickets})) as stage:
            desk = stage.house.desk
            number = a_case(desk)
            conversation = desk.case(number).conversation_id  # type: ignore[union-attr]
            desk.hand_over(conversation, "asked", "first")
            desk.back_to_bot(conversation)
            desk.hand_over(conversation, "asked", "second")
            fake.down = False

            async def arrived() -> bool:
                return bool(fake.tickets) and len(fake.tickets[1]["replies"]) == 1

            await until(arrived)
            assert fake.tickets[1]["message"].startswith("first")
            assert fake.tickets[1]["replies"][0].startswith("second")
            assert desk.ticket(number) == ("1", "open")


async def test_a_delivery_given_up_is_told_to_staff(desk: Desk) -> None:
    desk.enqueue("nowhere", "Ann", {"text": "x"}, "k")
    [item] = desk.due()
    house: Any = SimpleNamespace(desk=desk, say=wording())
    for _ in range(GIVE_UP_TRIES):
        assert desk.open_alerts() == []
        await Delivery(house, []).deliver(item)
    [alert] = desk.open_alerts()
    assert "nowhere" in alert.text
