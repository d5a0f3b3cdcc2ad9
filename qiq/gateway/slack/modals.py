"""The two windows of a reply: write, then look once more before it goes to the customer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qiq.gateway.slack.blocks import SECTION, Block, escape, section
from qiq.gateway.words import Say

LONGEST = 2500
METADATA = 3000
"""What Slack carries with a window (``private_metadata``); the draft must fit."""
WRITE = "qiq_reply_write"
SEND = "qiq_reply_send"
PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class BadDraft(ValueError):
    """It cannot be sent like this. ``field`` is the block, ``args[0]`` a key of the wording."""

    def __init__(self, field: str, key: str) -> None:
        super().__init__(key)
        self.field = field


@dataclass(frozen=True)
class Draft:
    """A reply between its two windows. ``key`` makes pressing Send twice one message."""

    conversation: str
    text: str
    key: str
    file: str | None = None
    file_name: str = ""

    def packed(self) -> str:
        """As the window carries it. Raises ``BadDraft``."""
        held = json.dumps(self.__dict__, ensure_ascii=False)
        if len(held) > METADATA:
            raise BadDraft("reply", "slack.reply.too_long")
        return held

    @classmethod
    def unpacked(cls, view: Mapping[str, Any]) -> Draft:
        return cls(**json.loads(view["private_metadata"]))


def written(view: Mapping[str, Any], max_bytes: int) -> Draft:
    """What was written in the first window. Raises ``BadDraft``."""
    values = view["state"]["values"]
    text = values["reply"]["text"]["value"] or ""
    files = (values.get("file") or {}).get("file", {}).get("files") or []
    file = files[0] if files else {}
    if file and file.get("mimetype") not in PICTURES:
        raise BadDraft("file", "slack.reply.not_picture")
    if int(file.get("size") or 0) > max_bytes:
        raise BadDraft("file", "slack.reply.too_large")
    held = json.loads(view["private_metadata"])
    key = f"{view['id']}:{view.get('hash', '')}"
    return Draft(held["conversation"], text, key, file.get("id"), str(file.get("name") or "")[:100])


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
    picture = {
        "type": "file_input",
        "action_id": "file",
        "filetypes": [*PICTURES.values(), "jpeg"],
        "max_files": 1,
    }
    return {
        "type": "modal",
        "callback_id": WRITE,
        "private_metadata": json.dumps({"conversation": conversation_id}),
        "title": _plain(say("slack.reply.title")),
        "submit": _plain(say("slack.reply.next")),
        "close": _plain(say("slack.reply.cancel")),
        "blocks": [
            _input("reply", say("slack.reply.label"), field),
            {**_input("file", say("slack.reply.file"), picture), "optional": True},
        ],
    }


def preview(draft: Draft, name: str, say: Say) -> dict[str, Any]:
    """The second window. Raises ``BadDraft`` when the draft is too long for it."""
    blocks = [
        section(say("slack.reply.preview_intro", name=escape(name))),
        {"type": "divider"},
        _to_the_letter(draft.text),
    ]
    if draft.file:
        blocks.append(section(say("slack.reply.with_file", name=escape(draft.file_name))))
    return {
        "type": "modal",
        "callback_id": SEND,
        "private_metadata": draft.packed(),
        "title": _plain(say("slack.reply.preview_title")),
        "submit": _plain(say("slack.reply.send")),
        "close": _plain(say("slack.reply.cancel")),
        "blocks": blocks,
    }


def notice(blocks: list[Block]) -> dict[str, Any]:
    """A window that only says something."""
    return {"type": "modal", "title": _plain("QiQ"), "blocks": blocks}


def not_sent(why: str, text: str) -> list[Block]:
    """Why a reply was not sent, and its words, so that nobody has to write them again."""
    return [section(why), *([_to_the_letter(text[:SECTION])] if text else [])]


def _to_the_letter(text: str) -> Block:
    """Plain text: shown as the customer reads it, or would have."""
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _input(block_id: str, label: str, element: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": label},
        "element": element,
    }


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text[:24]}
