"""What the desk's commands share: settings, database, wording, and errors said once."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from qiq.desk import Desk, StoreUnavailable
from qiq.desk.places import DataPlaces
from qiq.desk.staff import NoSuchCase, Say, Staff, Taken
from qiq.settings import Settings, SettingsError, load

BAD_INPUT = 2


class CannotDo(Exception):
    """What was asked cannot be done; the text says why and what to do."""


@contextmanager
def open_desk() -> Iterator[tuple[Desk, Settings, DataPlaces]]:
    """The running bot's desk. Ends the command with status 2 and a sentence on bad input."""
    desk: Desk | None = None
    try:
        settings = load(_settings_path())
        places = DataPlaces.find(settings)
        desk = Desk.from_settings(settings, places.database_url)
        yield desk, settings, places
    except StoreUnavailable as error:
        raise _stop(f"the database cannot be used now ({error}); try again") from error
    except (SettingsError, NoSuchCase, Taken, CannotDo) as error:
        raise _stop(str(error)) from error
    finally:
        if desk is not None:
            desk.dispose()


def _settings_path() -> Path | None:
    if os.environ.get("QIQ_HOSTING") or Path("hosting.yml").is_file():
        return None
    lab = Path(os.environ.get("QIQ_STATE") or "var") / "lab" / "hosting.yml"
    return lab if lab.is_file() else None


def staff(desk: Desk, name: str | None) -> Staff:
    """The person at this command line."""
    return Staff(desk, name or os.environ.get("QIQ_STAFF") or getpass.getuser(), load_wording())


def load_wording() -> Say:
    """The sentences customers read."""
    from qiq.knowledge import load as load_knowledge  # takes a moment: only who writes needs it

    return load_knowledge().say


def _stop(text: str) -> typer.Exit:
    typer.echo(f"qiq: {text}", err=True)
    return typer.Exit(BAD_INPUT)
