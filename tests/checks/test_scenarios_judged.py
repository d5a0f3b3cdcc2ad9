"""Some faults of the lab and their near-misses, judged as a customer's complaint would be.

All of them: `make evaluate-checks`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lab.evaluation import cases, generous, judge_with
from lab.lab import Lab
from qiq.settings import load
from tests.checks.loopback import ipv6_needed

LOOKED_AT = (
    "account/visitor-address-blocked", "dns/a-mail-server", "dns/aaaa-elsewhere",
    "dns/aaaa-mail-server", "dns/delegated-elsewhere",
    "mail/imap-hung-after-banner", "mail/ipv6-dropped", "mail/ipv6-refused",
    "network/our-resolver-fails", "network/our-resolver-silent", "reputation/spf-macro-not-us",
    "tls/ftp-self-signed", "tls/interception", "tls/panel-expired", "tls/webmail-wrong-name",
    "tls/wrong-server-name",
    "web/http-and-https-differ", "web/ipv6-dropped", "web/ipv6-refused",
    "web/server-behind-a-cdn-refuses", "web/static-fine-script-500",
)  # fmt: skip


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    async with Lab.start(tmp_path) as running:
        yield running


@pytest.mark.parametrize("name", LOOKED_AT)
async def test_a_fault_and_its_near_miss_get_the_verdict_they_must(lab: Lab, name: str) -> None:
    if "ipv6" in name:
        ipv6_needed()
    settings = generous(load(lab.hosting_path))
    found = [await judge_with(lab, settings, case) for case in cases(name)]
    assert [(one.name, one.got, one.got_cause) for one in found if not one.right] == []
    assert found
