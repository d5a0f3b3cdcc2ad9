"""Debian's Firefox, driven by WebDriver BiDi (W3C), which it speaks without a driver program."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PATIENCE = 40.0
PREFERENCES = {
    "app.normandy.enabled": "false",
    "app.update.enabled": "false",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "network.captive-portal-service.enabled": "false",
    "network.connectivity-service.enabled": "false",
}


class Firefox:
    """One tab of a browser of its own, with an empty profile."""

    def __init__(self, profile: Path) -> None:
        lines = [f'user_pref("{name}", {value});' for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines), "utf-8")
        command = ["firefox-esr", "--headless", "--no-remote", "--profile", str(profile)]
        self._process = subprocess.Popen(
            [*command, "--remote-debugging-port", "0"], stderr=subprocess.PIPE, text=True
        )
        self._ids = itertools.count(1)
        self._socket: ClientConnection = connect(
            f"{self._address()}/session", max_size=None, proxy=None
        )
        self.call("session.new", capabilities={})
        self.tab: str = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def _address(self) -> str:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
                return found.group(1)
        raise AssertionError("Firefox ended before it could be driven.")

    def call(self, method: str, **params: Any) -> Any:
        """One command; its result. Raises ``AssertionError`` with Firefox's own words."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(PATIENCE))
            if answer.get("id") == number:
                assert answer["type"] == "success", answer.get("message")
                return answer["result"]

    def goto(self, url: str) -> None:
        self.call("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, as JSON."""
        got = self.call(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self.tab},
            awaitPromise=False,
        )
        return json.loads(got["result"].get("value", "null")) if "result" in got else None

    def until(self, expression: str) -> Any:
        """Waits for an expression to become true; returns what it was."""
        deadline = time.monotonic() + PATIENCE
        while not (found := self.evaluate(expression)):
            assert time.monotonic() < deadline, f"never true in Firefox: {expression}"
            time.sleep(0.05)
        return found

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._socket.close()
