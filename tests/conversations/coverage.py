"""What the scripts play, counted from their steps: ``python -m tests.conversations.coverage``.

A repair counts by what the customer says and what it brings, not by what the script claims to
cover: each different phrasing once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qiq.talk.message import plain
from tests.conversations.script import Script, Step, load_all

ASKS = ("utter_ask_", "utter_where_is_domain", "utter_what_about_domain")
SMALL = ("utter_thanks", "utter_goodbye", "utter_greet_again", "utter_out_of_scope", "utter_bot")
ANSWERS = ("utter_scope", "utter_vendor", "utter_settings", "utter_billing", "utter_backup",
           "utter_terms", "utter_capabilities", "utter_script_install", *SMALL)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """A step, what was played before it, and the question that stood."""

    script: Script
    step: Step
    before: tuple[Step, ...]

    @property
    def said(self) -> str:
        return self.step.value

    @property
    def spoken(self) -> bool:
        return self.step.kind == "writes"

    def brings(self, *names: str) -> bool:
        """Whether a reply is a response whose name begins with one of these."""
        return any(says.startswith(names) for reply in self.step.replies for says in reply.says)

    @property
    def comes_back(self) -> bool:
        """Ends with the question that stood before."""
        return bool(self.before) and _question(self.step) and _question(self.before[-1])

    @property
    def is_first(self) -> bool:
        return not any(step.kind == "writes" for step in self.before)

    @property
    def brings_result(self) -> bool:
        return any(reply.diagnosis for reply in self.step.replies)


def _question(step: Step) -> bool:
    return bool(step.replies) and any(s.startswith(ASKS) for s in step.replies[-1].says)


def _tagged(tag: str) -> Callable[[Moment], bool]:
    """For what no single reply shows: the script says so, and the phrasing is its key line."""
    return lambda m: tag in m.script.covers


REPAIRS: dict[str, Callable[[Moment], bool]] = {
    "interrupt": lambda m: m.brings(*ANSWERS) and m.comes_back,
    "correct": lambda m: m.brings("utter_corrected") or (m.brings_result and _again(m)),
    "change-of-mind": lambda m: _tagged("change-of-mind")(m) and len(m.before) == 1,
    "cancel": lambda m: m.brings("utter_cancelled", "utter_nothing_to_cancel"),
    "start-over": lambda m: m.brings("utter_start_over"),
    "why": lambda m: m.brings("utter_why_"),
    "say-again": lambda m: m.brings("utter_again", "utter_nothing_said_yet"),
    "wait": lambda m: m.brings("utter_wait"),
    "question-for-answer": lambda m: (
        _tagged("question-for-answer")(m) and _question(m.step) and m.said.endswith("?")
    ),
    "details-at-once": lambda m: _tagged("details-at-once")(m) and m.brings_result,
    "detail-first": lambda m: m.is_first and m.brings("utter_what_about_domain"),
    "two-problems": lambda m: m.brings("utter_checking_both", "utter_noted_both"),
    "new-problem": lambda m: _tagged("new-problem")(m) and _had_result(m) and _new(m),
    "chit-chat": lambda m: bool(m.before) and m.brings(*SMALL),
    "anger": lambda m: m.brings("utter_sympathy"),
    "one-word": lambda m: len(m.said.split()) == 1 and "one-word" in m.script.covers,
    "comes-back": lambda m: bool(m.before) and m.before[-1].kind == "passes",
    "persists": lambda m: m.brings("utter_checking_again"),
    "solved": lambda m: m.brings("utter_solved"),
    "dont-know": lambda m: m.brings("utter_where_is_domain", "utter_never_mind"),
    "not-understood": lambda m: (
        any(reply.unclear for reply in m.step.replies)
        or m.brings("utter_ask_which", "utter_not_understood")
    ),
    "person": lambda m: m.brings("utter_handover_"),
    "other-language": lambda m: m.brings("utter_language_"),
}
"""Repair → whether a moment plays it."""


def _again(moment: Moment) -> bool:
    return "correct" in moment.script.covers and _had_result(moment)


def _had_result(moment: Moment) -> bool:
    return any(reply.diagnosis for step in moment.before for reply in step.replies)


def _new(moment: Moment) -> bool:
    return moment.brings("utter_checking_", "utter_ask_domain_") and not moment.brings(
        "utter_checking_again", "utter_checking_with_that"
    )


def moments(script: Script) -> Iterator[Moment]:
    for place, step in enumerate(script.steps):
        yield Moment(script, step, tuple(script.steps[:place]))


def phrasings(scripts: list[Script]) -> dict[str, set[str]]:
    """Repair → the different things customers typed to bring it about."""
    found: dict[str, set[str]] = {repair: set() for repair in REPAIRS}
    for moment in (m for script in scripts for m in moments(script) if m.spoken):
        for repair, plays in REPAIRS.items():
            if plays(moment):
                found[repair].add(plain(moment.said))
    return found


def verdicts(scripts: list[Script]) -> dict[str, set[str]]:
    """First code of each expected diagnosis → the scripts that reach it."""
    found: dict[str, set[str]] = defaultdict(set)
    for script in scripts:
        for step in script.steps:
            for reply in step.replies:
                for code in reply.diagnosis[:1]:
                    found[code].add(script.name)
    return dict(found)


def main() -> None:
    """The table, for people."""
    scripts = load_all()
    print(f"{len(scripts)} scripts")
    for repair, said in phrasings(scripts).items():
        print(f"{repair:22} {len(said):3}  {' | '.join(sorted(said))[:110]}")
    for code, names in sorted(verdicts(scripts).items()):
        print(f"{code:22} {len(names):3}")


if __name__ == "__main__":
    main()
