"""Who may do what: membership of a Slack user group, asked rarely."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from qiq.gateway.slack.answers import Asker

KEEP_SECONDS = 60.0


class Rights:
    """Group members and staff names, remembered for a minute."""

    def __init__(
        self,
        client: AsyncWebClient,
        staff_group: str | None,
        admin_group: str | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = client
        self.staff_group = staff_group
        self.admin_group = admin_group
        self.clock = clock
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._names: dict[str, str] = {}

    async def may_talk(self, user: str) -> bool:
        """Claim, reply, resolve: the staff group, or everyone in the workspace without one."""
        return await self._in(self.staff_group, user)

    async def may_lead(self, user: str) -> bool:
        """Open and close incidents: the admin group, or whoever may talk without one."""
        return await self._in(self.admin_group or self.staff_group, user)

    async def asker(self, user: str) -> Asker:
        """Who asks, and what they may."""
        name, talk, lead = await asyncio.gather(
            self.name(user), self.may_talk(user), self.may_lead(user)
        )
        return Asker(user, name, talk, lead)

    async def name(self, user: str) -> str:
        """The person's name as customers are told it."""
        if user not in self._names:
            found = await self.client.users_info(user=user)
            profile = (found.get("user") or {}).get("profile") or {}
            self._names[user] = str(
                profile.get("display_name") or profile.get("real_name") or "our team"
            )[:80]
        return self._names[user]

    async def _in(self, group: str | None, user: str) -> bool:
        if group is None:
            return True
        known = self._members.get(group)
        if known is None or self.clock() - known[0] > KEEP_SECONDS:
            try:
                found = await self.client.usergroups_users_list(usergroup=group)
            except SlackApiError:
                return False  # nobody gets rights from an answer we did not get
            known = (self.clock(), frozenset(found.get("users") or ()))
            self._members[group] = known
        return user in known[1]
