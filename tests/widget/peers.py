"""Other people's widgets from npm, to talk to and to be measured against."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache" / "peers"


@dataclass(frozen=True)
class Peer:
    """A published package, and the hash of what is expected to come."""

    name: str
    version: str
    sha256: str

    def unpacked(self) -> Path:
        """Its files, fetched once and unpacked as they are; none of its code is run to install."""
        folder = CACHE / f"{self.name}-{self.version}"
        if not folder.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            command = ["npm", "pack", "--silent", f"{self.name}@{self.version}"]
            subprocess.run(command, cwd=CACHE, check=True, stdout=sys.stderr, timeout=120)
            archive = CACHE / f"{self.name}-{self.version}.tgz"
            if hashlib.sha256(archive.read_bytes()).hexdigest() != self.sha256:
                raise ValueError(f"{archive.name} is not the package it was: its hash has changed")
            with tarfile.open(archive) as packed:
                packed.extractall(folder, filter="data")
        return folder / "package"


DEEP_CHAT = Peer(
    "deep-chat", "2.4.2", "977dc584146b62a68d9d44b64f5ffe1df65deaa846d1dd2201d24b9ffefed4b4"
)
RASA_WEBCHAT = Peer(
    "rasa-webchat", "1.0.1", "cd2a8ee5211df95c626fc78bcf9d7d3a50368eacd43c7154476d29e519d42685"
)
