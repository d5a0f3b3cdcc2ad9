"""Error messages in screenshots, read by the real Tesseract."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from qiq.gateway import reading
from qiq.gateway.reading import PROGRAM, Reader, mended
from qiq.knowledge import load
from tests.gateway.conftest import Theatre, settings_with
from tests.gateway.test_widget import page, session, upload

ERROR = "Task 'müller' reported error (0x800CCC0E): Outlook cannot connect to your server"


def picture(text: str) -> bytes:
    """A dialog with these words."""
    image = Image.new("RGB", (900, 160), "white")
    font = ImageFont.load_default(size=18)
    ImageDraw.Draw(image).text((20, 50), text, fill="black", font=font)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def reading_on() -> Any:
    if shutil.which(PROGRAM) is None and not os.environ.get("CI"):
        pytest.skip("Tesseract is not installed; Debian's package is tesseract-ocr")
    return settings_with(channels={"widget": {"read_pictures": True}})


async def test_the_error_in_a_picture_is_quoted_and_counts_once_confirmed(
    theatre: Theatre, reading_on: Any
) -> None:
    async with theatre.open(settings=reading_on) as stage:
        opened = await session(stage)
        got = await upload(stage, opened["token"], picture(ERROR))
        async with page(stage, opened["token"]) as ann:
            await ann.send(type="file", id="k-1", file=got.json()["file"])
            _, trying, read = await ann.read(3, "message")
            assert trying["text"] == stage.words("picture.trying")
            assert "0x800CCC0E" in read["text"]
            assert stage.rasa.heard == []
            [yes] = read["buttons"]
            await ann.send(type="press", id="k-2", button=yes["id"])
            said, _ = await ann.read(2, "message")
            assert (said["id"], said["author"]) == ("k-2", "visitor")
        [heard] = stage.rasa.heard
        assert "0x800CCC0E" in heard["text"]
        assert heard["press"] is None


async def test_a_picture_without_an_error_is_kept_and_the_words_are_asked_for(
    theatre: Theatre, reading_on: Any
) -> None:
    async with theatre.open(settings=reading_on) as stage:
        opened = await session(stage)
        got = await upload(stage, opened["token"], picture("A lovely day in Köln"))
        async with page(stage, opened["token"]) as ann:
            await ann.send(type="file", id="k-1", file=got.json()["file"])
            *_, last = await ann.read(3, "message")
            assert last["text"] == stage.words("picture.nothing")
            assert "buttons" not in last


async def test_it_is_off_unless_switched_on(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        opened = await session(stage)
        got = await upload(stage, opened["token"], picture(ERROR))
        async with page(stage, opened["token"]) as ann:
            await ann.send(type="file", id="k-1", file=got.json()["file"])
            _, received = await ann.read(2, "message")
            assert received["text"] == stage.words("system.file_received")


async def test_without_the_program_staff_are_told_and_all_else_works(
    theatre: Theatre, reading_on: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    async with theatre.open(settings=reading_on) as stage:
        assert stage.house.reception.reader is None
        [alert] = stage.house.desk.unposted_alerts()
        assert "tesseract-ocr" in alert.text


@pytest.fixture
def program(tmp_path: Path) -> Any:
    """A stand-in for Tesseract that does as it is told."""

    def make(script: str) -> Reader:
        path = tmp_path / "stand-in"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        (tmp_path / "x.png").write_bytes(picture("hello"))
        return Reader(load(), tmp_path, str(path))

    return make


@pytest.mark.parametrize(
    "script",
    [
        "exec sleep 600",
        "cat /dev/zero | tr '\\0' x | (read -r line; echo 0x800CCC0E)",  # a line without end
        f"echo '{ERROR}'; exit 1",
        "kill -9 $$",
    ],
)
async def test_a_program_that_hangs_swells_or_fails_reads_nothing(
    program: Any, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SECONDS", 1.0)
    assert await program(script).read("x.png") is None


async def test_what_it_reads_is_limited_and_free_of_secrets(program: Any) -> None:
    lines = ["Far away", *["x" * 90] * 5, "password: hunter2hunter2", ERROR, "OK"]
    said = await program("cat <<'END'\n" + "\n".join(lines) + "\nEND").read("x.png")
    assert "0x800CCC0E" in said
    assert "hunter2" not in said
    assert "Far away" not in said
    assert len(said) <= reading.QUOTED


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("error (Ox800CCCOE)", "error (0x800CCC0E)"),
        ("DNS _PROBE_FINISHED_NXDOMAIN", "DNS_PROBE_FINISHED_NXDOMAIN"),
        ("NET:ERR_CERT_DATE_INVALID", "NET::ERR_CERT_DATE_INVALID"),
        ("OUR OFFICE in Oxford", "OUR OFFICE in Oxford"),
    ],
)
def test_what_is_misread_in_codes_is_mended(read: str, meant: str) -> None:
    assert mended(read) == meant
