"""Plays a script over REST and compares every reply; an unexpected one fails."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from qiq.desk import Desk
from tests.conversations import wording
from tests.conversations.script import Expected, Script, Step

PATIENCE_SECONDS = 60.0
"""How long one turn may take before the script fails; the promise of 10 s to the first sentence
is the gateway's and is tested there."""

UNCLEAR = ("utter_ask_which", "utter_ask_which_two", "utter_ask_which_again", "utter_ask_what",
           "utter_not_understood", "utter_not_understood_again", "utter_out_of_scope")  # fmt: skip
"""What may be said to a message that nobody could understand."""

NUDGE = "system.still_working"
"""Said by the gateway after seven seconds of silence: of a busy machine, not of the dialogue."""


class Unexpected(AssertionError):
    """The bot said something else than the script."""


@dataclass
class Stack:
    """Where the product answers, and the lab's switch."""

    url: str
    state: Path
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE_SECONDS))

    def say(self, sender: str, text: str) -> list[dict[str, Any]]:
        body = {"sender": sender, "message": text}
        answer = self.client.post(f"{self.url}/webhooks/rest/webhook", json=body)
        answer.raise_for_status()
        return list(answer.json())

    def conversation(self, sender: str) -> list[dict[str, Any]]:
        """Every event of the talk so far."""
        return list(self.client.get(f"{self.url}/webhooks/rest/events?sender={sender}").json())

    def desk(self) -> Desk:
        """The desk's database, for what a customer cannot do over REST."""
        return Desk(f"sqlite:///{self.state / 'desk.db'}", migrate=False)

    def lab(self, command: str, name: str = "") -> None:
        told = json.loads((self.state / "lab" / "lab.json").read_text())
        body = {"name": name} if name else {}
        headers = {"Authorization": f"Bearer {told['token']}"}
        self.client.post(f"{told['url']}/{command}", json=body, headers=headers).raise_for_status()


