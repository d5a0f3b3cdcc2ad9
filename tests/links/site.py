"""A small web server with pages that are fine, moved, gone, shy or broken."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, str]
"""Status, and where a redirect leads."""


@dataclass
class Site:
    """``asked`` lists ``METHOD path`` in the order of arrival."""

    port: int
    asked: list[str] = field(default_factory=list)

    def url(self, path: str, scheme: str = "http") -> str:
        return f"{scheme}://localhost:{self.port}{path}"


@contextmanager
def serve(
    pages: Mapping[str, Answer], robots: str = "", tls: ssl.SSLContext | None = None
) -> Iterator[Site]:
    """Serves ``pages`` on a free port of loopback; other paths answer 200."""
    site = Site(0)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            site.asked.append(f"{self.command} {self.path}")
            status, target = pages.get(self.path, (200, ""))
            if status == 405 and self.command == "GET":
                status = 200
            body = robots.encode() if self.path == "/robots.txt" else b"<p>Help</p>"
            self.send_response(status)
            if target:
                self.send_header("Location", target)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_GET = do_HEAD = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
