"""Split a message that may hold two complaints into the stretches that could be one each."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_CLAUSES = 6
_LEAST_WORDS = 3

_BREAK = re.compile(
    r"(?<=[.!?])\s+|\n+|;\s*|"
    r",?\s+(?:and|plus|&|but)\s+(?=(?:also|my|our|the|i|we|now|then|in addition|another|"
    r"outlook|thunderbird|e-?mails?|mails?|web ?sites?|webmail|ftp|"
    r"additionally|secondly|second|besides)\b)|"
    r",?\s+(?=(?:also|besides|additionally|moreover|furthermore|secondly|on top of that|"
    r"another thing|second problem|and also|as well as)\b)|"
    r",\s*(?=(?:and|plus|also)\b)|,\s+(?=(?:my|our|the|i|we)\s)",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:also|another|besides|additionally|moreover|furthermore|secondly|second (?:problem|thing|"
    r"issue|question)|two (?:problems|things|issues|questions)|on top of (?:that|it|this)|plus|too|"
    r"as well|in addition|both|apart from that|other (?:problem|thing|issue)|neither|"
    r"at the same time)\b",
    re.IGNORECASE,
)
_SUBJECTS = (
    re.compile(
        r"\b(?:e-?mails?|mails?|inbox|outlook|thunderbird|mailbox|imap|smtp|webmail|spam)\b", re.I
    ),
    re.compile(
        r"\b(?:web ?sites?|sites?|web ?shop|shop|homepage|home page|blog|wordpress|joomla|"
        r"web ?page|contact form|ssl)\b",
        re.I,
    ),
    re.compile(r"\b(?:domains?|dns|nameservers?|name servers?)\b", re.I),
    re.compile(r"\b(?:ftp|sftp|control panel|cpanel|plesk|backup|invoice|charged|refund)\b", re.I),
)


@dataclass(frozen=True)
class Clause:
    """A stretch of the message at ``start:end``."""

    text: str
    start: int
    end: int


def clauses(text: str) -> list[Clause]:
    """Return the stretches of three words and more, at most six, in the order of the text."""
    found: list[Clause] = []
    start = 0
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        stretch = text[start:end].strip()
        if len(stretch.split()) >= _LEAST_WORDS:
            spot = text.index(stretch, start)
            found.append(Clause(stretch, spot, spot + len(stretch)))
        start = match.end() if match else end
    return found[:MOST_CLAUSES]


def says_so(text: str) -> bool:
    """True when the customer marks a second matter ("also", "another problem")."""
    return bool(_CUE.search(text))


def subjects(text: str) -> frozenset[int]:
    """Which of mail (0), website (1), domain (2) and account (3) the text speaks of."""
    return frozenset(i for i, pattern in enumerate(_SUBJECTS) if pattern.search(text))


def may_hold_two(text: str) -> bool:
    """Cheap question before the dear one: is it worth looking at each clause?"""
    return says_so(text) or len(subjects(text)) > 1
