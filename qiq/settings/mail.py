"""The mail settings customers are given; the checks prove the same ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from qiq.settings.base import EnvName, HostName, Port, Section


class MailServer(Section):
    """One line of the settings card."""

    protocol: Literal["imap", "pop3", "smtp"]
    host: HostName
    port: Port
    security: Literal["tls", "starttls"]
    """"tls" is encrypted from the first byte; "starttls" upgrades after connecting."""


class Canary(Section):
    """A mailbox of the host's own, used to prove that the server sends, receives and logs in."""

    address: str
    username: str
    password_env: EnvName


class ProfileSigning(Section):
    """PEM files that sign Apple profiles, so that devices show them as verified."""

    certificates: Path
    """The certificate first, then its chain."""
    key: Path
    """The private key, unencrypted, readable by the bot alone."""


class Mail(Section):
    incoming: Annotated[tuple[MailServer, ...], Field(min_length=1)]
    """In the order to recommend them."""
    outgoing: Annotated[tuple[MailServer, ...], Field(min_length=1)]
    mx: tuple[HostName, ...]
    """What a hosted domain's MX record should name."""
    spf_include: HostName | None = None
    """The name customers put into SPF as include:…"""
    dkim_selector: str | None = None
    canary: Canary | None = None
    profile_signing: ProfileSigning | None = None
