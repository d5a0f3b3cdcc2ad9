"""Who the bot speaks for, and when people are there."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from qiq.settings.base import Section, Url

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _clock(value: str) -> str:
    try:
        time.fromisoformat(value)
    except ValueError as error:
        raise ValueError('is not a time of day; write it in quotes, like "09:00"') from error
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("is not a time zone; write one like Europe/London") from error
    return value


Clock = Annotated[str, AfterValidator(_clock)]
Zone = Annotated[str, AfterValidator(_zone)]


class Brand(Section):
    """Names and addresses shown to customers."""

    name: str = "QiQ"
    """The host's name, as customers know it."""
    site: Url = "https://www.qiq.example"
    """The host's own website."""
    contact_email: str = "support@qiq.example"
    """Where customers write when no person is in the chat."""
    contact_phone: str | None = None
    """Shown with offers of a person; leave out when there is none."""
    terms_url: Url | None = None
    """Terms and conditions, for questions about what the space may be used for."""
    customer_area_url: Url | None = None
    """Where customers see invoices and order products."""
    control_panel_url: Url | None = None
    """The hosting panel's address."""
    webmail_url: Url | None = None
    """The webmail page's address."""
    status_url: Url | None = None
    """Public status page; the gateway's own /status when left out."""
    case_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,6}$")] = "QIQ"
    """Letters before the case number."""


class Hours(Section):
    """When a person answers."""

    timezone: Zone = "Europe/London"
    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")
    opens: Clock = "09:00"
    closes: Clock = "17:30"
    expected_wait_minutes: Annotated[int, Field(ge=0)] = 10
    """For each customer in the queue; told to who waits for a person, up to an hour."""

    @model_validator(mode="after")
    def _in_order(self) -> Hours:
        if time.fromisoformat(self.opens) >= time.fromisoformat(self.closes):
            raise ValueError(
                f'"opens" ({self.opens}) must be earlier than "closes" ({self.closes})'
            )
        return self

    def open_at(self, moment: datetime) -> bool:
        """Whether people are there at ``moment`` (an aware datetime)."""
        return self.minutes_left(moment) > 0

    def minutes_left(self, moment: datetime) -> float:
        """Minutes until the desk closes; 0 while it is closed. ``moment`` is aware."""
        local = moment.astimezone(ZoneInfo(self.timezone))
        opens, closes = time.fromisoformat(self.opens), time.fromisoformat(self.closes)
        if DAYS[local.weekday()] not in self.days or not opens <= local.time() < closes:
            return 0.0
        until = local.replace(hour=closes.hour, minute=closes.minute, second=0, microsecond=0)
        return (until - local).total_seconds() / 60
