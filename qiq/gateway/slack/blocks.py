"""Block Kit of what staff see. Pure: a talk in, blocks out, within Slack's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qiq.gateway.slack.talk import Talk
from qiq.gateway.words import Say

SECTION = 3000
HEADER = 150
MOST_CHECKS = 12
MARK = {"pass": "✓", "warn": "!", "fail": "✗", "skip": "–", "error": "?"}
KINDS = frozenset({"host_fault", "person", "stuck", "part_down", "silence", "delivery", "channel",
                   "quiet"})  # fmt: skip
"""Kinds of alert with a name of their own in the wording."""
Block = dict[str, Any]


def escape(text: object) -> str:
    """Text of strangers: no mention, link or formatting of theirs comes alive."""
    plain = str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\u200b{char}" if char in "*_~`" else char for char in plain)


def root(talk: Talk, say: Say) -> tuple[str, list[Block]]:
    """Fallback text and blocks of the message a thread hangs on."""
    kind = kind_name(talk.kind, say)
    what = _what(talk)
    blocks: list[Block] = [header(kind)]
    blocks += _facts(talk, say)
    blocks += [section(escape(alert.text)) for alert in talk.alerts[:3] if alert.text]
    blocks += _evidence(talk, say)
    blocks.append(context(_state(talk, say)))
    if talk.conversation is not None:
        blocks += [_buttons(talk, say), context(say("slack.thread_rule"))]
    return say("slack.fallback", kind=kind, what=what)[:SECTION], blocks


def header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": text[:HEADER]}}


def kind_name(kind: str, say: Say) -> str:
    """What staff call a kind of alert."""
    return say(f"slack.kind.{kind}") if kind in KINDS else say("slack.kind.other")


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(text)}}


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text)}]}


def mirror(author: str, body: Mapping[str, Any], say: Say) -> str:
    """One line of the conversation, for the thread."""
    text = escape(body.get("text") or "")
    name = escape(body.get("name") or "")
    if (body.get("custom") or {}).get("type") == "file":
        sender = author if author in ("visitor", "staff") else "other"
        return say(f"slack.mirror.{sender}_file", text=text, name=name)
    return cut(say(f"slack.mirror.{author}", text=text, name=name))


def evidence(payload: Mapping[str, Any], say: Say) -> list[str]:
    """The checks of a diagnosis, failures first."""
    order = ("fail", "error", "warn", "skip", "pass")
    checks = sorted(payload.get("checks") or (), key=lambda c: order.index(c["status"]))
    return [
        say(
            "slack.check",
            mark=MARK[c["status"]],
            id=escape(c["id"]),
            target=escape(c["target"]),
            summary=escape(c["summary"]),
            ms=str(c["ms"]),
        )
        for c in checks
    ]


def _what(talk: Talk) -> str:
    if talk.case is not None:
        return escape(f"{talk.case.number} {talk.case.domain or ''}".strip())
    return escape(talk.alerts[0].text[:200]) if talk.alerts else talk.key


def _facts(talk: Talk, say: Say) -> list[Block]:
    case, conversation = talk.case, talk.conversation
    if case is None or conversation is None:
        return []
    line = say("slack.case", number=case.number, channel=conversation.channel,
               domain=escape(case.domain or "–"))  # fmt: skip
    return [context(line), section(say("slack.customer", text=escape(case.text[:1500])))]


def _evidence(talk: Talk, say: Say) -> list[Block]:
    if talk.diagnosis is None:
        return []
    payload = talk.diagnosis.payload
    verdict = say(
        "slack.verdict",
        verdict=escape(payload.get("verdict")),
        cause=escape(payload.get("cause")),
        certainty=escape(payload.get("certainty")),
    )
    return [section("\n".join([verdict, *evidence(payload, say)[:MOST_CHECKS]]))]


def _state(talk: Talk, say: Say) -> str:
    parts = []
    if talk.conversation is not None:
        name = escape(talk.conversation.staff or "")
        parts.append(say(f"slack.state.{talk.conversation.holder}", name=name))
    elif not talk.is_open:
        parts.append(say("slack.state.over"))
    if talk.case is not None and talk.case.closed_at is not None:
        parts.append(say("slack.state.closed", outcome=escape(talk.case.outcome)))
    if talk.snoozed_until is not None:
        parts.append(say("slack.state.snoozed", until=f"{talk.snoozed_until:%H:%M} UTC"))
    return " ".join(parts) or "–"


def _buttons(talk: Talk, say: Say) -> Block:
    assert talk.conversation is not None
    mine = talk.conversation.holder == "person"
    first = ("release", None) if mine else ("claim", "primary")
    wanted: Sequence[tuple[str, str | None]] = [
        first, ("reply", None), ("recheck", None), ("resolve", None), ("snooze", None)
    ]  # fmt: skip
    return {
        "type": "actions",
        "block_id": "qiq_actions",
        "elements": [_button(name, talk.conversation.id, style, say) for name, style in wanted],
    }


def _button(name: str, value: str, style: str | None, say: Say) -> Block:
    made: Block = {
        "type": "button",
        "action_id": f"qiq_{name}",
        "text": {"type": "plain_text", "text": say(f"slack.button.{name}")},
        "value": value,
    }
    return {**made, "style": style} if style else made


def cut(text: str) -> str:
    return text if len(text) <= SECTION else text[: SECTION - 1] + "…"
