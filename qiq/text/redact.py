"""Take secrets out of a message before anything stores, logs or shows it.

Removing a little too much costs a word; removing too little is a leak. So where a word after
"password is" might be a password, it goes, unless it is plainly part of the sentence
(``redact_words.txt``). Runs on Python 3.10 and later, standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

MAX_CHARS = 100_000

_KEYWORD = (
    r"(?:pass\s?words?|pass\s?phrase|pass\s?code|passwd|passwrd|pasword|passwort|kennwort|"
    r"mot\s+de\s+passe|mdp|contrase[ñn]a|clave|wachtwoord|senha|parola|has[łl]o|"
    r"p/?w|pwd|pass|secret|api[_ -]?key|access[_ -]?key|auth[_ -]?token|token)"
)
_BRIDGE = r"(?:\s+(?:for|of|on|to|für|pour|de|van|von)\s+\S{1,80}(?:\s+\S{1,40}){0,2}?)?"
_QUOTED = r"[\"“”'‘’`«](?P<quoted>[^\"“”'‘’`»\n]{1,128})[\"“”'‘’`»]"
_WORD = r"(?P<token>[^\s<>]{1,128})"


@dataclass(frozen=True)
class Redacted:
    """``text`` without its secrets; ``kinds`` says what was removed (``password``, ``card``, …)."""

    text: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    accept: Callable[[re.Match[str]], bool] = lambda match: True


@lru_cache(maxsize=1)
def _sentence_words() -> frozenset[str]:
    text = (Path(__file__).parent / "redact_words.txt").read_text(encoding="utf-8")
    lines = (line.split("#")[0] for line in text.splitlines())
    return frozenset(word for line in lines for word in line.split())


def redact(text: str) -> Redacted:
    """Remove passwords, card numbers, one-time codes, keys and tokens.

    Each becomes ``[password removed]`` and so on; everything around it stays. The text is cut
    at 100,000 characters so that the time it takes is bounded.
    """
    text = text[:MAX_CHARS]
    kinds: list[str] = []
    for rule in _RULES:
        text = rule.pattern.sub(partial(_replace, rule, kinds), text)
    return Redacted(text, tuple(dict.fromkeys(kinds)))


def _replace(rule: _Rule, kinds: list[str], match: re.Match[str]) -> str:
    if not rule.accept(match) or _is_removed(match):
        return match.group()
    kinds.append(rule.kind)
    start = match.start()
    first, last = _secret_span(match)
    return match.group()[: first - start] + f"[{rule.kind} removed]" + match.group()[last - start :]


def _is_removed(match: re.Match[str]) -> bool:
    first, last = _secret_span(match)
    return match.string[first:last].startswith("[") and "removed" in match.string[first : last + 12]


def _secret_span(match: re.Match[str]) -> tuple[int, int]:
    for name in ("secret", "quoted", "token"):
        if match.groupdict().get(name) is not None:
            return match.span(name)
    return match.span()


def _given(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return groups.get("quoted") or groups.get("token") or ""


def _is_masked(value: str) -> bool:
    return not value.strip("*•●.…xX_-?!,") or "removed]" in value or value.startswith("[")


def _after_colon(match: re.Match[str]) -> bool:
    value = _given(match)
    if _is_masked(value):
        return False
    bare = value.strip(".,;:!?)\"'").lower()
    return bool(bare) and (match.group("quoted") is not None or bare not in _sentence_words())


def _after_is(match: re.Match[str]) -> bool:
    return _after_colon(match)


def _looks_secret(match: re.Match[str]) -> bool:
    """A lone word after "password": only what no sentence would have there."""
    value = _given(match).strip(".,;:!?)(\"'")
    if _is_masked(value) or len(value) < 4 or re.search(r"://|@[\w-]+\.|^0x|^\d+(\.\d+)+$", value):
        return False
    classes = [r"[a-z]", r"[A-Z]", r"\d", r"[^\w\s'’./-]"]
    mixed = sum(bool(re.search(cls, value)) for cls in classes)
    return mixed >= 3 or (mixed == 2 and bool(re.search(r"\d|[^\w\s'’./-]", value)))


def _luhn(match: re.Match[str]) -> bool:
    """ISO/IEC 7812-1 annex B."""
    digits = [int(char) for char in match.group() if char.isdigit()]
    doubled = [(2 * d - 9 if d > 4 else 2 * d) for d in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _iban(match: re.Match[str]) -> bool:
    """ISO 13616: the number modulo 97 is 1."""
    value = re.sub(r"\s", "", match.group()).upper()
    moved = value[4:] + value[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _rules() -> Iterable[_Rule]:
    def rule(
        kind: str, pattern: str, accept: Callable[[re.Match[str]], bool] | None = None
    ) -> _Rule:
        compiled = re.compile(pattern, re.IGNORECASE)
        return _Rule(kind, compiled, accept) if accept else _Rule(kind, compiled)

    yield rule(
        "key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    )
    yield rule("password", r"\b[a-z][a-z0-9+.-]{1,10}://[^\s/:@]{1,80}:(?P<secret>[^\s/@]{1,128})@")
    yield rule(
        "key",
        r"\b(?:eyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*|xox[abeprs]-[\w-]{8,}|gh[pousr]_\w{20,}|"
        r"sk_(?:live|test)_\w{8,}|AKIA[A-Z0-9]{16}|glpat-[\w-]{16,})",
    )
    yield rule("key", r"\b(?:bearer|basic)\s+(?P<secret>[A-Za-z0-9+/._~-]{16,}=*)")
    # What programs write into protocol logs: POP3/FTP PASS, IMAP LOGIN, SASL initial responses.
    yield rule("password", r"(?m:(?:^|[>:\]]\s*))PASS\s+(?P<secret>\S{1,128})", _not_a_sentence)
    yield rule(
        "password",
        r"\b\w{1,10}\s+LOGIN\s+(?:\"[^\"\n]*@[^\"\n]*\"|\S+@\S+)\s+(?P<secret>\"[^\"\n]{1,128}\"|\S{1,128})",
    )
    yield rule(
        "password", r"\bAUTH(?:ENTICATE)?\s+(?:PLAIN|LOGIN)\s+(?P<secret>[A-Za-z0-9+/]{8,}={0,2})"
    )
    # define('DB_PASSWORD', '…') and its like.
    yield rule(
        "password",
        r"(?:PASSWORD|PASSWD|SECRET|AUTH_KEY|_SALT)['\"]?\s*(?:,|=>)\s*['\"](?P<secret>[^'\"\n]{1,128})['\"]",
    )
    yield rule(
        "password",
        rf"\b(?<!\w){_KEYWORD}\b{_BRIDGE}\s*(?:[:=]|->|=>|→|–>)\s*(?:{_QUOTED}|{_WORD})",
        _after_colon,
    )
    yield rule(
        "password",
        rf"\b{_KEYWORD}\b{_BRIDGE}\s+(?:is|was|ist|est|es|war|era|è|e|to|zu|en|auf)\s*:?\s+(?:{_QUOTED}|{_WORD})",
        _after_is,
    )
    yield rule("password", rf"\b{_KEYWORD}\b\s+(?:{_QUOTED}|{_WORD})", _looks_secret)
    yield rule(
        "password",
        r"\b(?:user(?:\s?name)?|login|log-?in)\b\W{1,3}\S{1,100}\s+(?:and\s+)?(?:password|pass|pwd|pw)\b[\s:=]{1,3}(?P<token>\S{1,128})(?P<quoted>(?!))?",
        _after_colon,
    )
    yield rule(
        "password",
        r"\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+\s?[:/|]\s?(?P<token>(?=\S*[^\W_])\S{4,128})(?P<quoted>(?!))?",
        _looks_secret,
    )
    yield rule(
        "password",
        rf"(?<!\S)(?:{_QUOTED}|{_WORD})\s+(?:as|is|was|for)\s+(?:the|my|our|a|his|her)\s+(?:new\s+|old\s+)?(?:password|pass\s?word|pwd|pw)\b",
        _looks_secret,
    )
    yield rule("card", r"(?<![\w.])\d(?:[ \u00a0.-]?\d){12,18}(?![\w]|[.@]\w)", _luhn)
    yield rule(
        "bank account", r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b", _iban
    )
    yield rule(
        "code", r"\b(?:cvv2?|cvc2?|security\s+code)\b\W{0,3}(?:is\s+|:\s*)?(?P<secret>\d{3,4})\b"
    )
    yield rule(
        "code",
        r"\b(?:(?:one[- ]?time|verification|confirmation|security|login|log-in|access|sms|2fa|mfa|"
        r"otp|auth\w*|two[- ]factor)\s*(?:pass)?(?:code|pin|number)?|otp|pin|tan)\b"
        r"(?:\s+(?:is|was|i\s+got(?:\s+is)?))?\s*[:=]?\s*(?P<secret>\d{3}[ -]?\d{3}|\d{4,8})\b",
    )
    yield rule(
        "code",
        r"\b(?:my|the|your|this)\s+code\s+(?:is|was)\s*[:=]?\s*"
        r"(?P<secret>\d{3}[ -]?\d{3}|\d{6,8})\b",
    )
    yield rule("code", r"\A\s*(?P<secret>\d{3}[ -]?\d{3})\s*\Z")


def _not_a_sentence(match: re.Match[str]) -> bool:
    return match.group("secret").strip(".,!?").lower() not in _sentence_words()


_RULES = tuple(_rules())
