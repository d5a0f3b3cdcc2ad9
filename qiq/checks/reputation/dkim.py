"""Is the public key of the host's DKIM selector there and usable (RFC 6376 section 3.6.1)?"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from qiq.checks import results
from qiq.checks.context import Context
from qiq.checks.model import CheckResult, Status, Target
from qiq.checks.registry import Spec
from qiq.checks.reputation.sender import BATTERIES
from qiq.checks.reputation.tags import tags

ED25519_BYTES = 32


async def key(target: Target, ctx: Context) -> CheckResult:
    name = f"{ctx.settings.mail.dkim_selector}._domainkey.{target.domain}"
    answer = await ctx.dns.ask(name, "TXT")
    args = {"domain": target.domain, "name": name}
    if not answer.settled:
        return results.skip(name, "no_clear_answer")
    if not answer.records:
        return results.fail(name, "dns.dkim.missing", args)
    wrong = [what for what in map(fault, answer.records) if what]
    if len(wrong) == len(answer.records):
        return results.fail(name, "dns.dkim.invalid", {**args, "detail": wrong[0]})
    return results.ok(name)


async def usable(target: Target, ctx: Context) -> bool:
    """Whether the host signs, and the domain does not lack the key for it."""
    return _configured(target, ctx) and (await key(target, ctx)).status is not Status.FAIL


def fault(record: str) -> str:
    """What is wrong with a key record; empty when it is fine."""
    try:
        found = tags(record)
        if found.get("v", "DKIM1") != "DKIM1":
            return "it does not begin with v=DKIM1"
        if "p" not in found:
            return "the key (p=) is missing"
        if not found["p"]:
            return "the key has been withdrawn (p= is empty)"
        raw = base64.b64decode("".join(found["p"].split()), validate=True)
        if found.get("k", "rsa") == "ed25519":
            return "" if len(raw) == ED25519_BYTES else "the key has the wrong length"
        load_der_public_key(raw)
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return "the key cannot be read"
    return ""


def _configured(target: Target, ctx: Context) -> bool:
    return ctx.settings.mail.dkim_selector is not None


SPECS = (Spec("dns.dkim", key, BATTERIES, applies=_configured),)
