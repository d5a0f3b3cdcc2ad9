"""Every check there is, by id. Nothing registers itself: what is not listed here does not run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from qiq.checks.context import Context
from qiq.checks.model import CheckResult, Target

Run = Callable[[Target, Context], Awaitable[CheckResult]]
Applies = Callable[[Target, Context], bool]


@dataclass(frozen=True)
class Spec:
    """One check. ``needs`` must pass first; ``applies`` false means it is not part of this run."""

    id: str
    run: Run
    batteries: frozenset[str]
    needs: tuple[str, ...] = ()
    required: bool = True
    own: bool = False
    applies: Applies | None = None


def specs() -> tuple[Spec, ...]:
    """All checks, in the order they are shown."""
    from qiq.checks import account, dns, ftp, ipv6, mail, reputation, tls, web

    listed: tuple[Iterable[Spec], ...] = (
        mail.SPECS, tls.SPECS, web.SPECS, dns.SPECS, reputation.SPECS, ftp.SPECS, ipv6.SPECS,
        account.SPECS,
    )  # fmt: skip
    return tuple(spec for group in listed for spec in group)


def planned(batteries: frozenset[str], target: Target, ctx: Context) -> tuple[Spec, ...]:
    """The checks of ``batteries`` that apply to ``target``."""
    return tuple(
        spec
        for spec in specs()
        if spec.batteries & batteries and (spec.applies is None or spec.applies(target, ctx))
    )
