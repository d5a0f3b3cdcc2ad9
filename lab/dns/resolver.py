"""The pretend resolver: walks the pretend delegation the way a real one does, without a cache."""

from __future__ import annotations

from lab.dns.answer import Reply, Row, ancestors, answer
from lab.hosts import HOSTS
from lab.world import World

_BY_ADDRESS = {address: host for host, address in HOSTS.items()}
_MAX_STEPS = 16
_GIVE_UP_SECONDS = 0.4
"""A real resolver takes seconds to give up; the pretend one is kind to tests."""
KNOWN_TOPS = ("com.", "org.", "net.", "example.", "arpa.")


def resolve(world: World, name: str, kind: str, checking_disabled: bool) -> Reply:
    """A final answer, NXDOMAIN, SERVFAIL, or REFUSED for names outside the pretend internet."""
    if name != "." and ancestors(name)[-2] not in KNOWN_TOPS:
        return Reply(rcode="REFUSED")
    bogus = any(a in world.bogus for a in ancestors(name))
    if bogus and not checking_disabled:
        return Reply(rcode="SERVFAIL")
    if (name, kind) in world.cached:
        return Reply(answer=[(name, kind, ttl, t) for ttl, t in world.cached[(name, kind)]])
    return _Walk(world).follow(name, kind)


class _Walk:
    """One resolution; counts its steps so that loops end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.steps = 0

    def follow(self, name: str, kind: str) -> Reply:
        chain: list[Row] = []
        seconds = 0.0
        for _ in range(8):
            reply = self.iterate(name, kind)
            seconds += reply.seconds
            chain += reply.answer
            alias = next((row for row in reversed(reply.answer) if row[1] == "CNAME"), None)
            done = kind == "CNAME" or any(row[1] == kind for row in reply.answer)
            if alias is None or done or reply.rcode != "NOERROR" or reply.authority:
                reply.answer, reply.seconds = chain, seconds
                return reply
            name = alias[3]
        return Reply(rcode="SERVFAIL", seconds=_GIVE_UP_SECONDS)

    def iterate(self, name: str, kind: str) -> Reply:
        hosts = ["parent"]
        while hosts and self.steps < _MAX_STEPS * 4:
            self.steps += 1
            reply = self.ask(hosts, name, kind)
            if reply is None:
                break
            if not reply.referral:
                return reply
            hosts = self.servers(reply)
        return Reply(rcode="SERVFAIL", seconds=_GIVE_UP_SECONDS)

    def ask(self, hosts: list[str], name: str, kind: str) -> Reply | None:
        """The quickest usable answer of several servers; None when all are lame or silent."""
        replies = [answer(self.world, host, name, kind) for host in hosts]
        usable = [
            reply
            for reply in replies
            if not reply.silent
            and reply.rcode in ("NOERROR", "NXDOMAIN")
            and (reply.aa or reply.referral)
        ]
        return min(usable, key=lambda reply: reply.seconds, default=None)

    def servers(self, reply: Reply) -> list[str]:
        glue = {row[0]: row[3] for row in reply.additional if row[1] == "A"}
        found = []
        for _, kind, _, server in reply.authority:
            if kind != "NS":
                continue
            address = glue.get(server) or self.address(server)
            if address in _BY_ADDRESS:
                found.append(_BY_ADDRESS[address])
        return found

    def address(self, server: str) -> str | None:
        if self.steps > _MAX_STEPS:
            return None
        return next((row[3] for row in self.iterate(server, "A").answer if row[1] == "A"), None)
