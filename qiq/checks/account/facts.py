"""Suspension, space, limits and mailbox of a verified customer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.hosting import DomainFacts, HostingError, MailboxFacts, Usage

EVERY = frozenset({"mail", "web", "ftp", "panel", "account", "mail_reputation"})
MAIL = frozenset({"mail", "account", "mail_reputation"})
WEB = frozenset({"web", "account"})
LOGIN_FAILURES = 3
Judge = Callable[[DomainFacts, Target], CheckResult]


async def _domain(target: Target, ctx: Context) -> DomainFacts | None:
    return await ctx.once("account", lambda: ctx.hosting.domain(target.domain))


def _on_domain(judge: Judge) -> Callable[[Target, Context], Awaitable[CheckResult]]:
    async def run(target: Target, ctx: Context) -> CheckResult:
        try:
            known = await _domain(target, ctx)
        except HostingError as error:
            return results.error(target.domain, "panel_failed", detail=str(error))
        if known is None:
            return results.fail(target.domain, "account.domain_missing", {"domain": target.domain})
        return judge(known, target)

    return run


def suspended(known: DomainFacts, target: Target) -> CheckResult:
    if known.suspended is None:
        return results.ok(target.domain)
    args = {"domain": target.domain, "reason": known.suspended}
    return results.fail(target.domain, "account.suspended", args)


def space(known: DomainFacts, target: Target) -> CheckResult:
    """Disk, number of files, monthly traffic."""
    kinds = (
        ("account.disk_full", known.disk, "MB"), ("account.inodes_full", known.inodes, "files"),
        ("account.bandwidth", known.bandwidth, "MB"),
    )  # fmt: skip
    for code, usage, unit in kinds:
        if usage is not None and usage.full:
            return results.fail(target.domain, code, _usage(usage, unit, domain=target.domain))
    return results.ok(target.domain)


def limits(known: DomainFacts, target: Target) -> CheckResult:
    worst = max(known.resource_limits.items(), key=lambda item: item[1], default=None)
    if worst is None or worst[1] < 1:
        return results.ok(target.domain)
    detail = f"hit {worst[1]} times within the hour"
    args = {"domain": target.domain, "resource": worst[0].replace("_", " "), "detail": detail}
    return results.fail(target.domain, "account.resource_limit", args)


def php(known: DomainFacts, target: Target) -> CheckResult:
    if not known.last_php_error:
        return results.ok(target.domain)
    args = {"domain": target.domain, "message": known.last_php_error}
    # An old line in the log proves nothing by itself; it explains what the page checks find.
    return results.warn(target.domain, "account.php_error", args)


async def mailbox(target: Target, ctx: Context) -> CheckResult:
    assert target.email is not None
    try:
        box = await ctx.hosting.mailbox(target.email)
    except HostingError as error:
        return results.error(target.email, "panel_failed", detail=str(error))
    if box is None:
        return results.fail(target.email, "account.mailbox_missing", {"email": target.email})
    return _mailbox(box)


def _mailbox(box: MailboxFacts) -> CheckResult:
    args = {"email": box.address}
    if box.suspended is not None:
        more = {"reason": box.suspended or "no reason was noted"}
        return results.fail(box.address, "account.mailbox_suspended", args | more)
    if box.usage is not None and box.usage.full:
        return results.fail(box.address, "account.mailbox_full", _usage(box.usage, "MB", **args))
    if 0 < box.sending_limit <= box.sent_last_hour:
        more = {"sent": str(box.sent_last_hour), "limit": str(box.sending_limit)}
        return results.fail(box.address, "account.sending_limit", args | more)
    if box.failed_logins >= LOGIN_FAILURES:
        more = {"count": str(box.failed_logins), "ip": box.failed_from or "unknown"}
        return results.fail(box.address, "account.login_failures", args | more)
    return results.ok(box.address)


def _usage(usage: Usage, unit: str, **more: str) -> dict[str, object]:
    return {"used": f"{usage.used:,} {unit}", "quota": f"{usage.quota:,} {unit}", **more}


def _verified(target: Target, ctx: Context) -> bool:
    return target.verified


def _own_mailbox(target: Target, ctx: Context) -> bool:
    """A verified customer's mailbox, and only one of the verified domain."""
    if not target.verified or target.email is None:
        return False
    return target.email.rpartition("@")[2].lower() == target.domain


SPECS = (
    Spec("account.suspended", _on_domain(suspended), EVERY, applies=_verified),
    Spec("account.space", _on_domain(space), EVERY, applies=_verified),
    Spec("account.limits", _on_domain(limits), WEB, applies=_verified),
    Spec("account.php_error", _on_domain(php), WEB, required=False, applies=_verified),
    Spec("account.mailbox", mailbox, MAIL, applies=_own_mailbox),
)
