"""The whole product (Rasa, actions, lab, gateway) with pretend platforms in front of it."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from tests.channels.fake_platforms import Platforms, fake_platforms
from tests.channels.fake_slack import SECRET, FakeSlack, action, fake_slack, signed, submit
from tests.channels.wire import PUBLIC_URL, SECRETS, SIGN, Body, typed
from tests.channels.words import said
from tests.conversations.conftest import running
from tests.conversations.player import Stack
from tests.widget.test_real_gateway import loop

PATIENCE = 90.0
TOPICS = {"default": "C_ALL", "mail": "C_MAIL", "web": "C_WEB", "person": "C_PERSON",
          "incident": "C_INCIDENTS"}  # fmt: skip
_KEYS = itertools.count(1000)
Found = TypeVar("Found")


def until(look: Callable[[], Found], what: str | Callable[[], str]) -> Found:
    """What ``look`` finds as soon as it finds something; a wait, not a measurement."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > end:
            raise AssertionError(f"it never happened: {what if isinstance(what, str) else what()}")
        time.sleep(0.1)
    return found


@dataclass
class Live:
    """The stack, and what reached each platform."""

    stack: Stack
    slack: FakeSlack
    platforms: Platforms
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))

    def post(self, channel: str, body: Body) -> None:
        """A customer's message by way of the platform."""
        content, headers = SIGN[channel](body)
        url = f"{self.stack.url}/webhooks/{channel}"
        assert self.client.post(url, content=content, headers=headers).status_code == 200

    def staff(self, made: tuple[str, str]) -> httpx.Response:
        """Something staff did in Slack."""
        body, kind = made
        headers = signed(body) | {"Content-Type": kind}
        got = self.client.post(f"{self.stack.url}/webhooks/slack", content=body, headers=headers)
        assert got.status_code == 200
        return got


@dataclass
class Customer:
    """One customer in one messenger."""

    live: Live
    channel: str
    address: str

    def writes(self, text: str) -> None:
        body = typed(self.channel, text, key=next(_KEYS), address=self.address)
        self.live.post(self.channel, body)

    def chat(self) -> list[str]:
        """Everything that was said to them."""
        return self.live.platforms.texts(self.channel, self.address)

    def hears(self, *words: str) -> str:
        """The first message that holds all of ``words``, as soon as it is there."""
        found = until(
            lambda: [text for text in self.chat() if all(word in text for word in words)],
            lambda: f"{words} in {self.chat()}",
        )
        return found[0]

    def hears_sentence(self, key: str) -> str:
        """The first message that is a sentence of the wording, its blanks filled by anything."""
        found = until(
            lambda: [text for text in self.chat() if said(key, text)],
            lambda: f"{key} in {self.chat()}",
        )
        return found[0]


@dataclass
class Colleague:
    """One of the host's staff, at the thread of one talk in Slack."""

    live: Live
    root: dict[str, Any]
    user: str = "U_JO"

    @property
    def talk(self) -> str:
        blocks = self.root["blocks"]
        actions = next(block for block in blocks if block["type"] == "actions")
        return str(actions["elements"][0]["value"])

    def presses(self, name: str) -> None:
        room, ts = self.root["channel"], self.root["ts"]
        self.live.staff(action(name, self.talk, user=self.user, ts=ts, room=room))

    def replies(self, text: str) -> None:
        """Reply, Preview, Send."""
        before = len(self.live.slack.views)
        self.presses("reply")
        until(lambda: len(self.live.slack.views) > before, "the reply window opens")
        window = self.live.slack.views[-1]
        preview = self.live.staff(submit(window, user=self.user, text=text)).json()["view"]
        assert text in json.dumps(preview, ensure_ascii=False)
        self.live.staff(submit(preview, user=self.user))

    def sees(self, *words: str) -> str:
        """The root as it stands now, once it shows all of ``words``."""
        return until(
            lambda: (now := self.shown()) and all(w in now for w in words) and now,
            lambda: f"{words} in {self.shown()}",
        )

    def shown(self) -> str:
        return json.dumps(self.live.slack.now(self.root["ts"])["blocks"], ensure_ascii=False)

    def thread(self) -> list[str]:
        return self.live.slack.thread(self.root["ts"])


@contextmanager
def living() -> Iterator[Live]:
    """Everything, for as long as the block runs."""
    with loop() as run:
        servers = AsyncExitStack()
        slack = run(servers.enter_async_context(fake_slack()))
        platforms = run(servers.enter_async_context(fake_platforms()))
        channels = {
            "public_url": PUBLIC_URL,
            "slack": {"api_url": slack.url, "topics": TOPICS, "staff_group": "S_STAFF"},
            "facebook": {"api_url": platforms.url},
            "telegram": {"api_url": platforms.url},
            "twilio": {"api_url": platforms.url, "whatsapp_from": "+447700900000",
                       "sms_from": "+447700900000"},
        }  # fmt: skip
        extra = {
            **SECRETS,
            "QIQ_SLACK_BOT_TOKEN": "xoxb-test",
            "QIQ_SLACK_SIGNING_SECRET": SECRET,
            "QIQ_TEST_SETTINGS": json.dumps({"channels": channels}),
        }
        with running(**extra) as stack:
            yield Live(stack, slack, platforms)
        run(servers.aclose())
