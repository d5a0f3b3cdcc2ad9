"""A control panel's HTTP API on loopback: says what the documentation says it would."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Answer = Callable[[str, dict[str, str]], Any]


class Asked(list[tuple[str, dict[str, str], str]]):
    """(command, parameters, Authorization header) of every request."""


@contextlib.contextmanager
def panel(answer: Answer, authorization: str) -> Iterator[tuple[str, Asked]]:
    """``answer`` gets command and parameters and returns JSON data, or an int as status."""
    asked = Asked()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            command, params = parts.path.rpartition("/")[2], dict(parse_qsl(parts.query))
            asked.append((command, params, self.headers.get("Authorization", "")))
            allowed = self.headers.get("Authorization", "").startswith(authorization)
            said = answer(command, params) if allowed else 403
            status, body = (
                (said, b"") if isinstance(said, int) else (200, json.dumps(said).encode())
            )
            if isinstance(said, bytes):
                status, body = 200, said
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
