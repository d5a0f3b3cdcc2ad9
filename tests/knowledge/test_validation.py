"""A bad entry is reported with file, entry, field, what is wrong and the fix."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qiq.knowledge import KnowledgeError, load

ROOT = Path(__file__).resolve().parents[2]

BAD = {
    "an unknown referral": (
        "errors/quota.yml",
        r"  usual_side: account\n",
        "  usual_side: account\n  refer_to: [nobody]\n",
        r"errors/quota\.yml: entry '.+', field 'refer_to': 'nobody' does not exist\. Fix: .+",
    ),
    "an unknown step": (
        "errors/quota.yml",
        r"first_aid: \[",
        "first_aid: [no-such-step, ",
        r"errors/quota\.yml: .+ 'first_aid': 'no-such-step' does not exist",
    ),
    "an unknown check": (
        "errors/quota.yml",
        r"host_checks: \[",
        "host_checks: [no-such-check, ",
        r"errors/quota\.yml: .+ 'host_checks': 'no-such-check' does not exist",
    ),
    "a broken pattern": (
        "errors/dns.yml",
        r"NXDOMAIN",
        "NXDOMAIN(",
        r"errors/dns\.yml: entry 'dns-nxdomain', field 'patterns': .+ no regular expression",
    ),
    "a pattern without fixed words": (
        "errors/dns.yml",
        r"'\\bNXDOMAIN\\b'",
        r"'\\w+'",
        r"entry 'dns-nxdomain', field 'patterns': .+ has no fixed words",
    ),
    "a misspelt field": (
        "referrals.yml",
        r"  looks_after:",
        "  look_after:",
        r"referrals\.yml: entry '.+', field 'look_after': is not a known field",
    ),
    "a number nobody read": (
        "referrals.yml",
        r"\n  phone_check: read",
        "\n  phone_check: memory",
        r"entry 'microsoft-365', field 'phone_check': .+ only when read",
    ),
    "an address without https": (
        "referrals.yml",
        r"https://support\.apple\.com/safari",
        "http://support.apple.com/safari",
        r"entry 'apple-safari', field 'support': .+https:// address",
    ),
    "an unknown placeholder": (
        "guides/general.yml",
        r"\{incoming_host\}",
        "{server}",
        r"guides/general\.yml: entry 'mail-client', field 'steps': \{server\} is unknown",
    ),
    "a trouble rule with a wrong party": (
        "trouble.yml",
        r"party: dns",
        "party: weather",
        r"trouble\.yml: entry 'dns-any', field 'party': is 'weather'\. Fix: use one of",
    ),
    "an alias of no program": (
        "aliases/clients.yml",
        r"  kmail:",
        "  kmale:",
        r"aliases/clients\.yml: entry 'kmale', field '\(id\)': is no mail program",
    ),
    "variants that differ": (
        "wording/errors.yml",
        r"In plain words, that message says: \{meaning\}",
        "In plain words: {sense}",
        r"wording/errors\.yml: .+ 'error\.meaning': has variants with different placeholders",
    ),
    "the same key twice": (
        "scope.yml",
        r"\nterms:",
        "\nserver:",
        r"scope\.yml: not valid YAML: line \d+: 'server' is there twice",
    ),
}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QIQ_STATE", str(tmp_path / "state"))
    return Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_entry_is_named(name: str, copy: Path) -> None:
    file, old, new, expected = BAD[name]
    text = (copy / file).read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1)
    assert changed != text
    (copy / file).write_text(changed, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(copy)
    assert any(re.search(expected, problem) for problem in caught.value.problems), str(caught.value)


def test_all_problems_are_shown_at_once(copy: Path) -> None:
    for file in ("trouble.yml", "referrals.yml"):
        text = (copy / file).read_text(encoding="utf-8")
        (copy / file).write_text(text + "broken: {oops: 1}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(copy)
    assert {p.split(":")[0] for p in caught.value.problems} >= {"trouble.yml", "referrals.yml"}


def test_the_command_prints_the_problems_and_fails(copy: Path) -> None:
    (copy / "scope.yml").write_text("server: {whose: nobody}\n", encoding="utf-8")
    run = _command(copy)
    assert run.returncode == 1
    assert "scope.yml: entry 'server', field 'whose': is 'nobody'" in run.stderr


def test_the_command_counts_what_is_there() -> None:
    run = _command()
    assert run.returncode == 0
    assert re.search(r"\b\d{3}  errors\n", run.stdout)


def _command(folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qiq.knowledge", *([str(folder)] if folder else [])]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no knowledge files here"):
        load(tmp_path)


def test_a_second_start_reads_the_same(copy: Path) -> None:
    first = load(copy)
    moved = Path(shutil.copytree(copy, copy.parent / "again"))
    assert load(moved).scopes == first.scopes
    assert load(moved).errors.entries == first.errors.entries
