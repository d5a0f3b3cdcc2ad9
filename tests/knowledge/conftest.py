"""What the product really knows, loaded once for all tests here."""

from __future__ import annotations

import pytest

from qiq.knowledge import Knowledge, load


@pytest.fixture(scope="session")
def known() -> Knowledge:
    return load()
