"""The country of an account settles the number given, and only for its verified customer."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from lab.lab import Lab
from qiq.diagnosis import Subject, diagnose
from qiq.settings import load
from qiq.verdict import Complaint

MICROSOFT = Complaint("email_cannot_send", client="microsoft-365", app="microsoft-365")


def move(folder: Path) -> None:
    """The account of example.com is one in New Zealand."""
    path = next(folder.rglob("accounts.yml"))
    data = yaml.safe_load(path.read_text("utf-8"))
    rows = data["accounts"]
    entries = rows if isinstance(rows, list) else list(rows.values())
    next(e for e in entries if e["domain"] == "example.com")["country"] = "NZ"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")


@pytest.mark.parametrize(
    ("verified", "told", "country"),
    [
        (("example.com",), "", "NZ"),
        ((), "", None),
        ((), "GB", "GB"),
        (("example.com",), "GB", "NZ"),
    ],
)
async def test_the_account_comes_before_the_hint(
    tmp_path: Path, verified: tuple[str, ...], told: str, country: str | None
) -> None:
    async with Lab.start(tmp_path) as lab:
        move(tmp_path)
        subject = Subject("example.com", verified_domains=verified, country=told)
        found = await diagnose(MICROSOFT, subject, load(lab.hosting_path))
        assert found.country == country
