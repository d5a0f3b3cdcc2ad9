"""Details of a certificate warning in the customer's own words: issuer seen, server name set."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

import yaml

from qiq.checks.errors import printable
from qiq.verdict.judge import KNOWLEDGE
from qiq.verdict.model import Complaint

MAIL_NAME = re.compile(
    r"(?<![\w.@-])((?:mail|imap|imaps|smtp|smtps|pop|pop3|pop3s|incoming|outgoing|mx)\d?"
    r"(?:\.[\w-]+){2,6})(?![\w-])",
    re.IGNORECASE,
)
ISSUED_BY = re.compile(
    r"(?:issued by|issuer(?: is| name)?|signed by|certificate authority)\s*[:=]?\s*"
    r"[\"'“‘]?([A-Z][\w .,/&()-]{2,60})",
    re.IGNORECASE,
)
WARNINGS = frozenset({"email_cert_warning", "site_ssl_warning"})
END = re.compile(r"[\"'”’.;\n]|\s(?:but|and|which|that|is|was|for)\s", re.IGNORECASE)


@lru_cache(maxsize=1)
def _interceptors() -> tuple[str, ...]:
    data = yaml.safe_load((KNOWLEDGE / "interceptors.yml").read_text("utf-8"))
    return tuple(data["issuers"])


def read(complaint: Complaint) -> Complaint:
    """``complaint`` with what its text says; what was given explicitly stays."""
    found = complaint
    if complaint.seen_issuer is None:
        found = replace(found, seen_issuer=issuer(complaint.text, complaint.intent))
    if complaint.named_server is None and complaint.intent.startswith("email_"):
        found = replace(found, named_server=server_name(complaint.text))
    return found


def issuer(text: str, intent: str) -> str | None:
    """A known interceptor anywhere; any other issuer only in a complaint about a warning."""
    flat = " ".join(text.split())
    known = next((name for name in _interceptors() if name.lower() in flat.lower()), None)
    if known or intent not in WARNINGS:
        return known
    match = ISSUED_BY.search(flat)
    return printable(END.split(match[1])[0].strip(), 60) or None if match else None


def server_name(text: str) -> str | None:
    """The first name that looks like a mail server's."""
    match = MAIL_NAME.search(text)
    return match[1].rstrip(".").lower() if match else None
