"""Who is connected to which conversation, and when there is something new for them."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from qiq.desk import Desk, StoreUnavailable

log = logging.getLogger(__name__)

LOOK_BACK = 100
"""Rows of parallel writers may become visible late; waking somebody twice costs nothing."""
EPHEMERAL = 200


class Listener:
    """One open connection: a bell for numbered events, a queue for unnumbered ones."""

    def __init__(self) -> None:
        self.bell = asyncio.Event()
        self.passing: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue(EPHEMERAL)

    def ring(self) -> None:
        self.bell.set()

    def offer(self, event: Mapping[str, Any]) -> None:
        """An event that is not kept; a connection too slow to take it goes without."""
        if not self.passing.full():
            self.passing.put_nowait(event)
            self.bell.set()


class Hub:
    """In this process; other writers of the desk are noticed by looking at it."""

    def __init__(self, desk: Desk, poll_seconds: float = 0.5) -> None:
        self.desk = desk
        self.poll_seconds = poll_seconds
        self._followers: list[Callable[[str, Mapping[str, Any]], None]] = []
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)

    @contextmanager
    def listen(self, conversation_id: str) -> Iterator[Listener]:
        """Registers a connection for as long as the block runs."""
        listener = Listener()
        self._listeners[conversation_id].add(listener)
        try:
            yield listener
        finally:
            self._listeners[conversation_id].discard(listener)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    def wake(self, conversation_id: str) -> None:
        """There are new numbered events."""
        for listener in self._listeners.get(conversation_id, ()):
            listener.ring()

    def wake_all(self) -> None:
        """Somebody may have missed something; every connection looks again."""
        for conversation_id in list(self._listeners):
            self.wake(conversation_id)

    def follow(self, follower: Callable[[str, Mapping[str, Any]], None]) -> None:
        """Hands every unnumbered event of every conversation to ``follower`` as well."""
        self._followers.append(follower)

    def pass_on(self, conversation_id: str, event: Mapping[str, Any]) -> None:
        """Hands an unnumbered event to whoever is connected now."""
        for listener in self._listeners.get(conversation_id, ()):
            listener.offer(event)
        for follower in self._followers:
            follower(conversation_id, event)

    async def run(self) -> None:
        """Notices what other processes wrote: actions, staff on the command line, gateways."""
        seen: set[int] = set()
        newest: int | None = None
        while True:
            await asyncio.sleep(self.poll_seconds)
            try:
                if newest is None:
                    newest = await asyncio.to_thread(self.desk.newest_row)
                    self.wake_all()
                rows = await asyncio.to_thread(self.desk.changed_since, newest - LOOK_BACK)
            except StoreUnavailable:
                continue
            for conversation_id in {rows[n] for n in rows.keys() - seen}:
                self.wake(conversation_id)
            newest = max(rows, default=newest)
            seen = {n for n in rows if n > newest - LOOK_BACK}
