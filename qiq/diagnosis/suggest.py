"""A misspelt hosted domain. Suggested only when one letter is off and only one domain fits, so that
nobody can fish for the names of other customers."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 6


def did_you_mean(typed: str, hosted: Iterable[str]) -> str | None:
    """The hosted domain that ``typed`` misses by one letter; None when none or several do."""
    if len(typed) < SHORTEST:
        return None
    close = [name for name in hosted if name != typed and one_slip(typed, name)]
    return close[0] if len(close) == 1 else None


def one_slip(a: str, b: str) -> bool:
    """One letter added, lost, changed, or two neighbours swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    at = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    rest_a, rest_b = a[at:], b[at:]
    if len(a) == len(b):
        swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or swapped
    return rest_a[1:] == rest_b if len(a) > len(b) else rest_a == rest_b[1:]
