"""Accounts in a YAML file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qiq.hosting import HostingError, Usage
from qiq.hosting.file import FileHosting

ACCOUNTS = """
version: 1
accounts:
  - domain: müller.example
    aliases: [example.com]
    server: server1
    mail_server: mail
    disk: {used_mb: 1000, quota_mb: 1000}
    mailboxes:
      - {address: Info@müller.example, used_mb: 5, quota_mb: 10, failed_logins: 4}
blocks:
  - {address: 203.0.113.7, server: mail, reason: "zwölf falsche Passwörter"}
services: {server1: {mysql: down}}
"""


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(1, 1))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.yml"
    path.write_text(ACCOUNTS, encoding="utf-8")
    return path


async def test_domains_and_aliases_are_found_in_either_spelling(file: Path) -> None:
    hosting = FileHosting(file)
    assert await hosting.domains() == {"xn--mller-kva.example", "example.com"}
    facts = await hosting.domain("example.com")
    assert facts is not None
    assert (facts.server, facts.mail_server) == ("server1", "mail")
    assert facts.disk is not None
    assert facts.disk.full
    assert await hosting.domain("otherhost.example") is None


async def test_mailboxes_blocks_and_services_are_found(file: Path) -> None:
    hosting = FileHosting(file)
    box = await hosting.mailbox("info@xn--mller-kva.example")
    assert box is not None
    assert (box.usage, box.failed_logins) == (Usage(5, 10), 4)
    assert await hosting.mailbox("nobody@xn--mller-kva.example") is None
    block = await hosting.block("203.0.113.7")
    assert block is not None
    assert block.reason == "zwölf falsche Passwörter"
    assert await hosting.service_up("server1", "mysql") is False
    assert await hosting.service_up("server1", "redis") is None


async def test_a_change_of_the_file_is_seen(file: Path) -> None:
    hosting = FileHosting(file)
    assert await hosting.block("203.0.113.7") is not None
    write(file, "version: 1\naccounts: [{domain: neu.example}]\n")
    assert await hosting.block("203.0.113.7") is None
    assert await hosting.domains() == {"neu.example"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("version: 1\naccounts: [{domain: a.example, quota: 5}]", "accounts.0.quota"),
        ("version: 1\naccounts: [{}]", "accounts.0.domain"),
        ("version: 2\naccounts: []", "version"),
        ("version: 1\naccounts: [{domain: 'not a name!'}]", "accounts.0.domain"),
        ("version: 1\naccounts: [{domain: a.example, mail_routing: there}]", "mail_routing"),
        ("accounts: [", "YAML"),
        ("", "Input"),
    ],
)
async def test_a_bad_file_names_what_is_wrong(file: Path, text: str, named: str) -> None:
    write(file, text)
    with pytest.raises(HostingError, match=named):
        await FileHosting(file).domains()


async def test_a_missing_file_is_our_failure(tmp_path: Path) -> None:
    with pytest.raises(HostingError, match=r"accounts\.yml"):
        await FileHosting(tmp_path / "accounts.yml").domains()
