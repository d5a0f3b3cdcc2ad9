"""One authoritative answer, from data alone (RFC 1034 section 4.3.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.world import World, Zone

Row = tuple[str, str, int, str]
"""Owner, type, ttl, presentation text."""


@dataclass
class Reply:
    """What a name server says, and how late; ``silent`` is no answer at all."""

    rcode: str = "NOERROR"
    aa: bool = False
    answer: list[Row] = field(default_factory=list)
    authority: list[Row] = field(default_factory=list)
    additional: list[Row] = field(default_factory=list)
    seconds: float = 0.0
    silent: bool = False

    @property
    def referral(self) -> bool:
        return not self.aa and not self.answer and any(row[1] == "NS" for row in self.authority)


def rows(zone: Zone, name: str, kind: str, owner: str | None = None) -> list[Row]:
    return [(owner or name, kind, ttl, text) for ttl, text in zone.get((name, kind), [])]


def ancestors(name: str) -> list[str]:
    """``a.b.`` → ``a.b.``, ``b.``, ``.``"""
    labels = name.rstrip(".").split(".") if name != "." else []
    return [".".join(labels[i:]) + "." for i in range(len(labels))] + ["."]


def answer(world: World, host: str, name: str, kind: str) -> Reply:
    """What name server ``host`` says to a question, faults included."""
    apex = next((a for a in ancestors(name) if a in world.serving.get(host, ())), None)
    state = world.name_servers.get(host)
    if state and state.mode != "ok" and (not state.zones or apex in state.zones):
        if state.mode in ("dropped", "down"):
            return Reply(silent=True)
        if state.mode in ("servfail", "refused", "notauth"):
            return Reply(rcode=state.mode.upper())
    reply = Reply(rcode="REFUSED") if apex is None else in_zone(world, apex, name, kind)
    if state and state.mode == "slow" and (not state.zones or apex in state.zones):
        reply.seconds = state.seconds
    return reply


def in_zone(world: World, apex: str, name: str, kind: str) -> Reply:
    zone = world.zones[apex]
    cut = delegation(zone, apex, name)
    if cut and not (cut == name and kind == "DS"):
        return referral(world, zone, cut)
    return authoritative(zone, apex, name, kind)


def delegation(zone: Zone, apex: str, name: str) -> str | None:
    """The highest zone cut between the apex and the name."""
    path = [a for a in ancestors(name) if a.endswith(apex) and a != apex]
    return next((a for a in reversed(path) if (a, "NS") in zone), None)


def referral(world: World, zone: Zone, cut: str) -> Reply:
    reply = Reply(authority=rows(zone, cut, "NS") + rows(zone, cut, "DS"))
    for _, kind, _, server in reply.authority:
        if kind == "NS":
            reply.additional += rows(zone, server, "A")
    return reply


def authoritative(zone: Zone, apex: str, name: str, kind: str) -> Reply:
    reply = Reply(aa=True)
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        source = name if exists(zone, name) else wildcard(zone, apex, name)
        if source is None:
            reply.rcode = "NXDOMAIN"
            break
        found = rows(zone, source, kind, name)
        alias = rows(zone, source, "CNAME", name) if kind != "CNAME" else []
        if found or not alias:
            reply.answer += found
            break
        reply.answer += alias
        target = alias[0][3]
        if not target.endswith(apex) or delegation(zone, apex, target):
            return reply
        name = target
    if not any(row[1] == kind for row in reply.answer):
        reply.authority = rows(zone, apex, "SOA")
    return reply


def exists(zone: Zone, name: str) -> bool:
    """Whether the name, or anything below it, is in the zone (RFC 4592 section 2.2.2)."""
    return any(owner == name or owner.endswith("." + name) for owner, _ in zone)


def wildcard(zone: Zone, apex: str, name: str) -> str | None:
    for parent in ancestors(name)[1:]:
        if any(owner == f"*.{parent}" for owner, _ in zone):
            return f"*.{parent}"
        if parent == apex or exists(zone, parent):
            return None
    return None
