"""A customer who proves who they are, and the report behind a card, on the gateway's own page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.gateway.conftest import FakeRasa, line, settings_with, until
from tests.gateway.test_verifying import ISSUER, SECRET, OneAccount, claims, code_of

from .chat import Chat
from .test_real_gateway import Servers, diagnosing, servers, visit

__all__ = ["servers"]
pytestmark = pytest.mark.browser


async def offering(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
    press = {"intent": "pick", "entities": {"pick": "verify"}}
    buttons = [{"title": "Prove it is my account", "press": press}]
    yield line(type="message", text="That needs proof.", buttons=buttons)
    yield line(type="end", ok=True)


def test_a_customer_proves_who_they_are_by_a_code(
    context: BrowserContext, servers: Servers
) -> None:
    stage = servers.gateway(FakeRasa(script=offering), accounts=OneAccount())
    chat = visit(context, stage.url)
    chat.say("Is my mailbox of example.com full?")
    chat.button("Prove it is my account").click()
    expect(chat.messages.last).to_contain_text(stage.words("verify.ask_email"))
    chat.say("ann@example.com")
    expect(chat.messages.last).to_contain_text(stage.words("verify.sent"))
    code = servers.run(code_of(stage))
    chat.say(code)
    expect(chat.text(stage.words("verify.right"))).to_be_visible()
    chat.page.reload()
    expect(chat.text(stage.words("verify.code_typed"))).to_be_visible()
    assert code not in "".join(chat.texts())
    conversation = stage.rasa.heard[0]["conversation"]
    assert stage.house.desk.verified_domains(conversation) == ("example.com",)


@pytest.mark.parametrize("by", ["attribute", "call"])
def test_a_customer_who_is_signed_in_on_the_site_is_known(
    context: BrowserContext, servers: Servers, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setenv("QIQ_JWT_SECRET", SECRET)
    desk = {"jwt": {"issuer": ISSUER, "secret_env": "QIQ_JWT_SECRET"}}
    stage = servers.gateway(settings=settings_with(desk=desk))
    token = jwt.encode(claims(), SECRET, algorithm="HS256")
    chat = visit(context, stage.url)
    hand_over = {
        "attribute": "token => document.querySelector('qiq-chat').setAttribute('customer', token)",
        "call": "token => qiq.setCustomer(token)",
    }
    with chat.page.expect_response(lambda got: token in (got.request.post_data or "")) as answered:
        chat.page.evaluate(hand_over[by], token)
    conversation = answered.value.json()["conversation"]
    assert stage.house.desk.verified_domains(conversation) == ("example.com", "müller.example")
    chat.say("Is my mailbox full?")

    async def heard() -> Any:
        return stage.rasa.heard

    [first, *_] = servers.run(until(heard))
    assert "example.com" in first["metadata"]["visitor"]["verified_domains"]


def test_the_report_behind_a_card_opens_and_no_policy_is_broken(
    context: BrowserContext, servers: Servers
) -> None:
    stage = servers.gateway(FakeRasa(script=diagnosing))
    refused: list[str] = []
    context.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    chat = visit(context, stage.url)
    chat.say("Outlook is broken")
    with context.expect_page() as opened:
        chat.page.get_by_role("link", name="Open the full report").click()
    report = opened.value
    expect(report.get_by_role("heading", level=1)).to_be_visible()
    expect(report.locator("body")).to_contain_text(re.compile("QIQ-7F3K2"))
    assert report.evaluate("window.opener") is None
    expect(Chat(chat.page).panel).to_be_visible()
    assert refused == []
