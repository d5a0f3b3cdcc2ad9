"""Decide whether a message complains of more than one thing, and which comes first. No Rasa."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.nlu import groups
from qiq.text import problems

SURE = 0.8
"""Confidence each clause needs: a clause taken wrongly would push the real complaint aside."""
_COMPLAINTS = ("mail", "web", "dns", "account")

Classify = Callable[[str], tuple[str, float]]


@dataclass(frozen=True)
class Problem:
    """One complaint of a message, with the stretch that says so."""

    intent: str
    confidence: float
    text: str


def find(text: str, whole: str, classify: Classify) -> list[Problem]:
    """Return the different complaints, the most urgent first; empty when there is just one.

    ``whole`` is the intent of the whole message: it must be one of them, or the clauses mislead.
    """
    if not problems.may_hold_two(text):
        return []
    best: dict[str, Problem] = {}
    for clause in problems.clauses(text):
        intent, confidence = classify(clause.text)
        if groups.of_intent().get(intent) not in _COMPLAINTS or confidence < SURE:
            continue
        if intent not in best or confidence > best[intent].confidence:
            best[intent] = Problem(intent, confidence, clause.text)
    kept = _different(sorted(best.values(), key=lambda p: -p.confidence), problems.says_so(text))
    if len(kept) < 2 or whole not in {problem.intent for problem in kept}:
        return []
    return sorted(kept, key=lambda problem: groups.urgency().index(problem.intent))


def _different(found: list[Problem], said_so: bool) -> list[Problem]:
    """Keep those that are a matter of their own, the surest first.

    Where the customer marks a second matter ("also"), another complaint is enough; without that,
    the clauses must speak of different things ("my site … and Outlook …").
    """
    kept: list[Problem] = []
    for problem in found:
        apart = said_so or all(_other_subject(problem, other) for other in kept)
        if apart and not _kin(kept, problem):
            kept.append(problem)
    return kept


def _other_subject(one: Problem, other: Problem) -> bool:
    mine, theirs = problems.subjects(one.text), problems.subjects(other.text)
    return bool(mine and theirs) and not mine & theirs


def _kin(others: list[Problem], problem: Problem) -> bool:
    """True when another problem names the same trouble from another side."""
    return any(
        {other.intent, problem.intent} <= family for other in others for family in groups.kin()
    )
