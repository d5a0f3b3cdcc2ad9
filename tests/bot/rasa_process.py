"""A real Rasa server, as `qiq run` starts it."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
TOKEN = "an internal token"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore", "PYTHONUNBUFFERED": "1"}


class RasaProcess:
    """`say` and `press` hold a turn and return its lines."""

    def __init__(
        self, model: Path, port: int, folder: Path, *, actions: str, tracker: str, api: bool = False
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log_path = folder / "rasa.log"
        self._count = 0
        self._log = self.log_path.open("wb")
        command = [str(PYTHON), "-m", "bot", "serve", "--port", str(port), "--model", str(model)]
        self.process = subprocess.Popen(
            command + (["--api"] if api else []),
            cwd=ROOT,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                **QUIET,
                "QIQ_INTERNAL_TOKEN": TOKEN,
                "QIQ_ACTIONS_URL": actions,
                "QIQ_TRACKER_URL": tracker,
            },
        )

    def wait_until_ready(self, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/webhooks/gateway/health", timeout=5)
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError(f"Rasa did not start:\n{self.log()}")

    def log(self) -> str:
        return self.log_path.read_text("utf-8", "replace")

    def post(self, body: Any, token: str = TOKEN) -> httpx.Response:
        url = f"{self.url}/webhooks/gateway/messages"
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(url, json=body, headers=headers, timeout=30)

    def say(self, conversation: str, text: str, **more: Any) -> list[dict[str, Any]]:
        self._count += 1
        # No two servers may give one id: a message that comes again is answered as before.
        message = f"m{self._count}-{self.process.pid}"
        body = {"conversation": conversation, "message": message, "text": text, **more}
        answer = self.post(body)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/x-ndjson"
        return [json.loads(line) for line in answer.text.splitlines()]

    def press(self, conversation: str, press: dict[str, Any]) -> list[dict[str, Any]]:
        return self.say(conversation, "a button", press=press)

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()


def texts(lines: list[dict[str, Any]]) -> list[str]:
    return [line["text"] for line in lines if line["type"] == "message"]
