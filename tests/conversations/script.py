"""Scripts of conversations: plain words in, steps out. The format: README.md in this folder."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "scripts"


class BadScript(ValueError):
    """A line that is no step; names file and line."""


@dataclass
class Expected:
    """One reply: a response's name (or several), a sentence of the gateway, or a diagnosis.
    ``unclear`` stands for all replies of a turn that did not understand, in whichever of its ways.
    """

    unclear: bool = False
    says: tuple[str, ...] = ()
    diagnosis: tuple[str, ...] = ()
    card: str = ""
    mentions: list[str] = field(default_factory=list)
    avoids: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)


@dataclass
class Step:
    """``writes``, ``presses``, ``breaks``, ``heals``, ``passes`` (hours) or ``later`` (waits); by
    staff: ``opens``, ``closes`` (an incident), ``takes``, ``replies``, ``returns`` (the talk)."""

    kind: str
    value: str = ""
    line: int = 0
    replies: list[Expected] = field(default_factory=list)


@dataclass
class Script:
    """One conversation. ``fault`` is what is broken from the start, empty for a healthy lab;
    ``signed_in`` the domains of a customer who was verified, ``page`` where the widget stands."""

    path: Path
    title: str
    covers: tuple[str, ...]
    fault: str
    steps: list[Step]
    signed_in: tuple[str, ...] = ()
    page: str = ""

    @property
    def name(self) -> str:
        return str(self.path.relative_to(FOLDER).with_suffix(""))

    @property
    def alone(self) -> bool:
        """Whether it changes the lab while it runs."""
        return any(step.kind in ("breaks", "heals", "opens") for step in self.steps)


def load_all() -> list[Script]:
    return [load(path) for path in sorted(FOLDER.rglob("*.txt"))]


def load(path: Path) -> Script:
    """Raises ``BadScript`` for a line that cannot be understood."""
    lines = path.read_text(encoding="utf-8").splitlines()
    script = Script(path, lines[0].strip(), (), "", [])
    for number, raw in enumerate(lines[1:], 2):
        line = raw.strip()
        if line and not line.startswith("#"):
            try:
                _read(script, line, number)
            except (ValueError, IndexError) as error:
                raise BadScript(f"{path.name}, line {number}: {line!r} is no step") from error
    if any(reply == Expected() for step in script.steps for reply in step.replies):
        raise BadScript(f"{path.name}: says something, but not what it mentions")
    if not script.covers or not any(step.replies for step in script.steps):
        raise BadScript(f"{path.name}: covers nothing or expects nothing")
    return script


_WHEN = (
    ("writes", r"When the customer writes: ?(.*)"),
    ("presses", r"When the customer presses: (.+)"),
    ("heals", r"When the lab is healed()"),
    ("breaks", r"When (\S+) breaks"),
    ("passes", r"When (\d+) hours pass"),
    ("later", r"When the customer waits()"),
    ("opens", r"When staff open an incident: (.+ on .+: .+)"),
    ("closes", r"When staff close the incident()"),
    ("takes", r"When (\w+) of the staff takes the talk"),
    ("replies", r"When the staff write: (.+)"),
    ("returns", r"When the staff give the talk back()"),
)


def _read(script: Script, line: str, number: int) -> None:
    if line.startswith("Covers: "):
        script.covers = tuple(part.strip() for part in line[8:].split(","))
    elif line == "Given the lab is healthy":
        return
    elif match := re.fullmatch(r"Given (\S+) is broken", line):
        script.fault = match[1]
    elif match := re.fullmatch(r"Given the customer is signed in for (.+)", line):
        script.signed_in = tuple(match[1].split(", "))
    elif match := re.fullmatch(r"Given the customer is on the page (\S+)", line):
        script.page = match[1]
    elif line.startswith("When "):
        script.steps.append(_step(line, number))
    elif line.startswith("Then "):
        script.steps[-1].replies.append(_reply(line))
    else:
        _detail(script.steps[-1].replies[-1], line)


def _step(line: str, number: int) -> Step:
    for kind, pattern in _WHEN:
        if match := re.fullmatch(pattern, line):
            return Step(kind, match[1].replace("\\n", "\n"), number)
    raise ValueError(line)


def _reply(line: str) -> Expected:
    if line == "Then the bot has not understood":
        return Expected(unclear=True)
    if line in ("Then the bot says something", "Then the customer reads something"):
        return Expected()
    if match := re.fullmatch(r"Then the bot says (.+)", line):
        return Expected(says=tuple(match[1].split(" or ")))
    if match := re.fullmatch(r"Then the bot gives a diagnosis: (.+)", line):
        return Expected(diagnosis=tuple(part.strip() for part in match[1].split(",")))
    raise ValueError(line)


def _detail(reply: Expected, line: str) -> None:
    for start, where in (
        ("and mentions: ", reply.mentions),
        ("and does not mention: ", reply.avoids),
    ):
        if line.startswith(start):
            where.append(line.removeprefix(start))
            return
    if line.startswith("and offers: "):
        reply.offers += [part.strip() for part in line[12:].split(" | ")]
    elif match := re.fullmatch(r"and shows a (\w+) card", line):
        reply.card = match[1]
    elif match := re.fullmatch(r"and the same verdict: (.+)", line):
        reply.diagnosis = tuple(part.strip() for part in match[1].split(","))
    else:
        raise ValueError(line)
