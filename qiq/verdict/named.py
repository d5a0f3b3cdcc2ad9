"""What the customer named or implied, when the server is proven fine."""

from __future__ import annotations

from qiq.verdict.model import Complaint

WEB = frozenset(
    {
        "site_down", "site_error", "site_slow", "site_ssl_warning", "site_hacked",
        "site_not_updating", "db_error", "script_problem", "script_install",
    }
)  # fmt: skip
IMPLIED = {
    "email_client_fault": "client.mail_program",
    "script_problem": "client.script",
    "script_install": "client.script",
}


def cause(complaint: Complaint) -> str | None:
    """The ``client.*`` cause for what was named; None when nothing was."""
    by_name = (
        (complaint.antivirus, "client.antivirus"),
        (complaint.isp, "client.network"),
    )
    for name, code in by_name:
        if name:
            return code
    if complaint.intent == "email_bounced" and "recipient_server" in complaint.error_sides:
        return "client.recipient"
    if complaint.app and (complaint.intent in WEB or not complaint.client):
        return "client.script"
    if complaint.client and complaint.intent not in WEB:
        return "client.mail_program"
    if complaint.browser or complaint.device or complaint.client or complaint.os:
        return "client.device"
    return IMPLIED.get(complaint.intent) or _by_error(complaint)


def _by_error(complaint: Complaint) -> str | None:
    """A quoted error implies its usual side, when all of them agree."""
    sides = {
        "client_software": "client.mail_program",
        "antivirus_firewall": "client.antivirus",
        "network_isp": "client.network",
        "script": "client.script",
        "recipient_server": "client.recipient",
    }
    usual = set(complaint.error_sides)
    return sides.get(next(iter(usual))) if len(usual) == 1 else None
