"""A house, and a talk driven in process: the decisions alone, no Rasa, no sockets, no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from qiq import knowledge, settings
from qiq.talk import (
    again,
    answer,
    checking,
    clarify,
    complain,
    correct,
    explain,
    front,
    language,
    memory,
    repair,
    setup,
    smalltalk,
    solved,
)
from qiq.talk.checking import Found
from qiq.talk.house import House
from qiq.talk.message import Message, read
from qiq.talk.model import LISTEN, Say, Talk, Turn

HOSTING = """\
version: 1
servers:
  - {id: server1, names: [mail.qiq.example], addresses: [192.0.2.10], services: [imaps, https]}
mail:
  incoming: [{protocol: imap, host: mail.qiq.example, port: 993, security: tls}]
  outgoing: [{protocol: smtp, host: mail.qiq.example, port: 465, security: tls}]
  mx: [mail.qiq.example]
"""

ACTIONS = {
    "action_complain": complain.complain,
    "action_answer": answer.answer,
    "action_correct": correct.correct,
    "action_persists": again.again,
    "action_solved": solved.solved,
    "action_clarify": clarify.clarify,
    "action_smalltalk": smalltalk.smalltalk,
    "action_wait": repair.wait,
    "action_why": repair.why,
    "action_say_again": repair.say_again,
    "action_cancel": repair.cancel,
    "action_sympathise": repair.sympathise,
    "action_language": language.foreign,
    "action_scope": explain.scope,
    "action_vendor": explain.vendor,
    "action_email_setup": setup.set_up,
}


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    path = tmp_path_factory.mktemp("host") / "hosting.yml"
    path.write_text(HOSTING, encoding="utf-8")
    return House(settings.load(str(path)), knowledge.load())


def payload(
    verdict: str, *, cause: str = "", party: str = "unknown", **more: Any
) -> dict[str, Any]:
    """A diagnosis payload with innocent defaults."""
    checks = [{"id": "mail.imaps.connect", "status": "pass", "summary": "müller.example answers"}]
    return {"type": "diagnosis", "verdict": verdict, "cause": cause or f"{verdict}.x",
            "party": party, "certainty": "proven", "checks": checks, **more}  # fmt: skip


def understood(intent: str, text: str = "…", *, press: bool = False, **entities: str) -> Message:
    """A message as Rasa understood it. ``press``: a button was pressed."""
    ranking = [{"name": intent, "confidence": 1.0 if press else 0.9}]
    if not press:
        ranking.append({"name": "greet", "confidence": 0.02})
    found = [{"entity": kind, "value": value} for kind, value in entities.items()]
    latest = {"intent": ranking[0], "intent_ranking": ranking, "entities": found, "text": text}
    return read(latest, now=1_000_000.0)


@dataclass
class Play:
    """A talk that goes on: ``rules`` name the action for an intent, ``finds`` what checks bring."""

    house: House
    rules: Mapping[str, str]
    finds: list[Found] = field(default_factory=list)
    talk: Talk = field(default_factory=Talk)
    says: list[Say] = field(default_factory=list)
    acted: list[str] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    clock: float = 1_000_000.0

    def hears(self, intent: str, text: str = "…", **named: Any) -> Play:
        """One message of the customer, through to the end of the turn."""
        self.message(replace(understood(intent, text, **named), now=self.clock))
        return self

    def message(self, message: Message) -> None:
        self.says, self.acted, self.turns = [], [], []
        route = front.look(self.talk, message)
        name = route.action or self.rules[message.intent]
        for _ in range(8):
            turn = self._act(name, route.message)
            self.acted.append(name)
            self.turns.append(turn)
            self.says += turn.says
            kept = self.talk.said if name == "action_say_again" or not turn.says else turn.says
            self.talk = memory.load(memory.dump(replace(turn.talk, said=kept, at=self.clock)))
            if turn.then == LISTEN:
                return
            name = turn.then
        raise AssertionError(f"the turn does not end: {self.acted}")

    def _act(self, name: str, message: Message) -> Turn:
        if name == "action_check_start":
            return checking.start(self.talk)
        if name == "action_check":
            found = self.finds.pop(0) if len(self.finds) > 1 else self.finds[0]
            numbered = replace(self.talk.problems[self.talk.checking], case="QIQ-TEST2")
            before = self.talk.problems
            at = self.talk.checking
            self.talk = replace(self.talk, problems=(*before[:at], numbered, *before[at + 1 :]))
            return checking.after(self.talk, found, self.house)
        if name in ("action_hand_over", "action_server_status"):
            return Turn(self.talk.quiet(), (Say(f"[{name}]"),))
        return ACTIONS[name](self.talk, message, self.house)

    @property
    def said(self) -> list[str]:
        """Names of the responses, ``[text]`` for a result."""
        return [say.response or "[text]" for say in self.says]

    @property
    def titles(self) -> list[str]:
        return [button.title for say in self.says for button in say.buttons]


@pytest.fixture
def play(house: House) -> Play:
    return Play(house, rules())


def rules() -> dict[str, str]:
    """The rules of ``data/rules``: intent → action."""
    import yaml

    folder = Path(__file__).parents[2] / "data" / "rules"
    found = {}
    for path in sorted(folder.glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            found[rule["steps"][0]["intent"]] = rule["steps"][1]["action"]
    return found


def brings(verdict: str, **more: Any) -> Found:
    """What a run of checks brings."""
    side = {k: more.pop(k) for k in ("did_you_mean", "rate_limited") if k in more}
    return Found(payload(verdict, **more), f"Result: {verdict} ({more.get('cause', '')}).", **side)
