"""Three-digit codes said without the rest of the reply: "I get a 550"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from qiq.knowledge.match.speakers import Scene, is_amount

_CODE = re.compile(r"(?<![\w.:/@-])([45]\d\d)(?=s?\b)(?!s?[:/@%]|\.\d|-\d)")
_BEFORE = re.compile(
    r"(?i)\b(?:error|code|status|http|smtp|response|reply|says|saying|got|get|gets|getting|gives?"
    r"|giving|shows?|showing|returns?|returned|throws?|throwing|with|an?|the|bounced?|message|see|seeing|is"
    r"|are|this|of|number|received?|have|having)\W{1,3}(?:\w{1,12}\W{1,2}){0,1}$"
)
_AFTER = re.compile(
    r"(?i)\W{1,3}(?:error|code|bounce|response|page|status|message|reply|from my|again|when|on )"
)
# Said with nothing else around them, these are web pages; 550 and the like may be mail or FTP.
_WEB_BY_CUSTOM = frozenset({
    "400", "401", "403", "404", "405", "406", "408", "410", "413", "414", "429", "431",
    "500", "502", "503", "504", "508", "509",
})  # fmt: skip
_STATUS_AFTER = re.compile(r"[ -][245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463: only mail does that
_ORDER = ("smtp", "http", "ftp")


@dataclass(frozen=True)
class Said:
    """A bare code, and which entries it may mean. More than one: ask who said it."""

    start: int
    end: int
    entries: tuple[str, ...]


_MOST = 200


def bare_codes(scene: Scene, known: Mapping[str, Mapping[str, str]]) -> Iterator[Said]:
    """Bare codes of a text. ``known`` maps a code to {who says it: entry id}."""
    text = scene.text
    for match in islice(_CODE.finditer(text), _MOST):
        candidates = known.get(match[1])
        if candidates and _is_code(text, match.start(), match.end()):
            mail = _STATUS_AFTER.match(text, match.end())
            said = frozenset({"smtp"}) if mail else scene.speakers(*match.span())
            chosen = _choose(match[1], candidates, said)
            yield Said(match.start(), match.end(), chosen)


def _is_code(text: str, start: int, end: int) -> bool:
    if is_amount(text, start, end):
        return False
    if text[end : end + 1] == "s":  # "I get 404s"
        return True
    alone = len(text) < 40 and len(re.sub(r"\W", "", text)) <= 12
    return bool(
        alone or _BEFORE.search(text[max(0, start - 30) : start]) or _AFTER.match(text, end)
    )


def _choose(code: str, candidates: Mapping[str, str], said: frozenset[str]) -> tuple[str, ...]:
    fitting = [candidates[who] for who in _ORDER if who in candidates and who in said]
    if len(fitting) == 1:
        return (fitting[0],)
    if "http" in candidates and code in _WEB_BY_CUSTOM and (not fitting or "http" in said):
        return (candidates["http"],)
    return tuple(fitting or [candidates[who] for who in _ORDER if who in candidates])
