"""Before and after the checks: announce them, then say what came of them and what is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qiq.talk import aid, buttons, questions, table
from qiq.talk.house import House
from qiq.talk.model import NEW_DETAIL, Ask, Evidence, Outcome, Problem, Say, Talk, Turn

LONGEST_SUMMARY = 160


@dataclass(frozen=True)
class Found:
    """What a run of checks brought: the contract's ``payload``, its ``text``, the ``headline`` of
    the text, and side notes."""

    payload: Mapping[str, Any]
    text: str
    headline: str = ""
    did_you_mean: tuple[str, ...] = ()
    rate_limited: bool = False


def start(talk: Talk, known: tuple[Say, ...] = ()) -> Turn:
    """Says that the checks are under way, so that the customer need not wonder; ``known`` are
    incidents that concern the problem, told at once."""
    problem = talk.problems[talk.checking]
    first = () if problem.outcome else known
    args = {"domain": problem.domain, "topic": table.label(problem.intent)}
    if problem.outcome and talk.reason == NEW_DETAIL:
        response = "utter_checking_with_that"
    elif problem.outcome:
        response = "utter_checking_again"
    elif len(_to_check(talk)) > 1:
        response = "utter_checking_both"
    else:
        response = f"utter_checking_{table.group(problem.intent)}"
    return Turn(talk, (*first, Say(response, args)), then="action_check")


def outcome_of(payload: Mapping[str, Any]) -> Outcome:
    """The payload's codes and evidence as the talk keeps them; what failed comes first."""
    order = {"fail": 0, "warn": 1, "error": 2, "pass": 3, "skip": 4}
    checks: Sequence[Mapping[str, Any]] = payload.get("checks") or ()
    lines = sorted(checks, key=lambda c: order.get(str(c.get("status")), 5))
    return Outcome(
        verdict=str(payload.get("verdict", "inconclusive")),
        cause=str(payload.get("cause") or ""),
        party=str(payload.get("party", "unknown")),
        certainty=str(payload.get("certainty", "")),
        evidence=tuple(
            Evidence(str(c["id"]), str(c["status"]), str(c.get("summary", ""))[:LONGEST_SUMMARY])
            for c in lines
        ),
    )


def after(talk: Talk, found: Found, house: House) -> Turn:
    """Files the result in the talk, tells it, and goes on: the second problem, or the next step."""
    index = min(talk.checking, len(talk.problems) - 1)
    before = talk.problems[index]
    outcome = outcome_of(found.payload)
    known = replace(before, outcome=outcome, checks=before.checks + 1)
    says = (
        *_result(talk, before, outcome, found),
        *_promise(before, known),
        *_still_ours(talk, index, known),
    )
    talk = replace(talk, problems=_put(talk.problems, index, known), unclear=0, reason="")
    if outcome.verdict != "not_hosted":
        talk = replace(talk, domain=known.domain)
    if index == 0 and _second_is_next(talk, outcome):
        return Turn(replace(talk, checking=1), says, then="action_check")
    if _mended(before, outcome):
        talk = talk.asking(Ask.HELPED)
        return Turn(talk, (*says, questions.put(talk, "utter_mended")))
    if before.is_ours and known.is_ours:  # news was asked for, nothing more
        return Turn(_most_pressing(replace(talk, checking=0)).quiet(), says)
    first_time = () if before.checks else _kept(talk)
    return follow_up(_most_pressing(replace(talk, checking=0)), found, house, *says, *first_time)


def _second_is_next(talk: Talk, first: Outcome) -> bool:
    """Of two problems the second follows, unless it is about the name that is not ours either:
    that is said once."""
    if len(talk.problems) < 2 or talk.problems[1].outcome is not None:
        return False
    one, two = talk.problems[:2]
    return first.verdict != "not_hosted" or one.domain != two.domain


def failed(talk: Talk) -> Turn:
    """Our own checks broke: said as such, never as a finding; try again, or a person."""
    problem = talk.problems[talk.checking]
    choice = (buttons.persists("recheck"), buttons.person())
    say = Say("utter_checks_failed", {"domain": problem.domain}, choice)
    return Turn(replace(talk.quiet(), checking=0), (say,))


def follow_up(talk: Talk, found: Found, house: House, *says: Say) -> Turn:
    """What is next for the active problem."""
    problem = talk.active
    if problem is None or problem.outcome is None:
        return Turn(talk, says)
    match problem.outcome.verdict:
        case "host_fault":
            return _next_problem(talk, *says)
        case "dns" | "account":
            talk = talk.asking(Ask.CHANGED)
            return Turn(talk, (*says, questions.put(talk)))
        case "third_party":
            return aid.give(talk, house, *says)
        case "not_hosted":
            return _not_hosted(talk, problem, found, *says)
        case "all_clear":
            return _one_more_question(talk, problem, *says) or aid.give(talk, house, *says)
    return _not_certain(talk, problem, found, *says)


def _result(talk: Talk, before: Problem, outcome: Outcome, found: Found) -> tuple[Say, ...]:
    """The result; after a second look, whether anything changed. What was said in full once is
    not said in full again."""
    whole = Say(text=found.text, custom=found.payload)
    if len(talk.problems) > 1 and before.outcome is None and talk.problems[1].checks < 1:
        topic = table.label(before.intent)
        whole = Say("utter_result_about", {"topic": topic, "found": found.text},
                    custom=found.payload)  # fmt: skip
    if before.outcome is None or talk.reason == NEW_DETAIL:
        return (whole,)
    if before.outcome.same_as != outcome.same_as:
        return (Say("utter_changed_result"), whole)
    args = {"headline": found.headline or found.text}
    return (Say("utter_same_result", args, custom=found.payload),)


