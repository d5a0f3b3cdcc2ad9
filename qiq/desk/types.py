"""Column types and ids shared by the desk's tables."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.types import TypeDecorator

CASE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that nobody confuses when reading a number out on the telephone."""


class Utc(TypeDecorator[datetime]):
    """A moment in UTC. SQLite knows no time zones: stored naive, returned aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utc_now() -> datetime:
    """The desk's clock; tests hand in another one."""
    return datetime.now(UTC)


def new_id(prefix: str) -> str:
    """An unguessable id such as ``c_5f1c…`` (80 random bits)."""
    return f"{prefix}_{secrets.token_hex(10)}"


def new_case_number(prefix: str) -> str:
    """A number a customer can read out: ``QIQ-7F3K2``. It names a case and opens nothing."""
    return f"{prefix}-" + "".join(secrets.choice(CASE_ALPHABET) for _ in range(5))
