"""Plays a script over REST and compares every reply; an unexpected one fails."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from qiq import knowledge
from qiq.desk import Desk
from qiq.desk.staff import Staff
from tests.conversations import wording
from tests.conversations.compare import Unexpected, compare
from tests.conversations.script import Script, Step

PATIENCE_SECONDS = 60.0
"""How long one turn may take before the script fails; the promise of 10 s to the first sentence
is the gateway's and is tested there."""

NUDGE = "system.still_working"
"""Said by the gateway after seven seconds of silence: of a busy machine, not of the dialogue."""


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
    """One conversation as it goes: what was said last, and the buttons to press. ``ahead`` counts
    what was read before REST handed it out."""

    stack: Stack
    sender: str
    last: str = ""
    staff: str = "Mia"
    ahead: int = 0
    buttons: dict[str, str] = field(default_factory=dict)
    heard: int = 0
    transcript: list[str] = field(default_factory=list)

    def step(self, step: Step) -> list[dict[str, Any]]:
        """Performs one step; returns the replies it brought."""
        match step.kind:
            case "writes":
                return self._answered(step.value, step.value)
            case "presses":
                if step.value not in self.buttons:
                    raise Unexpected(f"no button {step.value!r}, only {list(self.buttons)}")
                return self._answered(f"[{step.value}]", self.buttons[step.value])
            case "breaks" | "heals":
                self.stack.lab("break" if step.kind == "breaks" else "heal", step.value)
            case "passes":
                self._put_forward(float(step.value) * 3600)
            case "later":
                return self._read("(waits)")
            case "opens" | "closes":
                return self._incident(step)
            case "takes" | "replies" | "returns":
                self._by_staff(step)
                return self._read(f"({self.staff} {step.kind})")
        return []

    def _answered(self, what: str, sent: str) -> list[dict[str, Any]]:
        replies = self.stack.say(self.sender, sent)[self.ahead :]
        self.ahead = 0
        return self._said(what, replies)

    def _read(self, what: str) -> list[dict[str, Any]]:
        """What comes without being asked for."""
        events = self._what_comes()
        self.ahead += len(events)
        return self._said(what, events)

    def _incident(self, step: Step) -> list[dict[str, Any]]:
        desk = self.stack.desk()
        if step.kind == "opens":
            cause, _, rest = step.value.partition(" on ")
            server, _, title = rest.partition(": ")
            desk.start_incident(cause, server, title, self.staff)
        else:
            end_incidents(desk, self.staff)
        desk.dispose()
        return self._read("(incident over)") if step.replies else []

    def _by_staff(self, step: Step) -> None:
        if step.kind == "takes":
            self.staff = step.value
        desk = self.stack.desk()
        conversation = desk.open_conversation("rest", self.sender).id
        person = Staff(desk, self.staff, knowledge.load().say)
        match step.kind:
            case "takes":
                person.claim(conversation)
            case "replies":
                person.reply(conversation, step.value)
            case "returns":
                person.release(conversation)
        desk.dispose()

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
    finally:
        if any(step.kind == "opens" for step in script.steps):
            desk = stack.desk()
            end_incidents(desk, talk.staff)
            desk.dispose()
    return talk.transcript


def end_incidents(desk: Desk, by: str) -> None:
    """Closes every open incident; who is concerned is told."""
    say = knowledge.load().say
    for incident in desk.open_incidents():
        told = {"text": say("system.incident_over", text=say("status.repaired"))}
        desk.close_incident(incident.id, say("status.repaired"), by, told)
