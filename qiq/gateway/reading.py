"""Reads the error message in a visitor's screenshot with Tesseract, a program of its own.

Off unless ``channels.widget.read_pictures`` is set. The program gets a re-encoded picture on its
standard input, one processor, little memory and little time; what it says is only ever quoted back.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import os
import re
import shutil
from pathlib import Path

from PIL import Image

from qiq.desk import Desk
from qiq.gateway.words import Say
from qiq.knowledge import Knowledge, load
from qiq.settings import Settings
from qiq.text.clean import clean
from qiq.text.redact import redact

log = logging.getLogger(__name__)

PROGRAM = "tesseract"
FOLDER = Path("files")
"""Where pictures are, below the state folder."""
SECONDS = 15.0
MEMORY_KB = 800_000
SMALL = 1500
ENLARGED = 3
"""Letters on a screen are 12 pixels high; Tesseract is made for print of twice and thrice that."""
QUOTED = 400
"""Characters quoted back at most."""
NEARBY = 2
"""Lines quoted on either side of the error."""

_HEX = re.compile(r"\b[0Oo][xX][0-9A-FOo]{6,8}\b")
_CONSTANT = re.compile(r"\b[A-Z][A-Z0-9:]*(?:[ .]{0,2}_[ .]{0,2}[A-Z0-9]+)+\b")


class Reader:
    """One picture at a time: reading is for idle moments of the processor."""

    def __init__(self, knowledge: Knowledge, folder: Path, program: str = PROGRAM) -> None:
        self.knowledge = knowledge
        self.folder = folder
        self.program = program
        self._one = asyncio.Semaphore(1)

    @property
    def installed(self) -> bool:
        return shutil.which(self.program) is not None

    async def read(self, name: str) -> str | None:
        """The lines with an error in the picture ``name``; None when none was found."""
        async with self._one:
            picture = await asyncio.to_thread(prepared, self.folder / name)
            text = await self._recognise(picture)
        return self.quotable(mended(text))

    def quotable(self, text: str) -> str | None:
        """The error and the lines around it, without secrets; None when no error is known in it."""
        lines = [line.strip() for line in clean(text, 20_000).split("\n") if line.strip()]
        whole = "\n".join(lines)
        hits = self.knowledge.match_errors(whole)
        if not hits:
            return None
        at = whole.count("\n", 0, hits[0].start)
        near = lines[max(0, at - NEARBY) : at + NEARBY + 1]
        return redact(" ".join(near)).text[:QUOTED]

    async def _recognise(self, picture: bytes) -> str:
        limits = f"ulimit -v {MEMORY_KB}; ulimit -t {int(SECONDS)}"
        process = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            f'{limits}; exec "$0" - - -l eng --psm 3',
            self.program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
        )
        try:
            said, _ = await asyncio.wait_for(process.communicate(picture), SECONDS)
        except TimeoutError:
            return ""
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        return said.decode("utf-8", "replace") if process.returncode == 0 else ""


def reader_for(settings: Settings, state: Path, desk: Desk, say: Say) -> Reader | None:
    """None unless it is switched on. Without the program staff are told."""
    if not settings.channels.widget.read_pictures:
        return None
    reader = Reader(load(), state / FOLDER)
    if reader.installed:
        return reader
    text = say("staff.no_reader", program=PROGRAM)
    log.error("%s", text)
    desk.raise_alert("pictures", text, key="pictures:program")
    return None


def prepared(path: Path) -> bytes:
    """The picture in grey, small ones enlarged, as a PNG. Raises ``OSError``."""
    with Image.open(path, formats=("PNG",)) as image:
        grey = image.convert("L")
    if grey.width < SMALL:
        size = (grey.width * ENLARGED, grey.height * ENLARGED)
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    grey.save(out, "PNG", compress_level=1)
    return out.getvalue()


def mended(text: str) -> str:
    """Without what Tesseract gets wrong in codes: the letter O for zero, gaps at underscores."""
    zeros = _HEX.sub(lambda m: re.sub("[Oo]", "0", m.group().replace("X", "x")), text)
    whole = _CONSTANT.sub(lambda m: re.sub(r"[ .]", "", m.group()), zeros)
    return re.sub(r"\bNET:ERR_", "NET::ERR_", whole)
