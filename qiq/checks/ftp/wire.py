"""Failures on the way to FTP and SSH, in the words of their causes."""

from __future__ import annotations

from qiq.checks import results
from qiq.checks.errors import Trouble, WireError
from qiq.checks.model import CheckResult
from qiq.checks.places import STANDARD_PORTS, Place


def arguments(where: Place, service: str, detail: str) -> dict[str, object]:
    return {
        "host": where.host, "port": STANDARD_PORTS[service], "address": where.address,
        "server": where.server.id, "detail": detail, "reply": detail,
    }  # fmt: skip


def troubled(
    where: Place, service: str, family: str, error: WireError, connected: bool
) -> CheckResult:
    """A result for a connection that failed; ``family`` is ``ftp.server`` or ``ftp.ssh``."""
    label = where.label(service)
    if error.trouble is Trouble.OURS:
        return results.error(label, "our_network", detail=error.detail)
    kinds = {Trouble.REFUSED: "refused", Trouble.CLOSED: "closed", Trouble.GARBAGE: "garbage"}
    kind = kinds.get(error.trouble, "hung" if connected else "timeout")
    args = arguments(where, service, error.detail)
    return results.fail(label, f"{family}.{kind}", args, detail=error.detail)
