"""Sliding windows of this process alone; ``Desk.take_all`` counts the same for all together."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable

from qiq.settings.windows import Full, Window

SUBJECTS = 50_000
"""The oldest are forgotten first, so that many strangers cannot fill the memory."""


class Memory:
    """May be asked from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._used: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take_all(self, windows: Iterable[Window]) -> Full | None:
        """Counts one event of each window; where one is full nothing is counted."""
        now, wanted = self._clock(), list(windows)
        with self._lock:
            for window in wanted:
                times = self._times(window, now - window.seconds)
                if len(times) >= window.most:
                    wait = times[0] + window.seconds - now if times else window.seconds
                    return Full(window, wait)
            for window in wanted:
                self._used[window.subject].append(now)
        return None

    def _times(self, window: Window, since: float) -> deque[float]:
        times = self._used.setdefault(window.subject, deque())
        self._used.move_to_end(window.subject)
        while len(self._used) > SUBJECTS:
            self._used.popitem(last=False)
        while times and times[0] <= since:
            times.popleft()
        return times
