"""What a receipt says, before it becomes a page or a PDF.

Only what anyone on the internet could have seen goes in: the link may be passed on, so facts of the
account (``account.*`` checks and causes) never do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qiq.settings import Settings

Say = Callable[..., str]
PRIVATE = "account."


@dataclass(frozen=True)
class Row:
    """One check: status code of the payload, its word, and the texts of the columns."""

    id: str
    status: str
    word: str
    summary: str
    target: str
    ms: int


@dataclass(frozen=True)
class SettingsRow:
    use: str
    server: str
    port: int
    security: str


@dataclass(frozen=True)
class Receipt:
    """Every sentence of the receipt, ready to be set as HTML or PDF."""

    words: Mapping[str, str]
    rows: tuple[Row, ...]
    settings: tuple[SettingsRow, ...]


def build(
    payload: Mapping[str, Any],
    settings: Settings,
    say: Say,
    *,
    tested: datetime,
    expires: datetime,
    place: str,
) -> Receipt:
    """A receipt of one diagnosis payload (``design``: type ``diagnosis``, version 1).

    ``tested`` and ``expires`` are aware datetimes; ``place`` names where the checks ran from.
    """
    rows = tuple(_row(check, say) for check in payload["checks"] if _is_public(check["id"]))
    private = str(payload["cause"]).startswith(PRIVATE)
    args = {
        "brand": settings.brand.name,
        "domain": payload["subject"]["domain"],
        "date": _date(tested),
        "expires": _date(expires),
        "place": place,
        "verdict": "inconclusive" if private else payload["verdict"],
        "cause": "not part of this page" if private else payload["cause"],
        "certainty": "unknown" if private else payload["certainty"],
        "contact": settings.brand.contact_email,
        "case": payload.get("case") or "–",
    }
    keys = ("title", "intro", "validity", "checks", "settings", "settings_intro", "technical",
            "technical_intro", "foot", "print")  # fmt: skip
    words = {key: say(f"receipt.{key}", **args) for key in keys}
    words["outcome"] = say(f"receipt.{_outcome(rows, args['verdict'])}", **args)
    for column in ("what", "result", "target", "time", "protocol", "server", "port", "security"):
        words[f"column_{column}"] = say(f"receipt.column.{column}")
    return Receipt(words, rows, _settings_rows(settings, say))


def _is_public(check_id: str) -> bool:
    return not check_id.startswith(PRIVATE)


def _row(check: Mapping[str, Any], say: Say) -> Row:
    return Row(
        id=check["id"],
        status=check["status"],
        word=say(f"receipt.status.{check['status']}"),
        summary=check["summary"],
        target=check["target"],
        ms=int(check.get("ms", 0)),
    )


def _outcome(rows: Sequence[Row], verdict: str) -> str:
    """Which sentence is true. A skip alone is no doubt: the verdict knows what it needed."""
    found = {row.status for row in rows}
    if found & {"fail", "warn"}:
        return "mixed"
    proven = verdict in {"third_party", "all_clear"} and "pass" in found and "error" not in found
    return "good" if proven else "partly"


def _settings_rows(settings: Settings, say: Say) -> tuple[SettingsRow, ...]:
    servers = (*settings.mail.incoming, *settings.mail.outgoing)
    return tuple(
        SettingsRow(
            use=say(f"receipt.protocol.{server.protocol}"),
            server=server.host,
            port=server.port,
            security=say(f"receipt.security.{server.security}"),
        )
        for server in servers
    )


def _date(moment: datetime) -> str:
    return moment.strftime("%-d %B %Y, %H:%M %Z").strip()
