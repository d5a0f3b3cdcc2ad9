"""Which response a sentence is: responses and the gateway's wording as patterns."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from qiq import knowledge

ROOT = Path(__file__).parents[2]
NOT_IN_A_TALK = ("slack.", "staff.", "receipt.", "status.")
"""Wording that no customer reads in a chat; some of it is little but blanks and fits anything."""


def is_said(name: str, text: str) -> bool:
    """Whether ``text`` is a variation of the response (or of the gateway's sentence) ``name``."""
    return any(pattern.fullmatch(text) for pattern in patterns()[name])


def names_of(text: str) -> list[str]:
    """Every name ``text`` may have: for telling what was said instead."""
    return [name for name, found in patterns().items() if any(p.fullmatch(text) for p in found)]


@cache
def patterns() -> dict[str, list[re.Pattern[str]]]:
    found: dict[str, list[re.Pattern[str]]] = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        for name, variations in yaml.safe_load(path.read_text("utf-8"))["responses"].items():
            found[name] = [_pattern(v["text"]) for v in variations]
    for key, variants in knowledge.load().wording.items():
        if not key.startswith(NOT_IN_A_TALK):
            found[key] = [_pattern(text) for text in variants]
    return found


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", text)
    return re.compile(".+".join(re.escape(part) for part in parts), re.DOTALL)
