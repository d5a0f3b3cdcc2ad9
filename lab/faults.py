"""The words of a scenario's ``faults:`` list, each turned into a change of the world.

A fault is a mapping; the key that names its kind is one of ``KINDS``. docs/lab.md lists them with
their further keys. ``FaultError`` says which fault is wrong, why, and what would be right.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from lab.hosts import GROUPS, HOSTS, NAME_SERVERS, OWNERS
from lab.pki import KINDS as CERTIFICATE_KINDS
from lab.pki import NAMES
from lab.web.behaviours import BEHAVIOURS
from lab.world import Certificate, NameServer, Site, Wire, World

Fault = dict[str, Any]
WIRE_MODES = ("ok", "refused", "dropped", "slow", "hung", "half-open", "hung-after-banner",
              "garbage", "endless", "drip", "reset", "busy", "closed")  # fmt: skip
SERVER_MODES = frozenset(
    ["ok", "down", "dropped", "slow", "servfail", "refused", "notauth", "lame"]
)
LONG_SECONDS = 30.0


class FaultError(ValueError):
    """A fault that cannot be understood."""


def _one_of(what: str, value: object, allowed: object) -> None:
    names = sorted(str(name) for name in allowed)  # type: ignore[attr-defined]
    if value not in names:
        raise FaultError(f"{what} is {value!r}; it must be one of: {', '.join(names)}")


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def services(fault: Fault) -> list[tuple[str, str]]:
    """The (host, service) pairs a fault names; a group word or a service of the pretend host."""
    found: list[tuple[str, str]] = []
    for name in _listed(fault["service"]):
        if name in GROUPS:
            found += GROUPS[name]
            continue
        if "host" not in fault:
            _one_of("service", name, [*OWNERS, *GROUPS])
        found.append((fault.get("host") or OWNERS[name], name))
    return found


def _service(world: World, fault: Fault) -> None:
    """``{service: imaps | all-mail | […], mode, seconds?, text?, host?}``"""
    mode = fault.get("mode", "refused")
    _one_of("mode", mode, WIRE_MODES)
    for pair in services(fault):
        if pair not in world.wires:
            raise FaultError(f"{pair[0]} runs no service {pair[1]!r}")
        seconds = float(fault.get("seconds", LONG_SECONDS if mode == "slow" else 0))
        world.wires[pair] = Wire(mode, seconds, str(fault.get("text", "")))


def _old_tls(world: World, fault: Fault) -> None:
    """``{old_tls: imaps | all-mail | […]}``: nothing newer than TLS 1.1."""
    world.old_tls |= set(services({"service": fault["old_tls"]}))


def _certificate(world: World, fault: Fault) -> None:
    """``{certificate: mail | brand | a site, kind?, days?, names?}``"""
    identity = str(fault["certificate"])
    _one_of("certificate", identity, NAMES)
    kind = fault.get("kind", "good")
    _one_of("kind", kind, CERTIFICATE_KINDS)
    days = int(fault.get("days", 80 if kind != "expired" else 3))
    names = tuple(_listed(fault["names"])) if "names" in fault else ()
    world.certificates[identity] = Certificate(kind, days, names)


def _zone_of(world: World, name: str, parent: bool) -> str:
    labels = name.rstrip(".").split(".")
    candidates = [".".join(labels[i:]) + "." for i in range(1 if parent else 0, len(labels))]
    found = next((apex for apex in [*candidates, "."] if apex in world.zones), None)
    if found is None:
        raise FaultError(f"no zone holds {name!r}")
    return found


def _record(world: World, fault: Fault) -> None:
    """``{record: example.com, type, values: […] | none: true, add?, ttl?, parent?, filler?}``

    Replaces the records of that name and type, or adds to them; ``parent`` edits the parent zone;
    ``filler`` adds so many long TXT strings.
    """
    name = str(fault["record"]).lower().rstrip(".")
    kind = str(fault["type"]).upper()
    zone = world.zones[_zone_of(world, name, bool(fault.get("parent")))]
    key = (f"{name}.", kind)
    if not fault.get("add"):
        zone.pop(key, None)
    ttl = int(fault.get("ttl", 3600))
    values = _listed(fault["values"]) if "values" in fault else []
    values += [f"filler-{n}=" + "z" * 240 for n in range(int(fault.get("filler", 0)))]
    if kind == "CNAME":
        for other in [k for k in zone if k[0] == key[0]]:
            zone.pop(other)
    if values:
        zone.setdefault(key, []).extend((ttl, value) for value in values)


def _cached(world: World, fault: Fault) -> None:
    """``{cached: example.com, type, values, ttl}``: what the resolver still remembers."""
    key = (str(fault["cached"]).lower().rstrip(".") + ".", str(fault["type"]).upper())
    world.cached[key] = [(int(fault.get("ttl", 7200)), v) for v in _listed(fault["values"])]


def _name_server(world: World, fault: Fault) -> None:
    """``{name_server: ns1, mode, seconds?, zones?}``; ``lame`` takes the zones off the server."""
    mode = fault.get("mode", "down")
    _one_of("mode", mode, SERVER_MODES)
    zones = tuple(f"{z.rstrip('.')}." for z in _listed(fault.get("zones", [])))
    for host in _listed(fault["name_server"]):
        _one_of("name_server", host, NAME_SERVERS)
        if mode == "lame":
            world.serving[host] -= set(zones)
        else:
            seconds = float(fault.get("seconds", LONG_SECONDS))
            world.name_servers[host] = NameServer(mode, seconds, zones)


def _delegation(world: World, fault: Fault) -> None:
    """``{delegation: example.com, servers: [ns.otherns.example], serve?, move?}``

    Changes the parent; no servers, no domain. ``serve: otherns`` lets that machine serve the zone
    too; ``move: otherns`` also puts the new name servers into the zone itself.
    """
    child = str(fault["delegation"]).rstrip(".") + "."
    parent = world.zones[_zone_of(world, child, parent=True)]
    parent.pop((child, "NS"), None)
    servers = _listed(fault.get("servers", []))
    if servers:
        parent[(child, "NS")] = [(3600, f"{s.rstrip('.')}.") for s in servers]
    if machine := fault.get("move") or fault.get("serve"):
        _one_of("machine", machine, NAME_SERVERS)
        world.serving[machine].add(child)
    if fault.get("move"):
        world.zones[child][(child, "NS")] = [(3600, f"{s.rstrip('.')}.") for s in servers]


def _bogus(world: World, fault: Fault) -> None:
    """``{dnssec_bogus: example.com}``: signed at the parent, and the signature does not fit."""
    child = str(fault["dnssec_bogus"]).rstrip(".") + "."
    world.bogus.add(child)
    parent = world.zones[_zone_of(world, child, parent=True)]
    parent[(child, "DS")] = [(3600, "4711 13 2 " + "ab" * 32)]


def _site(world: World, fault: Fault) -> None:
    """``{site: example.com | '*', behaviour, …arguments}``; ``*`` is the web server itself."""
    name = str(fault["site"])
    _one_of("site", name, world.sites)
    _one_of("behaviour", fault.get("behaviour"), [*BEHAVIOURS, "slow", "ok"])
    rest = {k: v for k, v in fault.items() if k not in ("site", "behaviour", "kind")}
    kind = fault.get("kind", world.sites[name].kind)
    world.sites[name] = Site(kind, fault["behaviour"], rest)


def _mail(world: World, fault: Fault) -> None:
    """``{mail: WORD, protocol?, text?, seconds?, domain?, how?, step?}``

    ``protocol`` is imap, pop3, smtp (port 25) or submission (587 and 465); all when left out.
    WORD: starttls-missing, starttls-fails, plain-login, no-auth, login, deliver, delay, greylist,
    banner, refuse, unknown-domain, select.
    """
    word, rules = str(fault["mail"]), world.mail
    protocols = _listed(fault.get("protocol", ["smtp", "submission", "imap", "pop3"]))
    if word == "starttls-missing":
        rules.starttls_missing |= set(protocols)
    elif word == "starttls-fails":
        rules.starttls_fails |= set(protocols)
    elif word == "plain-login":
        rules.plain_login |= set(protocols)
    elif word == "login":
        rules.login.update(dict.fromkeys(protocols, str(fault.get("how", "unavailable"))))
    elif word == "deliver":
        rules.deliver = "never"
    elif word == "delay":
        rules.deliver_delay = float(fault["seconds"])
    elif word == "greylist":
        rules.greylist = True
    elif word == "banner":
        rules.banners.update(dict.fromkeys(protocols, str(fault["text"])))
    elif word == "refuse":
        rules.refuse[str(fault["step"])] = str(fault["text"])
    elif word == "unknown-domain":
        rules.unknown_domains.add(str(fault["domain"]))
    elif word == "no-auth":
        rules.no_auth |= set(protocols)
    elif word == "select":
        rules.broken_select = True
    else:
        raise FaultError(f"mail is {word!r}, which is no fault of the mail server")


def _account(world: World, fault: Fault) -> None:
    """``{account: example.com, set: {…}, mailbox?}``: merged into that entry of accounts.yml."""
    domains = world.accounts["domains"]
    name = str(fault["account"])
    _one_of("account", name, domains)
    entry = domains[name]
    if fault.get("gone"):
        del domains[name]
    elif "mailbox" in fault:
        boxes = entry["mailboxes"]
        local = str(fault["mailbox"])
        if fault.get("set") is None:
            boxes.pop(local, None)
        else:
            _merge(boxes.setdefault(local, {}), fault["set"])
    else:
        _merge(entry, fault["set"])


def _merge(entry: dict[str, Any], change: dict[str, Any]) -> None:
    for key, value in change.items():
        if isinstance(value, dict) and isinstance(entry.get(key), dict):
            _merge(entry[key], value)
        else:
            entry[key] = value


def _block(world: World, fault: Fault) -> None:
    """``{block: address, reason, server?}``: the host's firewall shuts an address out."""
    server = str(fault.get("server", "mail"))
    entry = {"address": str(fault["block"]), "server": server, "reason": str(fault["reason"])}
    world.accounts["blocks"].append(entry)