@dataclass
class Talk:
    """One conversation as it goes: what was said last, and the buttons to press."""

    stack: Stack
    sender: str
    last: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    heard: int = 0
    transcript: list[str] = field(default_factory=list)

    def step(self, step: Step) -> list[dict[str, Any]]:
        """Performs one step; returns the replies it brought."""
        match step.kind:
            case "writes":
                return self._said(step.value, self.stack.say(self.sender, step.value))
            case "presses":
                if step.value not in self.buttons:
                    raise Unexpected(f"no button {step.value!r}, only {list(self.buttons)}")
                payload = self.buttons[step.value]
                return self._said(f"[{step.value}]", self.stack.say(self.sender, payload))
            case "breaks" | "heals":
                self.stack.lab("break" if step.kind == "breaks" else "heal", step.value)
            case "passes":
                self._put_forward(float(step.value) * 3600)
            case "later":
                return self._said("(waits)", self._what_comes())
        return []

    def _said(self, what: str, replies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.transcript.append(f"customer: {what}")
        if replies:
            offered = [b for r in replies for b in r.get("buttons") or ()]
            self.buttons = {b["title"]: b.get("payload") or b["id"] for b in offered}
        self.heard += len(replies)
        replies = [r for r in replies if not wording.is_said(NUDGE, r.get("text", ""))]
        for reply in replies:
            text = reply.get("text", "")
            custom = reply.get("custom") or {}
            kind = f" {{{custom.get('verdict') or custom.get('type')}}}" if custom else ""
            self.transcript.append(f"bot: {text}{kind}")
            if text and text == self.last:
                raise Unexpected(f"the same message twice in a row: {text!r}")
            self.last = text
        return replies

    def arrives(self, script: Script) -> None:
        """The page and the verified domains, which the widget's session would bring."""
        if not (script.page or script.signed_in):
            return
        desk = self.stack.desk()
        conversation = desk.open_conversation("rest", self.sender).id
        if script.page:
            desk.set_page(conversation, script.page)
        if script.signed_in:
            until = datetime.now(UTC) + timedelta(hours=1)
            desk.set_customer(conversation, script.signed_in, None, until)
        desk.dispose()

    def _put_forward(self, seconds: float) -> None:
        desk = self.stack.desk()
        conversation = desk.open_conversation("rest", self.sender).id
        desk.dispose()
        folder = self.stack.state / "days"
        folder.mkdir(exist_ok=True)
        (folder / conversation).write_text(str(seconds))

    def _what_comes(self) -> list[dict[str, Any]]:
        """A message that comes by itself, e.g. of a repair."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            events = self.stack.conversation(self.sender)
            said = [e for e in events if e["type"] == "message" and e["author"] != "visitor"]
            if len(said) > self.heard:
                return said[self.heard :]
            time.sleep(0.3)
        raise Unexpected("nothing came")


def play(script: Script, stack: Stack, sender: str) -> list[str]:
    """The transcript. Raises ``Unexpected`` with the transcript so far."""
    talk = Talk(stack, sender)
    talk.arrives(script)
    try:
        for step in script.steps:
            compare(step.replies, talk.step(step), step)
    except (Unexpected, httpx.HTTPError) as error:
        lines = "\n".join(talk.transcript)
        raise Unexpected(f"{script.name}: {error}\n--- so far:\n{lines}") from error
    return talk.transcript


def compare(expected: list[Expected], replies: list[dict[str, Any]], step: Step) -> None:
    """Every reply as expected, and none beside."""
    if any(want.unclear for want in expected):
        _not_understood(replies, step)
        return
    for number, (want, got) in enumerate(zip(expected, replies, strict=False), 1):
        wrong = differs(want, got)
        if wrong:
            raise Unexpected(f"line {step.line}, reply {number}: {wrong}")
    if len(expected) != len(replies):
        extra = [_name(r) for r in replies[len(expected) :]]
        missing = [w.says or w.diagnosis for w in expected[len(replies) :]]
        raise Unexpected(f"line {step.line}: not expected: {extra}; missing: {missing}")


def _not_understood(replies: list[dict[str, Any]], step: Step) -> None:
    """Which way of asking again it is depends on what the understanding took it for."""
    texts = [reply.get("text", "") for reply in replies]
    known = [any(wording.is_said(name, text) for name in UNCLEAR) for text in texts]
    offered = {b["title"] for reply in replies for b in reply.get("buttons") or ()}
    if not known or not all(known) or "Talk to a person" not in offered:
        names = [_name(reply) for reply in replies]
        raise Unexpected(f"line {step.line}: not a question about what is meant: {names}")


def differs(want: Expected, got: dict[str, Any]) -> str:
    """What is wrong with a reply, or an empty string."""
    text, custom = got.get("text", ""), got.get("custom") or {}
    titles = [b["title"] for b in got.get("buttons") or ()]
    if want.says and not any(wording.is_said(name, text) for name in want.says):
        return f"expected {' or '.join(want.says)}, got {_name(got)}: {text!r}"
    if want.diagnosis:
        codes = [custom.get(k) for k in ("verdict", "party", "cause", "certainty")]
        if custom.get("type") != "diagnosis" or not set(want.diagnosis) <= set(codes):
            return f"expected a diagnosis {want.diagnosis}, got {codes} with {text[:200]!r}"
    elif custom.get("type") == "diagnosis" and not want.says:
        return "a diagnosis that was not expected"
    if want.card and custom.get("type") != want.card:
        return f"expected a {want.card} card, got {custom.get('type')}"
    for part in want.mentions:
        if part.lower() not in text.lower():
            return f"{part!r} is not in {text!r}"
    for part in want.avoids:
        if part.lower() in text.lower():
            return f"{part!r} is in {text!r}"
    lacking = [title for title in want.offers if title not in titles]
    return f"no button {lacking}, only {titles}" if lacking else ""


def _name(reply: dict[str, Any]) -> str:
    custom = reply.get("custom") or {}
    if custom.get("type") == "diagnosis":
        return f"diagnosis {custom['verdict']}/{custom['party']}/{custom['cause']}"
    return "/".join(wording.names_of(reply.get("text", ""))) or repr(reply.get("text", "")[:80])
