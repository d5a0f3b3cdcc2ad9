"""What strangers may type into the chat: no checks, and one plain answer without a reason."""

from __future__ import annotations

import pytest

from qiq.checks.model import CheckResult
from qiq.diagnosis import Diagnosis, Subject, diagnose
from qiq.verdict import Complaint
from tests.checks.build import Panel, settings

LONG = "a" * 64
HOSTILE = [
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "127.0.0.1",
    "http://127.0.0.1/", "http://127.0.0.1:5005/", "https://[::1]/", "http://[::ffff:7f00:1]/",
    "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://0/",
    "http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/",
    "http://metadata/", "http://100.100.100.200/", "http://192.168.0.1/", "10.0.0.1",
    "http://[fd00:ec2::254]/", "http://[fe80::1%25eth0]/", "0.0.0.0", "::1", "[::1]",
    "255.255.255.255", "http://example.com@127.0.0.1/", "http://127.0.0.1@example.com/",
    "http://user:secret@example.com/", "https://example.com:8080/", "https://example.com:22/",
    "https://example.com:0/", "https://example.com:99999/", "ftp://example.com/",
    "gopher://example.com:25/_EHLO", "file:///etc/passwd", "javascript:alert(1)",
    "dict://example.com/", "data:text/html,x", "//", "http://", "http:///", "https://?",
    "://example.com", "example.com\r\nHost: inside", "http://example.com/\r\nX: y",
    "example.com\x00.evil.example", "exam\tple.com", "http://exa\nmple.com/", "exаmple.com",
    "еxample.com", "examp1e.com.evil.example", "example.com.evil.example", "evil-example.com",
    "notexample.com", "example.co", "example.com.", "xn--", "xn--a",
    "xn--exmple-cua.com.evil.example", "😀.example", "😀", "e😀xample.com", "☃.net",
    f"{LONG}.example.com.evil.example", f"{LONG}.com", ".".join(["a" * 60] * 5), "a" * 300,
    "a." * 140 + "com", "." * 50, "..", ".", "-", "-.com", "com", "co.uk", "example",
    "*.example.com.x", "example..com", ".example.net", "otherhost.example", "mailgiant.example",
    "1.2.3.4.5", "1.com.1", "http://[::1", "http://]", "https://exa mple.com.evil.example/",
    "evil.example/example.com", "evil.example?example.com", "evil.example#example.com",
    "http://evil.example\\@example.com/", "http://evil.example%2f@example.com/", "' OR 1=1 --",
    "<script>alert(1)</script>", "${jndi:ldap://x}", "../../etc/passwd", "%00", "%2e%2e",
    "\u202eexample.moc", "\ufeff", "\u200bexample.org", "info@localhost", "info@[127.0.0.1]",
    "root@169.254.169.254", "", "   ",
]  # fmt: skip
HARMLESS = {"example.com.": "a dot at the end is how names are written in full"}


async def look(text: str, *, url: str | None = None) -> tuple[Diagnosis, list[CheckResult]]:
    seen: list[CheckResult] = []
    found = await diagnose(
        Complaint("site_down"), Subject(text, url=url), settings(), progress=seen.append,
        hosting=Panel(), batteries=(),
    )  # fmt: skip
    return found, seen


@pytest.mark.parametrize("text", [text for text in HOSTILE if text not in HARMLESS])
async def test_hostile_targets_get_no_checks_and_a_plain_answer(text: str) -> None:
    found, seen = await look(text)
    assert seen == []
    assert found.verdict.code == "not_hosted"
    payload = found.payload()
    assert (payload["checks"], payload["subject"]["domain"]) == ([], None)


@pytest.mark.parametrize("text", ["http://127.0.0.1/", "http://evil.example/", "gopher://x/"])
async def test_a_hostile_address_beside_an_honest_domain_is_refused_too(text: str) -> None:
    found, _ = await look("example.com", url=text)
    assert found.verdict.code == "not_hosted"


async def test_every_refusal_reads_the_same() -> None:
    """Nobody can tell "inside" from "not a customer" from "nonsense" by the answer."""
    texts = {(await look(text))[0].text() for text in ("127.0.0.1", "otherhost.example", "😀", "")}
    assert len(texts) == 1


@pytest.mark.parametrize("text", ["example.com", "EXAMPLE.com", "www.example.com", "example.com."])
async def test_honest_spellings_are_located(text: str) -> None:
    found, _ = await look(text)
    assert found.target is not None
    assert found.target.domain == "example.com"


@pytest.mark.parametrize(
    "text",
    ["müller.example", "xn--mller-kva.example", "MÜLLER.example", "https://müller.example/ä"],
)
async def test_international_names_are_located(text: str) -> None:
    found, _ = await look(text)
    assert found.target is not None
    assert found.target.domain == "xn--mller-kva.example"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("exmaple.com", "example.com"), ("exampl.com", "example.com"), ("example.cmo", "example.com"),
     ("exam.com", None), ("unrelated.example", None), ("a.com", None)],
)  # fmt: skip
async def test_one_slip_of_the_pen_is_asked_back(typed: str, meant: str | None) -> None:
    assert (await look(typed))[0].did_you_mean == meant


async def test_no_domain_is_named_when_two_would_fit() -> None:
    found = await diagnose(
        Complaint("site_down"), Subject("exampl.com"), settings(),
        hosting=Panel("example.com", "examplo.com"), batteries=(),
    )  # fmt: skip
    assert found.did_you_mean is None


async def test_a_refusal_is_logged_without_what_is_private(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await look("anna.mueller@otherhost.example")
    await look("http://user:geheim@otherhost.example/reset?token=t0psecret#x")
    assert "otherhost.example" in caplog.text
    for private in ("anna", "geheim", "t0psecret", "reset"):
        assert private not in caplog.text
