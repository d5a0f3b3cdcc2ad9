"""The two windows of a reply: write, then look once more before it goes to the customer."""

from __future__ import annotations

import json
from typing import Any

from qiq.gateway.slack.blocks import escape, section
from qiq.gateway.words import Say

LONGEST = 3000
WRITE = "qiq_reply_write"
SEND = "qiq_reply_send"


def write(conversation_id: str, say: Say, text: str = "") -> dict[str, Any]:
    """The first window."""
    field: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "max_length": LONGEST,
    }
    if text:
        field["initial_value"] = text[:LONGEST]
    return {
        "type": "modal",
        "callback_id": WRITE,
        "private_metadata": json.dumps({"conversation": conversation_id}),
        "title": _plain(say("slack.reply.title")),
        "submit": _plain(say("slack.reply.next")),
        "close": _plain(say("slack.reply.cancel")),
        "blocks": [
            {
                "type": "input",
                "block_id": "reply",
                "label": {"type": "plain_text", "text": say("slack.reply.label")},
                "element": field,
            }
        ],
    }


def preview(conversation_id: str, text: str, name: str, key: str, say: Say) -> dict[str, Any]:
    """The second window; ``key`` makes pressing Send twice one message."""
    held = {"conversation": conversation_id, "text": text, "key": key}
    return {
        "type": "modal",
        "callback_id": SEND,
        "private_metadata": json.dumps(held),
        "title": _plain(say("slack.reply.preview_title")),
        "submit": _plain(say("slack.reply.send")),
        "close": _plain(say("slack.reply.cancel")),
        "blocks": [
            section(say("slack.reply.preview_intro", name=escape(name))),
            {"type": "divider"},
            section(escape(text)),
        ],
    }


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text[:24]}
