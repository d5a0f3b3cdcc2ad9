"""What the actions share: settings, knowledge and desk, opened once, on first use."""

from __future__ import annotations

import os
from functools import cache

from qiq import knowledge, settings
from qiq.desk import Desk
from qiq.desk.counting import together
from qiq.settings.windows import Together
from qiq.talk.house import House


@cache
def house() -> House:
    """Settings (``QIQ_HOSTING``) and knowledge. Raises what their loaders raise."""
    return House(settings.load(os.environ.get("QIQ_HOSTING")), knowledge.load())


def has_desk() -> bool:
    """Whether a database was named."""
    return bool(os.environ.get("QIQ_DATABASE_URL"))


@cache
def desk() -> Desk:
    """The desk's database (``QIQ_DATABASE_URL``), shared with the gateway."""
    return Desk.from_settings(house().settings, os.environ["QIQ_DATABASE_URL"])


def counting() -> Together | None:
    """Where limits are counted for all processes; None without a desk."""
    return together(desk) if has_desk() else None
