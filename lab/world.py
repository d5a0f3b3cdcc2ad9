"""The state of the pretend internet: plain data that servers read at each question.

A fault edits a copy of the healthy world, so healing is taking the healthy one again.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

Zone = dict[tuple[str, str], list[tuple[int, str]]]
"""(owner name, type) → [(ttl, presentation text)]; names are lower case and end with a dot."""


@dataclass
class Wire:
    """How a TCP service treats a connection before any protocol starts (see ``lab.wire``)."""

    mode: str = "ok"
    seconds: float = 0.0
    text: str = ""


@dataclass
class NameServer:
    """How a name server treats questions. ``zones`` narrows the fault; empty means all."""

    mode: str = "ok"
    seconds: float = 0.0
    zones: tuple[str, ...] = ()


@dataclass
class Certificate:
    """What a server presents. ``kind`` is one of ``lab.pki.KINDS``; ``days`` is validity left."""

    kind: str = "good"
    days: int = 80
    names: tuple[str, ...] = ()


@dataclass
class Site:
    """A website and what is wrong with it (``behaviour`` is a key of ``lab.web.behaviours``)."""

    kind: str
    behaviour: str = "ok"
    args: dict[str, Any] = field(default_factory=dict)


@dataclass
class MailRules:
    """What the mail server does beyond the ordinary; keys name the protocol they change."""

    starttls_missing: set[str] = field(default_factory=set)
    starttls_fails: set[str] = field(default_factory=set)
    plain_login: set[str] = field(default_factory=set)
    no_auth: set[str] = field(default_factory=set)
    login: dict[str, str] = field(default_factory=dict)
    deliver: str = "ok"
    deliver_delay: float = 0.0
    greylist: bool = False
    banners: dict[str, str] = field(default_factory=dict)
    refuse: dict[str, str] = field(default_factory=dict)
    unknown_domains: set[str] = field(default_factory=set)
    broken_select: bool = False


@dataclass
class World:
    """Everything that a fault may change."""

    zones: dict[str, Zone]
    serving: dict[str, set[str]]
    name_servers: dict[str, NameServer]
    wires: dict[tuple[str, str], Wire]
    certificates: dict[str, Certificate]
    sites: dict[str, Site]
    accounts: dict[str, Any]
    registrations: dict[str, dict[str, Any]]
    feed: dict[str, Any]
    mail: MailRules = field(default_factory=MailRules)
    old_tls: set[tuple[str, str]] = field(default_factory=set)
    bogus: set[str] = field(default_factory=set)
    cached: Zone = field(default_factory=dict)
    ftp: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> World:
        return copy.deepcopy(self)
