"""Is a certificate in date, made out to the right name, and trusted by devices?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import Trouble, WireError
from qiq.checks.mail.session import session
from qiq.checks.model import CheckResult, Target
from qiq.checks.places import MAIL_SERVICES, STANDARD_PORTS
from qiq.checks.registry import Spec
from qiq.checks.tls.handshake import EXPIRED, FIRST_UNVERIFIED, NO_ISSUER, NOT_YET_VALID, Handshake
from qiq.checks.tls.roots import of_a_trusted_house

SOON_DAYS = 14
OLD_VERSIONS = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"})


def judge(
    shown: Handshake,
    host: str,
    family: str,
    label: str,
    more: Mapping[str, object],
    roots: Path | None,
) -> CheckResult:
    """A result for the certificate ``host`` shows. ``family`` is ``tls.host`` or ``tls.site``."""
    args: dict[str, object] = {
        "host": host, "subject": shown.subject, "issuer": shown.issuer,
        "names": ", ".join(shown.names[:5]) or "no name", "detail": shown.verify_text,
        "version": shown.version, "date": f"{shown.not_after:%d %B %Y}".lstrip("0"),
        "days": shown.days_left(), **more,
    }  # fmt: skip
    facts = {
        "issuer": shown.issuer, "issuer_organisation": shown.issuer_organisation,
        "names": ", ".join(shown.names[:10]), "expires": f"{shown.not_after:%Y-%m-%d}",
        "version": shown.version, "verify": shown.verify_text,
    }  # fmt: skip
    code = _wrong(shown, host, roots)
    if code == "not_yet_valid":
        args["date"] = f"{shown.not_before:%d %B %Y}".lstrip("0")
    if code == "outdated" and family == "tls.site":
        family = "tls.host"  # protocol versions are the server's, not the site's
    if code:
        return results.fail(label, f"{family}.{code}", args, **facts)
    if shown.days_left() < SOON_DAYS:
        return results.warn(label, f"{family}.expiring", args, **facts)
    return results.ok(label, **facts)


def _wrong(shown: Handshake, host: str, roots: Path | None) -> str | None:
    if shown.verify_code == EXPIRED or shown.days_left() < 0:
        return "expired"
    if shown.verify_code == NOT_YET_VALID:
        return "not_yet_valid"
    if shown.self_signed and shown.verify_code:
        return "self_signed"
    if not shown.covers(host):
        return "name_mismatch"
    if shown.verify_code in (NO_ISSUER, FIRST_UNVERIFIED) and (
        shown.issuer_to_fetch or of_a_trusted_house(shown.issuer_organisation, roots)
    ):
        return "chain_incomplete"
    if shown.verify_code:
        return "untrusted"
    return "outdated" if shown.version in OLD_VERSIONS else None


async def of_mail(service: str, target: Target, ctx: Context) -> CheckResult:
    """The certificate of one mail service."""
    talk = await session(service, target, ctx)
    if talk is None:
        return results.skip(service, "no_address")
    label = talk.place.label(service)
    more = {"port": STANDARD_PORTS[service], "address": talk.place.address,
            "server": talk.place.server.id}  # fmt: skip
    if talk.handshake is not None:
        return judge(
            talk.handshake,
            talk.place.host,
            "tls.host",
            label,
            more,
            ctx.settings.network.trust_roots,
        )
    if isinstance(talk.trouble, WireError) and talk.trouble.trouble is Trouble.TLS:
        args = {"host": talk.place.host, "detail": talk.trouble.detail, **more}
        return results.fail(label, "tls.host.handshake_failed", args)
    return results.skip(label, "parent", parent=f"mail.{service}.dialogue")


def _spec(service: str) -> Spec:
    async def run(target: Target, ctx: Context) -> CheckResult:
        return await of_mail(service, target, ctx)

    def applies(target: Target, ctx: Context) -> bool:
        return any(service in server.services for server in ctx.settings.servers)

    return Spec(
        f"tls.{service}.certificate", run, frozenset({"mail", "mail_reputation", "status"}),
        needs=(f"mail.{service}.connect",), own=True, applies=applies,
    )  # fmt: skip


SPECS = tuple(_spec(service) for service in MAIL_SERVICES)
