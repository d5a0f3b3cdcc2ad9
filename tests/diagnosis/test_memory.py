"""Limits counted by one process alone."""

from __future__ import annotations

import pytest

from qiq import counting
from qiq.counting import Memory
from qiq.settings.windows import Window


def test_a_window_slides_and_is_of_one_subject() -> None:
    now = [0.0]
    memory = Memory(clock=lambda: now[0])

    def taken(subject: str) -> float:
        full = memory.take_all([Window("messages", subject, 2, 60)])
        return full.seconds if full else 0.0

    assert [taken("änne"), taken("änne"), taken("änne"), taken("bo")] == [0.0, 0.0, 60.0, 0.0]
    now[0] = 60.0
    assert taken("änne") == 0.0


def test_many_strangers_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "SUBJECTS", 3)
    memory = Memory()
    none_left = Window("messages", "all", 0, 60)
    for n in range(10):
        assert memory.take_all([Window("messages", f"stranger {n}", 1, 60)]) is None
        assert memory.take_all([Window("messages", f"refused {n}", 1, 60), none_left]) is not None
    assert len(memory._used) == 3
    assert memory.take_all([Window("messages", "stranger 9", 1, 60)]) is not None
