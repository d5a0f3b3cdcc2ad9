"""An action server whose way of failing is a setting, on a port of the system's choice."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = {
    "events": [],
    "responses": [
        {
            "text": "Geprüft",
            "buttons": [{"title": "Noch einmal", "payload": "/greet"}],
            "custom": {"type": "diagnosis"},
        }
    ],
}
BODIES = {
    "works": (200, json.dumps(ANSWER).encode()),
    "raises": (500, b'{"error": "boom"}'),
    "rubbish": (200, b"<html>no</html>"),
    "wrong shape": (200, b'{"events": "none"}'),
    "a list": (200, b"[]"),
    "chases itself": (
        200,
        b'{"events": [{"event": "followup", "name": "action_check"}], "responses": []}',
    ),
}


class ActionServer:
    """`mode` is a key of BODIES, or `hangs` (nothing is ever answered)."""

    def __init__(self) -> None:
        self.mode = "works"
        self.bodies: list[dict[str, Any]] = []
        self.connections: set[int] = set()
        self._release = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def reset(self) -> None:
        self.mode = "works"
        self._release.set()
        self._release = threading.Event()
        self.bodies.clear()
        self.connections.clear()

    def close(self) -> None:
        self._release.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.bodies.append(json.loads(body))
                outer.connections.add(self.client_address[1])
                self._answer(*BODIES.get(outer.mode, BODIES["works"]))

            def do_GET(self) -> None:
                self._answer(200, b'{"status": "ok"}')

            def _answer(self, status: int, body: bytes) -> None:
                if outer.mode == "hangs":
                    outer._release.wait(60)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        return Handler
