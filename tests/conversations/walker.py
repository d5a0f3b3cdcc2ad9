"""A random walker: seeded customers who complain, answer, press, ramble and paste rubbish.

``python -m tests.conversations.walker --talks 2000 --seed 7`` starts a stack of its own, or uses a
running one (``QIQ_TEST_STACK=url,state``). It judges what must hold for any talk at all.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.conversations import wording
from tests.conversations.compare import Unexpected
from tests.conversations.player import Stack, Talk
from tests.conversations.script import Step

SAYINGS = Path(__file__).parent / "walker.yml"
FAULTS = ("", "imap-refused", "server-refused", "mx-elsewhere", "site-expired", "web/php-fatal")
SILENCE_SECONDS = 10.0
NEWS = ("system.repaired", "system.repaired_case", "system.repaired_short", "system.incident_over",
        "system.incident_over_short")  # fmt: skip
"""What is said when nobody asked."""
LOOP = 4
"""So many times the same sentence among the last ten replies is a loop."""


@dataclass
class Walk:
    """One talk. ``wrong`` is empty when nothing was; ``silence`` is the longest in seconds."""

    seed: int
    wrong: str = ""
    turns: int = 0
    silence: float = 0.0
    transcript: list[str] = field(default_factory=list)


def walk(stack: Stack, seed: int, sayings: dict[str, list[str]], patience: float) -> Walk:
    """One customer of 3 to 9 messages, the same for the same seed."""
    chance, result = random.Random(seed), Walk(seed)
    talk = Talk(stack, f"walk-{seed}-{time.monotonic_ns()}")
    said: list[str] = []
    try:
        for _ in range(chance.randint(3, 9)):
            replies = talk.step(_next(chance, talk, sayings))
            result.turns += 1
            if not any(r.get("text") for r in replies):
                raise Unexpected("silence")
            said += [r["text"] for r in replies if r.get("text")]
            _no_loop(said)
        _way_on(talk)
        result.silence = longest_silence(stack.conversation(talk.sender))
        if result.silence > patience:
            raise Unexpected(f"silence of {result.silence:.1f} s")
    except (Unexpected, httpx.HTTPError) as error:
        result.wrong = f"{type(error).__name__}: {error}"
    result.transcript = talk.transcript
    return result


def _next(chance: random.Random, talk: Talk, sayings: dict[str, list[str]]) -> Step:
    if talk.buttons and chance.random() < 0.35:
        return Step("presses", chance.choice(sorted(talk.buttons)))
    kind = chance.choices(
        ("complaints", "details", "repairs", "questions", "rubbish"), (30, 25, 25, 12, 8)
    )[0]
    text = chance.choice(sayings[kind])
    if kind == "complaints" and chance.random() < 0.3:
        text = f"{text} {chance.choice(sayings['details'])}"
    return Step("writes", _mistyped(chance, text) if chance.random() < 0.15 else text)


def _mistyped(chance: random.Random, text: str) -> str:
    if len(text) < 4:
        return text
    at = chance.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _no_loop(said: list[str]) -> None:
    text, times = Counter(said[-10:]).most_common(1)[0]
    if times >= LOOP:
        raise Unexpected(f"a loop: {times} times {text[:80]!r}")


def longest_silence(events: list[dict[str, Any]]) -> float:
    """Seconds the customer waited at most without a word: from their message to the first reply,
    and from each reply to the next of the same turn. "Still on it" is a word; news of a repair
    comes when it comes."""
    longest, last = 0.0, None
    for event in (e for e in events if e["type"] == "message" and not _is_news(e)):
        at = datetime.fromisoformat(event["at"])
        if event["author"] != "visitor" and last is not None:
            longest = max(longest, (at - last).total_seconds())
        last = at
    return longest


def _is_news(event: dict[str, Any]) -> bool:
    return any(wording.is_said(name, event.get("text", "")) for name in NEWS)


def _way_on(talk: Talk) -> None:
    """Whatever happened, somebody who asks for a person gets one, or has one already."""
    replies = talk.step(Step("writes", "I want to talk to a person"))
    text = " ".join(r.get("text", "") for r in replies).lower()
    if not any(word in text for word in ("number", "people", "person", "queue", "team")):
        raise Unexpected(f"no way to a person: {text[:120]!r}")


def run(stack: Stack, talks: int, seed: int, *, patience: float, side_by_side: int) -> list[Walk]:
    """All walks; the lab's fault changes every so often, for all of them."""
    sayings = yaml.safe_load(SAYINGS.read_text(encoding="utf-8"))
    results: list[Walk] = []
    with ThreadPoolExecutor(side_by_side) as pool:
        for fault, seeds in _portions(talks, seed):
            stack.lab("heal")
            if fault:
                stack.lab("break", fault)
            results += pool.map(lambda s: walk(stack, s, sayings, patience), seeds)
            print(f"{fault or 'healthy'}: {len(results)} of {talks} talks", file=sys.stderr)
    stack.lab("heal")
    return results


def _portions(talks: int, seed: int) -> Iterator[tuple[str, list[int]]]:
    size = max(1, -(-talks // len(FAULTS)))
    numbers = [seed * 1_000_000 + n for n in range(talks)]
    for place, fault in enumerate(FAULTS):
        portion = numbers[place * size : (place + 1) * size]
        if portion:
            yield fault, portion


def report(results: list[Walk]) -> str:
    """Figures, and the transcript of what went wrong."""
    bad = [r for r in results if r.wrong]
    turns = sum(r.turns for r in results)
    silence = max((r.silence for r in results), default=0.0)
    lines = [
        f"{len(results)} talks, {turns} turns, longest silence {silence:.1f} s, {len(bad)} wrong"
    ]
    for one in bad[:20]:
        lines += [f"--- seed {one.seed}: {one.wrong}", *one.transcript[-14:]]
    return "\n".join(lines)


def main() -> None:
    """Exit status 1 when anything was wrong."""
    from tests.conversations.conftest import running

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--side-by-side", type=int, default=4)
    options = parser.parse_args()
    # Faults last as long as their share of the talks: looking at each of them every second would
    # take most of the machine.
    with running(QIQ_TEST_RECHECK_SECONDS="120") as stack:
        results = run(stack, options.talks, options.seed, patience=SILENCE_SECONDS,
                      side_by_side=options.side_by_side)  # fmt: skip
    print(report(results))
    sys.exit(any(r.wrong for r in results))


if __name__ == "__main__":
    main()
