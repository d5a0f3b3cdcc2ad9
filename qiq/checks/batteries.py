"""Which batteries a complaint needs (``checks:`` of the taxonomy, and what belongs with them)."""

from __future__ import annotations

MAIL = "mail"
NAMES = frozenset(
    {
        "mail",
        "mail_reputation",
        "web",
        "dns",
        "account",
        "ftp",
        "panel",
        "webmail",
        "status",
        "autoconfig",
    }
)
SERVICES: dict[str, tuple[str, ...]] = {
    "mail": ("mail",), "web": ("web",), "dns": ("dns",), "ftp": ("ftp",), "panel": ("panel",),
    "autoconfig": ("autoconfig",),
    "all": ("mail", "mail_reputation", "web", "dns", "ftp", "panel", "webmail"),
}  # fmt: skip
"""``qiq check --service``."""

BY_INTENT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "email_cannot_connect", "email_cannot_receive", "email_cert_warning",
            "email_client_fault",
        ),
        (MAIL,),
    ),
    **dict.fromkeys(("email_cannot_send", "email_login_failed"), (MAIL, "account")),
    **dict.fromkeys(("email_bounced", "form_not_sending"), (MAIL, "mail_reputation")),
    **dict.fromkeys(("email_marked_spam", "email_spam_received"), ("mail_reputation",)),
    **dict.fromkeys(("email_mailbox_full", "email_lost"), (MAIL, "account")),
    "email_setup": (MAIL, "autoconfig"),
    "resource_limit": ("web", "account"),
    "webmail_problem": (MAIL, "webmail"),
    **dict.fromkeys(
        (
            "site_down", "site_error", "site_slow", "site_ssl_warning", "site_hacked",
            "site_not_updating", "db_error", "script_problem",
        ),
        ("web",),
    ),
    **dict.fromkeys(("dns_problem", "domain_registration"), ("dns",)),
    "ftp_problem": ("ftp",),
    "control_panel_problem": ("panel",),
    "ask_server_status": ("status",),
}  # fmt: skip
SERVICE_NAMES = {
    "autoconfig": "mail",
    "mail_reputation": "mail",
    "account": "account",
    "webmail": "mail",
}


def for_intent(intent: str) -> tuple[str, ...]:
    """Batteries of a complaint; empty when there is nothing to check."""
    return BY_INTENT.get(intent, ())


def service_name(battery: str) -> str:
    """The kind of service a battery is about: ``mail``, ``web``, ``dns``, …"""
    return SERVICE_NAMES.get(battery, battery)


def service_of(batteries: tuple[str, ...]) -> str:
    """The ``service`` of the payload's subject."""
    first = batteries[0] if batteries else ""
    return service_name(first)
