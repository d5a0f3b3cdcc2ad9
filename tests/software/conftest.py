"""One lab of real daemons for all tests here. Not installed is loud, and a failure in CI."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from lab.evaluation import generous
from lab.software.lab import SoftwareLab, missing_programs
from qiq.settings import Settings, load


@dataclass(frozen=True)
class Software:
    """The running daemons and the settings that point at them."""

    lab: SoftwareLab
    settings: Settings


def why_not() -> str:
    missing = missing_programs()
    if missing:
        return f"not installed: {', '.join(missing)}; run scripts/install-test-software daemons"
    if os.geteuid() != 0:
        return "the daemons want to be started by root (port 53, Postfix's own users)"
    return ""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def software() -> AsyncIterator[Software]:
    if reason := why_not():
        print(f"\n{'=' * 70}\nTHE TESTS AGAINST REAL DAEMONS DID NOT RUN: {reason}\n{'=' * 70}")
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    async with SoftwareLab.start() as lab:
        yield Software(lab, generous(load(lab.hosting_path)))
