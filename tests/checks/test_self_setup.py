"""Records by which mail programs set themselves up: right, absent, and left over from before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from lab.lab import Lab
from qiq.checks.batteries import SERVICES
from qiq.checks.model import CheckResult, Status
from qiq.diagnosis import Subject, diagnose
from qiq.settings import load
from qiq.verdict import Complaint

OURS = "0 1 993 mail.qiq.example."


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    async with Lab.start(tmp_path) as running:
        yield running


def record(name: str, kind: str, *values: str) -> dict[str, Any]:
    return {"record": f"{name}.example.com", "type": kind, "values": list(values)}


async def look(lab: Lab, *faults: dict[str, Any], public_url: str | None = None) -> CheckResult:
    await lab.set_faults(list(faults))
    settings = load(lab.hosting_path)
    channels = settings.channels.model_copy(update={"public_url": public_url})
    settings = settings.model_copy(update={"channels": channels})
    found = await diagnose(
        Complaint("email_setup"), Subject("example.com"), settings, batteries=SERVICES["autoconfig"]
    )
    (result,) = found.results
    return result


async def test_nothing_published_is_no_fault_and_the_exact_records_are_known(lab: Lab) -> None:
    result = await look(lab)
    assert (result.status, result.facts["published"]) == (Status.PASS, "no")
    assert f"_imaps._tcp.example.com SRV {OURS}" in str(result.facts["records"])


async def test_right_records_are_not_asked_for_again(lab: Lab) -> None:
    result = await look(lab, record("_imaps._tcp", "SRV", OURS))
    assert (result.status, result.facts["published"]) == (Status.PASS, "some")
    assert "_imaps" not in str(result.facts["records"])


@pytest.mark.parametrize(
    ("name", "kind", "value", "right"),
    [
        ("_imaps._tcp", "SRV", "0 1 993 mail.mailgiant.example.", OURS),
        ("_submissions._tcp", "SRV", "0 1 2465 mail.qiq.example.", "465 mail.qiq.example."),
        ("_autodiscover._tcp", "SRV", "0 1 443 autodiscover.mailgiant.example.", "none"),
        ("autodiscover", "A", "127.0.20.1", "none"),
        ("autoconfig", "A", "127.0.20.1", "none"),
    ],
)
async def test_what_leads_away_is_named_with_its_right_value(
    lab: Lab, name: str, kind: str, value: str, right: str
) -> None:
    result = await look(lab, record(name, kind, value))
    (finding,) = result.findings
    assert (result.status, finding.code) == (Status.FAIL, "dns.autoconfig.elsewhere")
    assert finding.args["names"] == f"{name}.example.com"
    assert right in finding.args["expected"]


@pytest.mark.parametrize(
    ("name", "kind", "value"),
    [
        ("autodiscover", "A", "127.0.10.1"),
        ("_imaps._tcp", "SRV", "0 0 0 ."),
        ("_autodiscover._tcp", "SRV", "0 1 443 webmail.qiq.example."),
    ],
)
async def test_an_innocent_record_is_no_fault(lab: Lab, name: str, kind: str, value: str) -> None:
    found = await look(lab, record(name, kind, value), public_url="https://webmail.qiq.example")
    assert found.status is Status.PASS


async def test_names_of_the_gateway_are_among_the_records(lab: Lab) -> None:
    result = await look(lab, public_url="https://webmail.qiq.example")
    assert "autoconfig.example.com CNAME webmail.qiq.example." in str(result.facts["records"])
