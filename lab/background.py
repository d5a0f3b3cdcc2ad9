"""A lab on a thread of its own, for callers that are not asynchronous (tests, scripts)."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

from lab.lab import Lab

_PATIENCE_SECONDS = 30


class BackgroundLab:
    """The same words as ``Lab``, callable from any thread."""

    def __init__(self, lab: Lab, loop: asyncio.AbstractEventLoop) -> None:
        self.lab = lab
        self.loop = loop

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(_PATIENCE_SECONDS)

    def break_(self, name: str) -> None:
        self._do(self.lab.break_(name))

    def heal(self, name: str | None = None) -> None:
        self._do(self.lab.heal(name))

    def set_faults(self, *faults: dict[str, Any]) -> None:
        """Make exactly these faults the state of the lab."""
        self._do(self.lab.set_faults(list(faults)))

    @property
    def hosting_path(self) -> Path:
        return self.lab.hosting_path

    @property
    def ports(self) -> dict[str, int]:
        return self.lab.ports


@contextlib.contextmanager
def running_lab(state_dir: Path | str) -> Iterator[BackgroundLab]:
    """A lab that answers inside the block."""
    ready: list[BackgroundLab] = []
    failed: list[BaseException] = []
    told, stop = threading.Event(), asyncio.Event()

    async def run() -> None:
        try:
            async with Lab.start(state_dir) as lab:
                ready.append(BackgroundLab(lab, asyncio.get_running_loop()))
                told.set()
                await stop.wait()
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            told.set()

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="lab", daemon=True)
    thread.start()
    told.wait(_PATIENCE_SECONDS)
    if not ready:
        raise RuntimeError("the lab did not start") from (failed[0] if failed else None)
    try:
        yield ready[0]
    finally:
        ready[0].loop.call_soon_threadsafe(stop.set)
        thread.join(_PATIENCE_SECONDS)
