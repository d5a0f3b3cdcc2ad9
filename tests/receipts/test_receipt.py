"""A customer can show a helper what was tested, and nothing private with it."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from qiq.receipts import build, html, pdf
from qiq.settings import load

ROOT = Path(__file__).parents[2]
WORDS = yaml.safe_load((ROOT / "knowledge/wording/receipt.yml").read_text(encoding="utf-8"))


def say(key: str, **args: object) -> str:
    return WORDS[key].format(**args)


def check(
    id: str = "mail.imaps.connect", status: str = "pass", **over: object
) -> dict[str, object]:
    base = {
        "id": id,
        "target": "mail.example.com:993",
        "status": status,
        "summary": "IMAP antwortet – fine",
        "ms": 12,
    }
    return base | over


def payload(*checks: dict[str, object], **over: object) -> dict[str, object]:
    base = {
        "case": "QIQ-7F3K2",
        "subject": {"domain": "example.com", "service": "mail"},
        "verdict": "third_party",
        "cause": "client.unreachable",
        "certainty": "likely",
        "checks": list(checks) or [check()],
    }
    return base | over


@pytest.fixture
def receipt():
    settings = load(ROOT / "docs/hosting.example.yml")

    def make(*checks: dict[str, object], **over: object):
        when = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
        until = datetime(2026, 12, 23, 10, 5, tzinfo=UTC)
        place = "the network of QiQ"
        return build(
            payload(*checks, **over), settings, say, tested=when, expires=until, place=place
        )

    return make


def test_it_says_what_was_tested_when_from_where_and_with_what_result(receipt):
    page = html.render(receipt(), "tok")
    facts = ["23 November 2026, 10:05 UTC", "the network of QiQ", "QIQ-7F3K2"]
    results = ["IMAP antwortet – fine", "passed", "mail.imaps.connect", "12 ms"]
    for text in facts + results + ["mail.qiq.example", "993", "SSL/TLS"]:
        assert text in page


@pytest.mark.parametrize(
    ("statuses", "verdict", "sentence"),
    [
        (["pass"], "third_party", "did what they should"),
        (["pass", "skip"], "all_clear", "did what they should"),
        (["pass", "fail"], "host_fault", "Not every test passed"),
        (["pass", "warn"], "third_party", "Not every test passed"),
        (["pass", "skip"], "inconclusive", "not a full clean bill"),
        (["pass", "error"], "third_party", "not a full clean bill"),
        (["skip"], "all_clear", "not a full clean bill"),
    ],
)
def test_it_never_claims_more_than_was_proven(receipt, statuses, verdict, sentence):
    made = receipt(*(check(status=status) for status in statuses), verdict=verdict)
    assert sentence in made.words["outcome"]


def test_account_facts_stay_out_even_for_their_owner(receipt):
    private = check("account.quota", "fail", summary="mailbox brimful")
    made = receipt(
        check(), private, verdict="account", cause="account.mailbox_full", certainty="proven"
    )
    page = html.render(made, "tok")
    assert "brimful" not in page
    assert "mailbox_full" not in page


def test_what_strangers_servers_say_cannot_become_markup(receipt):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    made = receipt(check(summary=evil, target=evil))
    page = html.render(made, "tok")
    assert "<script" not in page
    assert "<img" not in page
    assert pdf.render(made).startswith(b"%PDF-")


def test_the_page_needs_no_inline_style_or_script(receipt):
    page = html.render(receipt(), "tok")
    assert "style=" not in page
    assert "<style" not in page
    assert "<script" not in page


def test_a_long_receipt_breaks_over_pages(receipt):
    made = receipt(*(check(summary="word " * 40, target="a" * 200) for _ in range(60)))
    assert pdf.render(made).count(b"/Type /Page\n") > 1


def test_the_pdf_library_is_loaded_only_for_a_pdf():
    code = "import sys, qiq.gateway.receipts; sys.exit('reportlab' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
