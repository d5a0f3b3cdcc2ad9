"""Ports: one that is free, and a clear word about one that is not."""

from __future__ import annotations

import socket


class PortInUse(Exception):
    """Another program listens there; the text says what to do."""


def free_port(host: str = "127.0.0.1") -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind((host, 0))
        port: int = listener.getsockname()[1]
        return port


def require_free(host: str, port: int) -> None:
    """Raises PortInUse, or the OSError of a host or port that cannot be listened on at all."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        # What a server does too: a port whose last connections linger (TIME_WAIT) is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(1)
        except PermissionError as error:
            raise PortInUse(
                f"Port {port} needs rights that this user does not have; "
                "choose one above 1023: make run PORT=5006"
            ) from error
        except OSError as error:
            raise PortInUse(
                f"Port {port} on {host} cannot be used ({error.strerror}). Another program, "
                f"perhaps another `make run`, may have it: stop that, or choose another port: "
                f"make run PORT={port + 1}"
            ) from error
