"""When people are there next, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from qiq.settings.brand import DAYS, Hours
from qiq.talk import table


def next_opening(hours: Hours, now: datetime) -> str:
    """ "tomorrow at 09:00"; ``now`` is aware. Today counts while the desk has not opened yet."""
    local = now.astimezone(ZoneInfo(hours.timezone))
    for ahead in range(8):
        day = local + timedelta(days=ahead)
        if DAYS[day.weekday()] not in hours.days:
            continue
        if ahead == 0 and local.strftime("%H:%M") >= hours.opens:
            continue
        key = ("today", "tomorrow")[ahead] if ahead < 2 else "later"
        return table.day(key).format(time=hours.opens, day=table.day(DAYS[day.weekday()]))
    return table.day("later").format(time=hours.opens, day=table.day("mon"))
