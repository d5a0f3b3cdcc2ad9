"""The pretend host in a process of its own, so that its work is not counted as ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qiq.settings import Settings, load

UNLIMITED = {
    "checks_per_visitor_per_hour": 100_000, "checks_per_domain_per_hour": 100_000,
    "checks_per_minute": 100_000,
}  # fmt: skip


@dataclass(frozen=True)
class RunningLab:
    """``settings`` without limits on how often may be checked."""

    settings: Settings
    url: str
    token: str

    def only(self, fault: str | None) -> None:
        """Heal everything, then break ``fault``."""
        self._post("/heal", {})
        if fault:
            self._post("/break", {"name": fault})

    def _post(self, path: str, body: dict[str, str]) -> None:
        request = urllib.request.Request(  # noqa: S310 - our own lab
            self.url + path, json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )  # fmt: skip
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310


@contextmanager
def running() -> Iterator[RunningLab]:
    """A lab that answers."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "lab", "--state", folder, "--parent-pid", str(os.getpid())],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            process.stdout.readline()
            told = json.loads((Path(folder) / "lab.json").read_text())
            os.environ |= told["environment"]
            made = load(Path(folder) / "hosting.yml")
            generous = made.model_copy(update={"limits": made.limits.model_copy(update=UNLIMITED)})
            generous._path = made.path
            yield RunningLab(generous, told["url"], told["token"])
        finally:
            process.terminate()
            process.wait()
