"""Decide whether a message complains of more than one thing, and which comes first. No Rasa."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.nlu import groups
from qiq.text import problems

SURE = 0.6
"""Confidence a clause needs when it is about another subject than the rest."""
SURER = 0.75
"""And when it is about the same subject: facets of one trouble must not become two."""

Classify = Callable[[str], tuple[str, float]]


@dataclass(frozen=True)
class Problem:
    """One complaint of a message, with the stretch that says so."""

    intent: str
    confidence: float
    text: str


def find(text: str, classify: Classify) -> list[Problem]:
    """Return the different complaints, the most urgent first; fewer than two means: just one."""
    if not problems.may_hold_two(text):
        return []
    stretches = problems.clauses(text)
    if len(stretches) < 2:
        return []
    best: dict[str, Problem] = {}
    for stretch in stretches:
        intent, confidence = classify(stretch.text)
        if intent not in groups.urgency() or confidence < SURE:
            continue
        if intent not in best or confidence > best[intent].confidence:
            best[intent] = Problem(intent, confidence, stretch.text)
    kept = _different(sorted(best.values(), key=lambda p: -p.confidence), problems.says_so(text))
    return sorted(kept, key=lambda problem: groups.urgency().index(problem.intent))


def _different(found: list[Problem], said_so: bool) -> list[Problem]:
    """Keep one problem a group, and a second of a group only where the customer marks it."""
    kept: list[Problem] = []
    of = groups.of_intent()
    for problem in found:
        same = [p for p in kept if of[p.intent] == of[problem.intent]]
        if _kin(kept, problem) or (same and (not said_so or problem.confidence < SURER)):
            continue
        kept.append(problem)
    return kept


def _kin(others: list[Problem], problem: Problem) -> bool:
    """True when another problem names the same trouble from another side."""
    return any(
        {other.intent, problem.intent} <= family for other in others for family in groups.kin()
    )
