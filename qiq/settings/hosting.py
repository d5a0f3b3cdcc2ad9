"""Where account facts come from: a file, or a control panel's API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from qiq.settings.base import EnvName, Section, Url


class FileAdapter(Section):
    """Accounts in a YAML file; its path is relative to ``hosting.yml``."""

    adapter: Literal["file"] = "file"
    path: Path = Path("accounts.yml")


class WhmAdapter(Section):
    """cPanel & WHM: WHM API 1, and UAPI through it."""

    adapter: Literal["whm"]
    url: Url
    user: str
    token_env: EnvName


class DirectAdminAdapter(Section):
    adapter: Literal["directadmin"]
    url: Url
    user: str
    token_env: EnvName


Hosting = Annotated[FileAdapter | WhmAdapter | DirectAdminAdapter, Field(discriminator="adapter")]
