"""Who asks: what the gateway passes along, and what the desk knows to be verified."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker

from actions import office
from qiq.desk import StoreUnavailable
from qiq.diagnosis import Subject
from qiq.talk.model import Problem


async def subject(problem: Problem, tracker: Tracker) -> Subject:
    """What the checks look at, and for whom."""
    visitor = _visitor(tracker)
    verified = await _verified(tracker.sender_id, visitor)
    return Subject(
        domain_text=problem.domain,
        email=problem.email or None,
        url=problem.url or None,
        visitor_ip=visitor.get("ip") or None,
        verified_domains=verified,
        visitor_id=str(visitor.get("id") or tracker.sender_id),
        country=str(visitor.get("country") or ""),
    )


async def _verified(conversation: str, visitor: Mapping[str, Any]) -> tuple[str, ...]:
    """Domains this visitor has shown to be theirs: by a signed token, or by a code sent by mail."""
    told = tuple(str(d) for d in visitor.get("verified_domains") or ())
    try:
        kept = await asyncio.to_thread(office.desk().verified_domains, conversation)
    except (StoreUnavailable, KeyError):
        kept = ()
    return tuple(dict.fromkeys((*told, *kept)))


def _visitor(tracker: Tracker) -> Mapping[str, Any]:
    metadata = (tracker.latest_message or {}).get("metadata") or {}
    found = metadata.get("visitor") or {}
    return found if isinstance(found, Mapping) else {}
