"""Rasa's working memory: one bounded row for each conversation, in SQLite or PostgreSQL.

The history of a conversation belongs to the desk. What is kept here is what the next turn needs:
slots, the active loop and the last few user messages, so a turn costs the same at any length.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.bounded import bounded_events
from bot.tracker_database import TABLE, open_engine, upsert

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


class StoreUnavailable(Exception):
    """The store did not answer in time or refused; nothing is kept in memory instead."""


class BoundedTrackerStore(TrackerStore):
    """`turns` user messages of each conversation are kept; a call takes `timeout` seconds at most.

    The database is opened with the first call, so that Rasa starts while it is down.
    """

    def __init__(
        self,
        domain: Domain | None,
        host: str,
        event_broker: EventBroker | None = None,
        turns: int = 6,
        timeout: float = 3,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.url, self.turns, self.timeout = host, int(turns), float(timeout)
        self._engine: sa.engine.Engine | None = None
        # Database drivers block; threads of their own keep a hung database off the event loop.
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="tracker")

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's tracker, or None; raises StoreUnavailable."""
        query = sa.select(TABLE.c.state).where(TABLE.c.conversation == sender_id)
        state = await self._ask(lambda connection: connection.execute(query).scalar())
        if state is None:
            return None
        return DialogueStateTracker.from_dict(
            sender_id, json.loads(state), self.domain.slots, self.max_event_history
        )

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the bounded tracker; raises StoreUnavailable."""
        if self.event_broker is not None:
            await self.stream_events(tracker)
        events = bounded_events(tracker, self.domain, self.turns)
        state = json.dumps([event.as_dict() for event in events])
        row = {"conversation": tracker.sender_id, "state": state, "updated": time.time()}
        await self._ask(lambda connection: connection.execute(upsert(connection, row)))

    async def keys(self) -> Iterable[str]:
        """Ids of all conversations; raises StoreUnavailable."""
        query = sa.select(TABLE.c.conversation)
        return await self._ask(lambda connection: connection.execute(query).scalars().all())

    async def ping(self) -> None:
        """Raises StoreUnavailable when the store would not answer."""
        await self._ask(lambda connection: connection.execute(sa.select(1)).scalar())

    async def _ask(self, work: Callable[[sa.engine.Connection], Result]) -> Result:
        loop = asyncio.get_running_loop()
        call = loop.run_in_executor(self._threads, self._work, work)
        try:
            return await asyncio.wait_for(call, self.timeout)
        except (sa.exc.SQLAlchemyError, OSError, asyncio.TimeoutError) as error:
            logger.error("Tracker store: %s", type(error).__name__)
            raise StoreUnavailable(type(error).__name__) from error

    def _work(self, work: Callable[[sa.engine.Connection], Result]) -> Result:
        if self._engine is None:
            self._engine = open_engine(self.url, self.timeout)
        with self._engine.begin() as connection:
            return work(connection)
