"""The faults of the lab once more, made with software nobody here wrote, judged by the same checks.

Not all faults have a counterpart: a daemon cannot be made to do everything. Every scenario that
has one is run by ``make evaluate-checks``; here are those that differ most from each other.
"""

from __future__ import annotations

import pytest

from lab.evaluation import Case, judge_with
from lab.scenarios import load
from tests.software.conftest import Software

pytestmark = [pytest.mark.software, pytest.mark.asyncio(loop_scope="session")]

FAULTS = (
    "account/mailbox-full",
    "account/visitor-address-blocked",
    "dns/a-missing",
    "dns/delegated-elsewhere",
    "dns/domain-missing",
    "dns/lame-delegation",
    "dns/mx-elsewhere",
    "dns/mx-null",
    "dns/own-name-servers-down",
    "dns/own-zone-missing",
    "dns/own-zone-servfail",
    "dns/parent-child-mismatch",
    "ftp/hung",
    "ftp/no-encryption",
    "ftp/ssh-refused",
    "mail/all-refused",
    "mail/delivery-stuck",
    "mail/disk-full",
    "mail/domain-not-accepted",
    "mail/imap-dropped",
    "mail/imap-hung",
    "mail/imap-refused",
    "mail/login-broken",
    "mail/login-service-down",
    "mail/pop3-refused",
    "mail/prober-blocked",
    "mail/smtp-busy",
    "mail/smtp-garbage",
    "mail/smtp-hung",
    "mail/submission-refused",
    "mail/submission-starttls-missing",
    "network/all-well-nothing-named",
    "reputation/reverse-name-missing",
    "reputation/sending-address-listed",
    "reputation/spf-lookups",
    "tls/expired-certificate",
    "tls/mail-incomplete-chain",
    "tls/mail-wrong-name",
    "tls/site-expired",
    "web/bad-gateway",
    "web/database-down",
    "web/empty-space",
    "web/hacked-search-visitors",
    "web/php-fatal",
    "web/redirect-loop",
    "web/server-error",
    "web/server-refused",
    "web/static-fine-script-500",
    "web/virtual-host-missing",
    "web/wordpress-white",
)
NEAR_MISSES = (
    "dns/mx-elsewhere",
    "mail/host-name-gone",
    "mail/smtp-refused",
    "tls/expired-certificate",
    "tls/mail-untrusted",
    "web/redirect-loop",
    "web/server-error",
    "web/virtual-host-missing",
)


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_of_a_real_daemon_is_laid_at_the_right_door(
    software: Software, name: str
) -> None:
    one = load()[name]
    case = Case(name, one.faults, one.complaint, one.expect, one.may)
    outcome = await judge_with(software.lab, software.settings, case)
    assert outcome.right, f"got {outcome.got} {outcome.got_cause}, wanted {one.expect}"


@pytest.mark.parametrize("name", NEAR_MISSES)
async def test_a_near_miss_on_a_real_daemon_is_not_mistaken_for_the_fault(
    software: Software, name: str
) -> None:
    near = load()[name].near_miss
    case = Case(name, near.faults, near.complaint, near.expect, near.may)
    outcome = await judge_with(software.lab, software.settings, case)
    assert outcome.right, f"got {outcome.got} {outcome.got_cause}, wanted {near.expect}"