def _known_service(world: World, fault: Fault) -> None:
    """``{known_service: mysql, state: down, server?}``: what the host's own monitoring says."""
    _one_of("state", fault["state"], ("up", "down", "unknown"))
    known = world.accounts["services"].setdefault(str(fault.get("server", "server1")), {})
    if fault["state"] == "unknown":
        known.pop(str(fault["known_service"]), None)
    else:
        known[str(fault["known_service"])] = fault["state"]


def _ftp(world: World, fault: Fault) -> None:
    """``{ftp: no-tls | tls-fails}``"""
    _one_of("ftp", fault["ftp"], ("no-tls", "tls-fails"))
    world.ftp["trouble"] = fault["ftp"]


def _registration(world: World, fault: Fault) -> None:
    """``{registration: example.com, status?, expires_in_days?, mode?: broken, none?: true}``"""
    name = str(fault["registration"])
    if fault.get("none"):
        world.registrations.pop(name, None)
        return
    entry = world.registrations[name]
    if "status" in fault:
        entry["status"] = _listed(fault["status"])
    if "expires_in_days" in fault:
        moment = datetime.now(UTC) + timedelta(days=float(fault["expires_in_days"]))
        entry["expires"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if "mode" in fault:
        entry["mode"] = str(fault["mode"])


def _listing(world: World, fault: Fault) -> None:
    """``{dnsbl: mail | server1 | address, answer?}``: a block list names the address (RFC 5782)."""
    address = HOSTS.get(str(fault["dnsbl"]), str(fault["dnsbl"]))
    name = ".".join(reversed(address.split("."))) + ".dnsbl.example."
    zone = world.zones["dnsbl.example."]
    zone[(name, "A")] = [(300, str(fault.get("answer", "127.0.0.2")))]
    zone[(name, "TXT")] = [(300, f"Spam was seen from {address}")]


def _incident(world: World, fault: Fault) -> None:
    """``{incident: title, component, impact?, status?}``: an entry on the status page."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    status = str(fault.get("status", "investigating"))
    world.feed["incidents"].append(
        {
            "id": f"i{len(world.feed['incidents']) + 1}",
            "name": str(fault["incident"]),
            "status": status,
            "impact": str(fault.get("impact", "major")),
            "created_at": at,
            "updated_at": at,
            "resolved_at": at if status == "resolved" else None,
            "incident_updates": [{"body": str(fault["incident"]), "created_at": at}],
            "components": [{"name": str(fault.get("component", "Mail"))}],
        }
    )
    if status != "resolved":
        world.feed["status"] = {"indicator": "major", "description": "Partial System Outage"}


KINDS: dict[str, Callable[[World, Fault], None]] = {
    "service": _service,
    "old_tls": _old_tls,
    "certificate": _certificate,
    "record": _record,
    "cached": _cached,
    "name_server": _name_server,
    "delegation": _delegation,
    "dnssec_bogus": _bogus,
    "site": _site,
    "mail": _mail,
    "account": _account,
    "block": _block,
    "known_service": _known_service,
    "ftp": _ftp,
    "registration": _registration,
    "dnsbl": _listing,
    "incident": _incident,
}


def apply_fault(world: World, fault: Fault) -> None:
    """Change ``world`` as the fault says; FaultError names what cannot be understood."""
    kind = next((word for word in KINDS if word in fault), None)
    if kind is None:
        raise FaultError(f"{fault} names no kind of fault; known are: {', '.join(KINDS)}")
    try:
        KINDS[kind](world, fault)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, FaultError):
            raise
        raise FaultError(f"{kind} fault {fault}: {type(error).__name__} {error}") from error
