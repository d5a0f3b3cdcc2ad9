"""Ports chosen by the system: one per service, the same on every pretend address."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from lab.hosts import HOSTS, IPV6_HOST, NAME_SERVERS, SERVICES, has_ipv6
from lab.listener import bound_socket

_TRIES = 50


class NoPortError(RuntimeError):
    """No port was free on all addresses a service needs."""


def keep_ports() -> dict[tuple[str, str], socket.socket]:
    """Bound TCP sockets per (host, service), all of one service on one port."""
    wanted: dict[str, list[str]] = {}
    for host, services in SERVICES.items():
        if host == IPV6_HOST and not has_ipv6():
            continue
        for service in services:
            wanted.setdefault(service, []).append(host)
    kept: dict[tuple[str, str], socket.socket] = {}
    for service, hosts in wanted.items():
        for host, sock in zip(hosts, _same_port(service, hosts), strict=True):
            kept[host, service] = sock
    return kept


def _same_port(service: str, hosts: list[str]) -> list[socket.socket]:
    for _ in range(_TRIES):
        first = bound_socket(HOSTS[hosts[0]], 0, shared=False)
        port = first.getsockname()[1]
        made = [first]
        try:
            with _closing_on_error(made):
                for host in hosts[1:]:
                    made.append(bound_socket(HOSTS[host], port, shared=False))
        except OSError:
            continue
        return made
    raise NoPortError(f"no port is free for {service} on {', '.join(HOSTS[h] for h in hosts)}")


@contextlib.contextmanager
def _closing_on_error(sockets: list[socket.socket]) -> Iterator[None]:
    try:
        yield
    except OSError:
        for sock in sockets:
            sock.close()
        raise


def keep_dns_ports() -> dict[str, tuple[socket.socket, socket.socket]]:
    """Per name server a TCP and a UDP socket, all on one port."""
    for _ in range(_TRIES):
        made: list[socket.socket] = []
        port = 0
        try:
            with _closing_on_error(made):
                for host in NAME_SERVERS:
                    made.append(bound_socket(HOSTS[host], port, shared=False))
                    port = made[0].getsockname()[1]
                    datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    made.append(datagram)
                    datagram.bind((HOSTS[host], port))
        except OSError:
            continue
        pairs = zip(made[::2], made[1::2], strict=True)
        return dict(zip(NAME_SERVERS, pairs, strict=True))
    raise NoPortError("no port is free for DNS on all pretend name servers")
