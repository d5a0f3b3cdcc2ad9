"""The real process, killed without warning in the middle of a turn."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.gateway.conftest import (
    TOKEN,
    FakeRasa,
    free_socket,
    line,
    serving,
    settings_with,
    until,
)

START_SECONDS = 90.0


def free_port() -> int:
    with free_socket() as sock:
        return int(sock.getsockname()[1])


class Gateway:
    """``python -m qiq.gateway --dev-rest`` in a process of its own."""

    def __init__(self, state: Path, rasa_url: str) -> None:
        self.port = free_port()
        self.environment = {
            **os.environ,
            "QIQ_HOSTING": str(state / "hosting.yml"),
            "QIQ_STATE": str(state),
            "QIQ_INTERNAL_TOKEN": TOKEN,
            "QIQ_RASA_URL": rasa_url,
            "QIQ_GATEWAY_INTERNAL_URL": f"http://127.0.0.1:{free_port()}",
        }
        self.environment.pop("QIQ_DATABASE_URL", None)
        self.process: asyncio.subprocess.Process | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[httpx.AsyncClient]:
        command = [sys.executable, "-m", "qiq.gateway", "--dev-rest", "--port", str(self.port)]
        self.process = await asyncio.create_subprocess_exec(*command, env=self.environment)
        url = f"http://127.0.0.1:{self.port}"
        async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:

            async def up() -> bool:
                try:
                    return (await client.get("/health")).status_code == 200
                except httpx.HTTPError:
                    return False

            try:
                await until(up, START_SECONDS)
                yield client
            finally:
                await self.kill()

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()


async def test_a_message_survives_kill_9_in_the_middle_of_its_turn(tmp_path: Path) -> None:
    settings = settings_with().model_dump(mode="json")
    (tmp_path / "hosting.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")

    async def half_then_whole(rasa: FakeRasa, body: dict[str, Any]) -> AsyncIterator[bytes]:
        yield line(type="message", text="I am checking.")
        if len(rasa.heard) == 1:
            rasa.hold.set()
            await asyncio.sleep(3600)
        yield line(type="message", text=f"Done: {body['text']}")
        yield line(type="end", ok=True)

    rasa = FakeRasa(half_then_whole)
    async with serving(rasa.app()) as rasa_url:
        gateway = Gateway(tmp_path, rasa_url)
        async with gateway.running() as client:
            body = {"sender": "Ann", "message": "Grüße"}
            saying = asyncio.create_task(client.post("/webhooks/rest/webhook", json=body))
            await asyncio.wait_for(rasa.hold.wait(), START_SECONDS)
            await gateway.kill()
            await asyncio.gather(saying, return_exceptions=True)
        async with gateway.running() as client:

            async def texts() -> list[str]:
                got = await client.get("/webhooks/rest/events", params={"sender": "Ann"})
                return [event["text"] for event in got.json()]

            async def answered() -> bool:
                return "Done: Grüße" in await texts()

            await until(answered, 180)
            said = await texts()
    assert said[0] == "Grüße"
    assert [text for text in said if text.startswith(("I am", "Done"))] == [
        "I am checking.",
        "Done: Grüße",
    ]
    assert len({body["message"] for body in rasa.heard}) == 1, "one message, asked again"
