"""The healthy zones, built from the tables of ``lab.hosts``."""

from __future__ import annotations

from lab.dns.keys import DKIM_RECORD
from lab.hosts import BRAND, HOSTED, HOSTS
from lab.world import Zone

TTL = 3600
TOP_LEVELS = ("com.", "org.", "net.", "example.")
PARENT_NAME = "a.parent.example."
REVERSE_APEX = "127.in-addr.arpa."
HOST_REVERSE = "10.0.127.in-addr.arpa."


def add(zone: Zone, name: str, kind: str, *values: str, ttl: int = TTL) -> None:
    """Append records; ``name`` is absolute without the last dot."""
    zone.setdefault((name.rstrip(".") + ".", kind), []).extend((ttl, value) for value in values)


def soa(zone: Zone, apex: str, primary: str) -> None:
    add(zone, apex, "SOA", f"{primary}. hostmaster.{primary}. 2026112301 7200 3600 1209600 300")


def hosted_zone(domain: str) -> Zone:
    """A customer's zone as the host sets it up."""
    zone: Zone = {}
    soa(zone, domain, f"ns1.{BRAND}")
    add(zone, domain, "NS", f"ns1.{BRAND}.", f"ns2.{BRAND}.")
    add(zone, domain, "A", HOSTS["server1"])
    add(zone, f"www.{domain}", "A", HOSTS["server1"])
    add(zone, f"ftp.{domain}", "A", HOSTS["server1"])
    add(zone, f"mail.{domain}", "CNAME", f"mail.{BRAND}.")
    add(zone, domain, "MX", f"10 mail.{BRAND}.")
    add(zone, domain, "TXT", f"v=spf1 include:spf.{BRAND} -all")
    add(zone, f"qiq._domainkey.{domain}", "TXT", DKIM_RECORD)
    add(zone, f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{domain}")
    return zone


def brand_zone() -> Zone:
    zone = hosted_zone(BRAND)
    for name in ("server1", "panel", "webmail"):
        add(zone, f"{name}.{BRAND}", "A", HOSTS["server1"])
    zone.pop((f"mail.{BRAND}.", "CNAME"))
    for name in ("mail", "ns1", "ns2"):
        add(zone, f"{name}.{BRAND}", "A", HOSTS[name])
    for name in ("imap", "smtp", "pop"):
        add(zone, f"{name}.{BRAND}", "CNAME", f"mail.{BRAND}.")
    add(zone, f"spf.{BRAND}", "TXT", f"v=spf1 ip4:{HOSTS['mail']} ip4:{HOSTS['server1']} -all")
    return zone


def other_zone(domain: str, host: str) -> Zone:
    """A company that is not a customer."""
    zone: Zone = {}
    soa(zone, domain, "ns.otherns.example")
    add(zone, domain, "NS", "ns.otherns.example.")
    add(zone, domain, "A", HOSTS[host])
    add(zone, f"www.{domain}", "A", HOSTS[host])
    return zone


def elsewhere() -> dict[str, Zone]:
    giant = other_zone("mailgiant.example", "mailgiant")
    for name in ("mx1", "mx2", "imap", "smtp"):
        add(giant, f"{name}.mailgiant.example", "A", HOSTS["mailgiant"])
    add(giant, "mailgiant.example", "MX", "10 mx1.mailgiant.example.")
    add(giant, "mailgiant.example", "TXT", "v=spf1 include:spf.mailgiant.example -all")
    add(giant, "spf.mailgiant.example", "TXT", f"v=spf1 ip4:{HOSTS['mailgiant']} -all")
    names = other_zone("otherns.example", "otherhost")
    add(names, "ns.otherns.example", "A", HOSTS["otherns"])
    listing = other_zone("dnsbl.example", "otherhost")
    # RFC 5782 section 5: 127.0.0.2 is always listed, 127.0.0.1 never.
    add(listing, "2.0.0.127.dnsbl.example", "A", "127.0.0.2")
    add(listing, "2.0.0.127.dnsbl.example", "TXT", "test entry (RFC 5782)")
    return {
        "mailgiant.example.": giant,
        "otherhost.example.": other_zone("otherhost.example", "otherhost"),
        "registrar.example.": other_zone("registrar.example", "parking"),
        "otherns.example.": names,
        "dnsbl.example.": listing,
    }


def reverse_zone() -> Zone:
    zone: Zone = {}
    soa(zone, HOST_REVERSE, f"ns1.{BRAND}")
    add(zone, HOST_REVERSE, "NS", f"ns1.{BRAND}.", f"ns2.{BRAND}.")
    for host in ("server1", "mail", "ns1", "ns2"):
        add(zone, f"{HOSTS[host].split('.')[3]}.{HOST_REVERSE}", "PTR", f"{host}.{BRAND}.")
    return zone


def delegate(zone: Zone, child: str, child_zone: Zone) -> None:
    """Put the child's NS set into the parent, with glue for name servers below the child."""
    for _, server in child_zone[(child, "NS")]:
        add(zone, child, "NS", server)


def parent_zones(children: dict[str, Zone]) -> dict[str, Zone]:
    """The root, the top levels and the reverse tree, all on one server."""
    zones: dict[str, Zone] = {apex: {} for apex in (".", *TOP_LEVELS, "arpa.", REVERSE_APEX)}
    for apex, zone in zones.items():
        zone[(apex, "SOA")] = [(TTL, f"{PARENT_NAME} noc.{PARENT_NAME} 1 7200 3600 1209600 300")]
        zone[(apex, "NS")] = [(TTL, PARENT_NAME)]
        if apex != ".":
            zones["."].setdefault((apex, "NS"), []).append((TTL, PARENT_NAME))
    add(zones["example."], PARENT_NAME, "A", HOSTS["parent"])
    add(zones["."], PARENT_NAME, "A", HOSTS["parent"])
    for child, zone in children.items():
        delegate(zones[parent_of(child)], child, zone)
    for name in ("ns1", "ns2"):
        add(zones["example."], f"{name}.{BRAND}", "A", HOSTS[name])
    add(zones["example."], "ns.otherns.example", "A", HOSTS["otherns"])
    return zones


def parent_of(apex: str) -> str:
    """The zone a child is delegated from."""
    return REVERSE_APEX if apex.endswith("in-addr.arpa.") else apex.split(".", 1)[1]


def healthy_zones() -> tuple[dict[str, Zone], dict[str, set[str]]]:
    """All zones by apex, and which name server host serves which of them."""
    ours = {f"{hosted.name}.": hosted_zone(hosted.name) for hosted in HOSTED}
    ours[f"{BRAND}."] = brand_zone()
    ours[HOST_REVERSE] = reverse_zone()
    others = elsewhere()
    parents = parent_zones({**ours, **others})
    serving = {
        "ns1": set(ours),
        "ns2": set(ours),
        "otherns": set(others),
        "parent": set(parents),
    }
    return {**ours, **others, **parents}, serving
