"""A ``requests`` session whose every connection goes to the one address that was vetted."""

from __future__ import annotations

import contextlib
import math
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Handle:
    """Lets another thread cut the connection: a slow drip otherwise outlives every time-out.

    ``begun`` is the moment (``time.monotonic``) at which work began."""

    def __init__(self) -> None:
        self.begun = math.inf
        self._sockets: list[socket.socket] = []
        self._cut = False

    def watch(self, sock: socket.socket) -> None:
        # A duplicate stays valid when TLS takes over the original descriptor.
        self._sockets.append(sock.dup())
        if self._cut:
            self.cut()

    def cut(self) -> None:
        """End every connection; blocked reads return at once."""
        self._cut = True
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.close()


class AnyCertificatePool(HTTPSConnectionPool):
    """Connects without the warning about certificates: the TLS checks judge those."""

    def _validate_conn(self, conn: Any) -> None:
        if conn.is_closed:
            conn.connect()


class PinnedAdapter(HTTPAdapter):
    """Dials ``address`` whatever the URL's host says; the host is kept for SNI and ``Host:``."""

    def __init__(self, address: str, context: ssl.SSLContext, handle: Handle) -> None:
        self._address, self._context, self._handle = address, context, handle
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        host, port, scheme = _origin(request.url or "")
        handle = self._handle

        class Watched(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                sock = super()._new_conn()
                handle.watch(sock)
                return sock

        class WatchedTls(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                sock = super()._new_conn()
                handle.watch(sock)
                return sock

        strict = self._context.verify_mode is ssl.CERT_REQUIRED
        if scheme == "http":
            pool = HTTPConnectionPool(self._address, port, maxsize=1)
            pool.ConnectionCls = Watched
            return pool
        secure = AnyCertificatePool(
            self._address, port, maxsize=1, ssl_context=self._context,
            server_hostname=host, assert_hostname=host if strict else False,
            cert_reqs="CERT_REQUIRED" if strict else "CERT_NONE",
        )  # fmt: skip
        secure.ConnectionCls = WatchedTls
        return secure

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Certificates are judged by the TLS checks; a page is looked at whatever they say."""


def _origin(url: str) -> tuple[str, int, str]:
    parts = urlsplit(url)
    default = 443 if parts.scheme == "https" else 80
    return parts.hostname or "", parts.port or default, parts.scheme


def session(address: str, context: ssl.SSLContext, handle: Handle) -> requests.Session:
    """A session that knows no proxies, cookies or passwords of this machine."""
    made = requests.Session()
    made.trust_env = False
    made.proxies = {}
    adapter = PinnedAdapter(address, context, handle)
    made.mount("http://", adapter)
    made.mount("https://", adapter)
    return made
