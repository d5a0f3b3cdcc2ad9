"""Budgets: how much a visitor may ask of the checks and of the bot."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from qiq.settings.base import Section

Count = Annotated[int, Field(ge=1)]


class Limits(Section):
    battery_seconds: Annotated[float, Field(gt=0, le=8)] = 7.0
    """A whole battery of checks ends within this time."""
    checks_per_visitor_per_hour: Count = 30
    checks_per_domain_per_hour: Count = 60
    checks_per_minute: Count = 120
    """All visitors together."""
    concurrent_batteries: Count = 20
    messages_per_minute: Count = 20
    """Per visitor; more get a kind answer and a short wait."""
    message_chars: Count = 10_000
    """A longer message is shortened, and the customer is told."""
    upload_bytes: Count = 5_000_000
    sessions_per_address_per_hour: Count = 60


class Goodwill(Section):
    steps: Annotated[int, Field(ge=0, le=20)] = 4
    """Best-effort first-aid steps offered in one case before a person is brought in."""
