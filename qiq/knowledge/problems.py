"""One kind of error for all that can be wrong with the knowledge files."""

from __future__ import annotations


class KnowledgeError(Exception):
    """Problems in the knowledge files; each names file, entry, field, what is wrong and the fix."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class Problems:
    """Collects problems so that one start shows all of them, not the first only."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, file: str, entry: str, name: str, wrong: str, fix: str) -> None:
        self.found.append(f"{file}: entry '{entry}', field '{name}': {wrong}. Fix: {fix}.")

    def raise_if_any(self) -> None:
        if self.found:
            raise KnowledgeError(self.found)
