"""Fills the texts of ``knowledge/`` with what was found."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

import yaml

from qiq.checks.model import CheckResult, Status
from qiq.verdict.judge import KNOWLEDGE, catalogue

ELSEWHERE = "vantage."


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load((KNOWLEDGE / "checks.yml").read_text("utf-8"))
    return data


class _Gaps(dict[str, str]):
    """An argument nobody filled must not cost the customer the sentence."""

    def __missing__(self, key: str) -> str:
        return "unknown"


def fill(text: str, args: Mapping[str, object]) -> str:
    """``text`` with its ``{arguments}``."""
    return text.format_map(_Gaps({key: str(value) for key, value in args.items()}))


def label(check_id: str) -> str:
    """What a check looks at; the id itself when nobody named it."""
    labels: Mapping[str, str] = _texts()["labels"]
    if check_id in labels:
        return labels[check_id]
    if check_id.startswith(ELSEWHERE):
        return fill(_texts()["elsewhere"], {"label": label(check_id.removeprefix(ELSEWHERE))})
    return next((text for glob, text in labels.items() if fnmatchcase(check_id, glob)), check_id)


def heading(name: str, **args: object) -> str:
    return fill(_texts()["headings"][name], args)


def settings_hint() -> str:
    hint: str = _texts()["settings_hint"]
    return hint


def summary(result: CheckResult) -> str:
    """One line about one check."""
    args = {"label": label(result.id)}
    titles = [
        fill(catalogue()[f.code].title, f.args) for f in result.findings if f.code in catalogue()
    ]
    if result.status in (Status.SKIP, Status.ERROR):
        parent = label(str(result.facts.get("parent", "")))
        text = _texts()["reasons"].get(result.reason, _texts()["reasons"]["our_failure"])
        return fill(text, {**args, "parent": parent, "found": "; ".join(titles)})
    return "; ".join(titles) or fill(_texts()[result.status.value], args)
