"""Incidents as posts of their topic: opened, grown, closed, always the same message."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from slack_sdk.errors import SlackApiError

from qiq.desk import Desk
from qiq.desk.channels import Post
from qiq.desk.model import Incident
from qiq.gateway.slack.blocks import Block, context, escape, header, section
from qiq.gateway.slack.posting import Poster, Sheet
from qiq.gateway.words import Say

TOPIC = "incident"
SHOWN_LINES = 8


class IncidentPosts:
    """Posts each incident once and keeps the post up to date until after its end."""

    def __init__(self, desk: Desk, poster: Poster, say: Say) -> None:
        self.desk = desk
        self.poster = poster
        self.say = say

    async def due(self, posts: Sequence[Post]) -> list[Incident]:
        """Everything that is going on, and what ended since it was posted."""
        going_on = await asyncio.to_thread(self.desk.open_incidents)
        return [*going_on, *await asyncio.to_thread(self._ended, posts, going_on)]

    async def show(self, incident: Incident) -> None:
        """Posts it, or brings what is posted up to date."""
        made = sheet(incident, self.say)
        post, new = await self.poster.ensure(made)
        try:
            if not new:
                await self.poster.update(post, made)
            self.poster.shown(made.key, over=incident.closed_at is not None)
        except SlackApiError as error:
            await self.poster.anew(post, error, made if incident.closed_at is None else None)

    def _ended(self, posts: Sequence[Post], going_on: Sequence[Incident]) -> list[Incident]:
        done = {key_of(incident.id) for incident in going_on} | self.poster.final
        keys = {post.key for post in posts if post.key.startswith("i:")} - done
        return self.desk.incidents_of([key.removeprefix("i:") for key in keys]) if keys else []


def key_of(incident_id: str) -> str:
    """One root message for each incident."""
    return f"i:{incident_id}"


def sheet(incident: Incident, say: Say) -> Sheet:
    """An incident as staff see it. Pure."""
    kind = say("slack.kind.incident")
    title = f"{kind}: {incident.title}"
    facts = say(
        "slack.incident.facts",
        server=escape(incident.server),
        cause=escape(incident.cause),
        count=str(incident.count),
        id=incident.id,
    )
    lines = [
        say("slack.incident.update", at=f"{u.at:%H:%M}", by=escape(u.by), text=escape(u.text))
        for u in incident.updates[-SHOWN_LINES:]
    ]
    shown: list[Block] = [header(title), section(facts)]
    shown += [section("\n".join(lines))] if lines else []
    shown.append(context(_state(incident, say)))
    return Sheet(key_of(incident.id), TOPIC, escape(title), shown)


def _state(incident: Incident, say: Say) -> str:
    since = f"{incident.opened_at:%d %b %H:%M} UTC"
    if incident.closed_at is None:
        return say("slack.incident.open_since", since=since, id=incident.id)
    return say("slack.incident.over", since=since, until=f"{incident.closed_at:%d %b %H:%M} UTC")
