"""The link that goes with a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiq.desk import Desk

PATH = "/receipt"


def with_link(
    desk: Desk, custom: Mapping[str, Any] | None, public_url: str | None
) -> Mapping[str, Any] | None:
    """A diagnosis with checks gets the link of its receipt; anything else stays as it is."""
    if not custom or custom.get("type") != "diagnosis" or not custom.get("checks"):
        return custom
    token = desk.issue_receipt(custom)
    return {**custom, "receipt": f"{public_url or ''}{PATH}/{token}"}
