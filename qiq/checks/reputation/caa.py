"""Does the domain forbid the issuer of the certificate it uses (CAA, RFC 8659)?"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.errors import WireError
from qiq.checks.model import CheckResult, Target
from qiq.checks.registry import Spec
from qiq.checks.tls.site import handshake
from qiq.checks.web.place import site_place

FILE = Path(__file__).parents[3] / "knowledge" / "authorities.yml"
ISSUE = re.compile(r'^\d+\s+issue\s+"?([^";\s]*)', re.IGNORECASE)


@lru_cache(maxsize=1)
def _authorities() -> dict[str, list[str]]:
    found: dict[str, list[str]] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


async def allowed(target: Target, ctx: Context) -> CheckResult:
    """Only worth a word: a certificate that is in date is not harmed by it."""
    label = f"CAA {target.domain}"
    answer = await ctx.dns.ask(target.domain, "CAA")
    if not answer.settled:
        return results.skip(label, "no_clear_answer")
    issuers = {match[1].lower() for r in answer.records if (match := ISSUE.match(r))}
    where = await site_place(target, ctx)
    if not issuers or not where.address:
        return results.ok(label)
    try:
        shown = await ctx.once("site certificate", lambda: handshake(where, ctx))
    except WireError:
        return results.ok(label)
    names = _names_of(shown.issuer_organisation)
    if not names or names & issuers:
        return results.ok(label)
    args = {"domain": target.domain, "issuer": shown.issuer_organisation,
            "allowed": ", ".join(sorted(issuers)) or "nobody"}  # fmt: skip
    return results.warn(label, "dns.caa.blocks", args)


def _names_of(organisation: str) -> set[str]:
    known = (v for words, v in _authorities().items() if words in organisation.lower())
    return {name for names in known for name in names}


SPECS = (Spec("dns.caa", allowed, frozenset({"dns", "mail_reputation", "web"}), required=False),)
