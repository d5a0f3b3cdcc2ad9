"""The ``talk`` slot: a talk as a small JSON object and back. What does not parse starts afresh."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from qiq.talk.model import Ask, Button, Details, Evidence, Outcome, Problem, Say, Talk

log = logging.getLogger(__name__)

VERSION = 1
MOST_PROBLEMS = 4
MOST_EVIDENCE = 12
MOST_SAID = 4
LONGEST_TEXT = 600
LONGEST_SAID = 2500

_T = TypeVar("_T")


def dump(talk: Talk) -> dict[str, Any]:
    """A talk as JSON, within bounds however long the talk has been: about 8 kB at the very most."""
    return {"v": VERSION, **_lean(asdict(_bounded(talk)))}


def load(value: object) -> Talk:
    """A talk from the slot. An unknown version or anything malformed gives a fresh talk."""
    if not isinstance(value, Mapping) or value.get("v") != VERSION:
        return Talk()
    try:
        return _talk(value)
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        log.warning("the talk slot did not parse (%s); starting afresh", type(err).__name__)
        return Talk()


def _bounded(talk: Talk) -> Talk:
    problems = tuple(_bounded_problem(p) for p in talk.problems[:MOST_PROBLEMS])
    said = tuple(_bounded_say(say) for say in talk.said[-MOST_SAID:])
    return replace(talk, problems=problems, said=said, options=talk.options[:6])


def _bounded_problem(problem: Problem) -> Problem:
    outcome = problem.outcome
    if outcome:
        outcome = replace(outcome, evidence=outcome.evidence[:MOST_EVIDENCE])
    return replace(problem, text=problem.text[:LONGEST_TEXT], outcome=outcome)


def _bounded_say(say: Say) -> Say:
    args = {key: value[:LONGEST_TEXT] for key, value in say.args.items()}
    return replace(say, text=say.text[:LONGEST_SAID], args=args, custom=None)


def _lean(value: Any) -> Any:
    """Without the empty values: the slot travels with every action call."""
    if isinstance(value, Mapping):
        return {k: _lean(v) for k, v in value.items() if v not in ("", (), 0, None, {}, [])}
    if isinstance(value, list | tuple):
        return [_lean(item) for item in value]
    return value


def _talk(value: Mapping[str, Any]) -> Talk:
    return Talk(
        problems=tuple(_problem(p) for p in value.get("problems", ())),
        ask=Ask(value.get("ask", "")),
        options=tuple(str(o) for o in value.get("options", ())),
        unclear=int(value.get("unclear", 0)),
        said=tuple(_say(s) for s in value.get("said", ())),
        reason=str(value.get("reason", "")),
        checking=int(value.get("checking", 0)),
        rating_case=str(value.get("rating_case", "")),
        domain=str(value.get("domain", "")),
        language=str(value.get("language", "")),
        upset=bool(value.get("upset", False)),
        at=float(value.get("at", 0)),
    )


def _problem(value: Mapping[str, Any]) -> Problem:
    details = _plain(Details, value.get("details", {}))
    return replace(
        _plain(Problem, {k: v for k, v in value.items() if k not in ("details", "outcome")}),
        details=replace(details, errors=tuple(details.errors)),
        outcome=_outcome(value["outcome"]) if "outcome" in value else None,
        also_named=tuple(value.get("also_named", ())),
        asked=tuple(value.get("asked", ())),
        steps=tuple(value.get("steps", ())),
    )


def _outcome(value: Mapping[str, Any]) -> Outcome:
    evidence = tuple(_evidence(e) for e in value.get("evidence", ()))
    codes = {k: str(value.get(k, "")) for k in ("verdict", "cause", "party", "certainty")}
    return Outcome(**codes, evidence=evidence)


def _evidence(value: Mapping[str, Any]) -> Evidence:
    return Evidence(value["id"], value["status"], value.get("summary", ""))


def _say(value: Mapping[str, Any]) -> Say:
    buttons = tuple(
        Button(b["title"], b["intent"], dict(b.get("entities", {})))
        for b in value.get("buttons", ())
    )
    return Say(
        response=value.get("response", ""),
        args=dict(value.get("args", {})),
        buttons=buttons,
        text=value.get("text", ""),
    )


def _plain(kind: type[_T], value: Mapping[str, Any]) -> _T:
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    return kind(**{k: v for k, v in value.items() if k in known})
