"""Name service by NSD and Unbound, on port 53: resolvers call delegated servers nowhere else."""

from __future__ import annotations

from pathlib import Path

from lab.hosts import HOSTS
from lab.software.daemon import Daemon
from lab.software.unfit import Unfit
from lab.world import World, Zone

PORT = 53
AUTHORITIES = ("ns1", "ns2", "parent", "otherns")
_TYPES_WITH_QUOTES = ("TXT",)


def zone_text(zone: Zone) -> str:
    """Master file format (RFC 1035 section 5)."""
    lines = []
    for (name, kind), rows in zone.items():
        for ttl, text in rows:
            value = quoted(text) if kind in _TYPES_WITH_QUOTES else text
            lines.append(f"{name} {ttl} IN {kind} {value}")
    return "\n".join(sorted(lines, key=lambda line: " SOA " not in line)) + "\n"


def quoted(text: str) -> str:
    parts = [text[i : i + 250] for i in range(0, len(text), 250)]
    return " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)


class Nsd(Daemon):
    """One authoritative server."""

    def __init__(self, host: str, folder: Path) -> None:
        super().__init__(f"nsd {host}", folder, ["nsd", "-d", "-c", str(folder / "nsd.conf")])
        self.host = host

    def files(self, world: World) -> dict[Path, str]:
        state = world.name_servers.get(self.host)
        broken = set(state.zones) if state and state.mode == "servfail" else set()
        texts = {self.folder / "nsd.conf": self._config(sorted(world.serving[self.host]))}
        for apex in world.serving[self.host]:
            # A zone that cannot be read is what makes NSD say SERVFAIL.
            text = "this is no zone file\n" if apex in broken else zone_text(world.zones[apex])
            texts[self._zone_file(apex)] = text
        return texts

    def _zone_file(self, apex: str) -> Path:
        return self.folder / "zones" / (apex.rstrip(".") or "root")

    def _config(self, apexes: list[str]) -> str:
        server = f"""server:
  ip-address: {HOSTS[self.host]}@{PORT}
  username: ""
  zonesdir: "{self.folder}"
  database: ""
  pidfile: ""
  xfrdfile: ""
  zonelistfile: "{self.folder}/zone.list"
  xfrdir: "{self.folder}"
  server-count: 1
  ip-transparent: no
  rrl-ratelimit: 0
remote-control:
  control-enable: no
"""
        zones = [f'zone:\n  name: "{a}"\n  zonefile: "{self._zone_file(a)}"\n' for a in apexes]
        return server + "".join(zones)

    async def apply(self, world: World) -> bool:
        """Fit the world; whether anything changed."""
        state = world.name_servers.get(self.host)
        mode = state.mode if state else "ok"
        if mode in ("slow", "refused", "notauth") or (mode == "servfail" and not state.zones):  # type: ignore[union-attr]
            raise Unfit(f"NSD has no way to be {mode}")
        new = self.write(self.files(world))
        down = mode in ("down", "dropped")
        if not new and self.running != down:
            return False
        await self.stop()
        if not down:
            await self.start(up=[(HOSTS[self.host], PORT)])
        return True


class Unbound(Daemon):
    """The resolver, without a memory: its SERVFAIL would outlive the fault."""

    def __init__(self, folder: Path) -> None:
        command = ["unbound", "-d", "-p", "-c", str(folder / "unbound.conf")]
        super().__init__("unbound", folder, command)

    async def apply(self, world: World, changed: bool) -> None:
        state = world.name_servers.get("resolver")
        if world.cached or world.bogus or (state and state.mode not in ("down", "dropped")):
            raise Unfit("Unbound has no switch for that")
        self.write({self.folder / "unbound.conf": self._config()})
        if self.running and not changed and not state:
            return
        await self.stop()
        if not state:
            await self.start(up=[(HOSTS["resolver"], PORT)])

    def _config(self) -> str:
        return f"""server:
  interface: {HOSTS["resolver"]}@{PORT}
  access-control: 127.0.0.0/8 allow
  chroot: ""
  username: ""
  directory: "{self.folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  module-config: "iterator"
  do-not-query-localhost: no
  do-ip6: no
  cache-max-ttl: 0
  cache-max-negative-ttl: 0
  infra-host-ttl: 0
  qname-minimisation: no
  local-zone: "127.in-addr.arpa." nodefault
  local-zone: "example." nodefault
  local-zone: "test." nodefault
stub-zone:
  name: "."
  stub-addr: {HOSTS["parent"]}@{PORT}
  stub-prime: no
remote-control:
  control-enable: no
"""