def _promise(before: Problem, problem: Problem) -> tuple[Say, ...]:
    """A fault of ours: the case, and that we come back by ourselves."""
    if not problem.is_ours:
        return ()
    if not problem.case:
        return (Say("utter_host_fault_unfiled", buttons=(buttons.person(),)),)
    response = "utter_host_fault_again" if before.is_ours else "utter_host_fault"
    return (Say(response, {"case": problem.case}, (buttons.person(),)),)


def _still_ours(talk: Talk, index: int, known: Problem) -> tuple[Say, ...]:
    """A good result about one thing never hides a fault of ours in another. (The second of two
    problems comes right after the first: nothing to remind of.)"""
    open_case = next((p for p in talk.problems[1:] if p.is_ours and p.case), None)
    if index or known.is_ours or open_case is None:
        return ()
    topic = table.label(open_case.intent)
    return (Say("utter_still_ours", {"topic": topic, "case": open_case.case}),)


def _kept(talk: Talk) -> tuple[Say, ...]:
    """A third and fourth problem of one message: named, so that nobody need repeat them."""
    labels = [table.label(p.intent) for p in talk.problems[2:] if p.outcome is None]
    return (Say("utter_kept", {"topics": " and ".join(labels)}),) if labels else ()


def _mended(before: Problem, outcome: Outcome) -> bool:
    """A fault that was proven is gone: does the customer see it too?"""
    was = before.outcome.verdict if before.outcome else ""
    return was in ("dns", "account", "host_fault") and outcome.verdict in (
        "all_clear",
        "third_party",
    )


def _most_pressing(talk: Talk) -> Talk:
    """What is ours needs nothing from the customer: the first problem that does becomes active."""
    ours = [p for p in talk.problems if p.is_ours]
    theirs = [p for p in talk.problems if p not in ours]
    return replace(talk, problems=(*theirs, *ours))


def _next_problem(talk: Talk, *says: Say) -> Turn:
    """Nothing is asked of the customer here; an unchecked problem that was kept is offered."""
    left = [p for p in talk.problems if p.outcome is None]
    if not left:
        return Turn(talk.quiet(), says)
    rest = tuple(p for p in talk.problems if p is not left[0])
    talk = replace(talk, problems=(left[0], *rest)).asking(Ask.NEXT)
    return Turn(talk, (*says, questions.put(talk)))


def _one_more_question(talk: Talk, problem: Problem, *says: Say) -> Turn | None:
    """Everything passed and nobody was named: what do they use? Asked once a problem."""
    ask = Ask(table.row(problem.intent).after)
    if ask is Ask.NOTHING or ask in problem.asked:
        return None
    talk = talk.with_active(replace(problem, asked=(*problem.asked, ask))).asking(ask)
    return Turn(talk, (*says, questions.put(talk)))


def _not_hosted(talk: Talk, problem: Problem, found: Found, *says: Say) -> Turn:
    fresh = replace(problem, outcome=None, domain="")
    others = tuple(
        replace(p, domain="") if p.domain == problem.domain and p.outcome is None else p
        for p in talk.problems[1:]
    )
    talk = replace(talk, problems=(problem, *others))
    if found.did_you_mean:
        talk = talk.with_active(fresh).asking(Ask.CONFIRM_DOMAIN, *found.did_you_mean)
        return Turn(talk, (*says, questions.put(talk)))
    if problem.checks > 1:
        talk = talk.with_active(fresh).asking(Ask.PERSON)
        return Turn(talk, (*says, questions.put(talk, "utter_ask_person_domain")))
    talk = talk.with_active(fresh).asking(Ask.DOMAIN)
    return Turn(talk, (*says, questions.put(talk, "utter_ask_other_domain")))


def _not_certain(talk: Talk, problem: Problem, found: Found, *says: Say) -> Turn:
    """What was not proven stays open: one more question, or a person."""
    if not found.rate_limited and problem.outcome and _worth_asking(problem.outcome):
        question = _one_more_question(talk, problem, *says)
        if question:
            return question
    if problem.outcome and problem.outcome.cause == "account.unverified":
        choice = (buttons.pick("verify", "verify"), buttons.person(), buttons.no())
        return Turn(talk.asking(Ask.PERSON), (*says, Say("utter_offer_verify", buttons=choice)))
    talk = talk.asking(Ask.PERSON)
    return Turn(talk, (*says, questions.put(talk)))


def _worth_asking(outcome: Outcome) -> bool:
    """Whether a detail would settle it: not where our own checks broke, an account is behind, or
    a known incident may be."""
    broken = any(line.status == "error" for line in outcome.evidence)
    settled = outcome.cause in ("account.unverified", "incident.not_confirmed")
    return not broken and not settled


def _to_check(talk: Talk) -> list[Problem]:
    return [p for p in talk.problems[:2] if p.outcome is None]


def _put(problems: tuple[Problem, ...], index: int, problem: Problem) -> tuple[Problem, ...]:
    return (*problems[:index], problem, *problems[index + 1 :])
