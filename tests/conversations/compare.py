"""Every reply beside what the script expects of it."""

from __future__ import annotations

from typing import Any

from tests.conversations import wording
from tests.conversations.script import Expected, Step

UNCLEAR = ("utter_ask_which", "utter_ask_which_two", "utter_ask_which_again", "utter_ask_what",
           "utter_not_understood", "utter_not_understood_again", "utter_out_of_scope")  # fmt: skip
"""What may be said to a message that nobody could understand."""


class Unexpected(AssertionError):
    """The bot said something else than the script."""


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
