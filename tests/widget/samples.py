"""Messages as the product sends them (from samples.yml), and hostile ones."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import yaml

_DATA: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))

CHECKS: list[dict[str, Any]] = _DATA["checks"]
SETTINGS: dict[str, Any] = _DATA["settings"]
REFERRALS: list[dict[str, Any]] = _DATA["referrals"]
BUTTONS: list[dict[str, str]] = _DATA["buttons"]
HEADLINE: str = _DATA["host_fault"]["headline"]

ATTACK = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
ATTACK_LINKS = (
    "javascript:window.hacked=1 JaVaScRiPt:alert(1) data:text/html,<script>window.hacked=1 "
    "https://bank.example@evil.example/ vbscript:x https://ok.example/a?b=1. \u202emoc.live"
)


def diagnosis(**more: Any) -> dict[str, Any]:
    """A fault of the host: every part a card can have, but settings and referrals."""
    return {**_DATA["host_fault"], "checks": CHECKS, **more}


def third_party(**more: Any) -> dict[str, Any]:
    """The servers are fine: settings to compare and whom to ask."""
    passed = [check for check in CHECKS if check["status"] == "pass"]
    parts = {"checks": passed, "settings": SETTINGS, "referrals": REFERRALS}
    return {**_DATA["third_party"], **parts, **more}


def png(width: int = 320, height: int = 200, rgb: tuple[int, int, int] = (40, 90, 200)) -> bytes:
    """A valid picture of one colour with a lighter frame."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    light = bytes(min(255, c + 120) for c in rgb)
    row = b"\0" + light * 8 + bytes(rgb) * (width - 16) + light * 8
    body = (b"\0" + light * width) * 8 + row * (height - 16) + (b"\0" + light * width) * 8
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
