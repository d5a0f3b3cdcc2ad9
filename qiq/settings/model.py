"""The whole of ``hosting.yml``."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, model_validator

from qiq.settings.base import HostName, Section
from qiq.settings.brand import Brand, Hours
from qiq.settings.channels import Channels
from qiq.settings.desk import DeskSettings
from qiq.settings.hosting import FileAdapter, Hosting
from qiq.settings.limits import Goodwill, Limits
from qiq.settings.mail import Mail
from qiq.settings.network import NetworkSettings
from qiq.settings.servers import Server


class Settings(Section):
    """Everything a host edits. Immutable; read once at start-up."""

    version: Literal[1]
    brand: Brand = Brand()
    hours: Hours = Hours()
    servers: Annotated[tuple[Server, ...], Field(min_length=1)]
    nameservers: tuple[HostName, ...] = ()
    mail: Mail
    hosting: Hosting = FileAdapter()
    network: NetworkSettings = NetworkSettings()
    limits: Limits = Limits()
    goodwill: Goodwill = Goodwill()
    desk: DeskSettings = DeskSettings()
    channels: Channels = Channels()

    _path: Path = PrivateAttr(default=Path("hosting.yml"))

    @model_validator(mode="after")
    def _unique_servers(self) -> Settings:
        ids = [server.id for server in self.servers]
        doubled = sorted({name for name in ids if ids.count(name) > 1})
        if doubled:
            raise ValueError(f"two servers have the id {doubled[0]!r}; give each its own")
        return self

    @property
    def path(self) -> Path:
        """The file these settings were read from; relative paths in it start there."""
        return self._path

    def resolve(self, path: Path) -> Path:
        """``path`` as seen from the folder of ``hosting.yml``."""
        return path if path.is_absolute() else self._path.parent / path

    def secret(self, env_name: str) -> str:
        """The secret in the environment variable ``env_name``.

        Raises ``MissingSecret`` naming the variable when it is not set or empty.
        """
        value = os.environ.get(env_name, "")
        if not value:
            raise MissingSecret(env_name)
        return value

    @property
    def server_names(self) -> frozenset[str]:
        """Every name the host's servers go by."""
        return frozenset(name for server in self.servers for name in server.names)

    def server_of(self, address: str) -> Server | None:
        """The host's server that owns ``address``, or None when it is somebody else's."""
        ip = ipaddress.ip_address(address)
        for server in self.servers:
            if any(ip.version == net.version and ip in net for net in server.networks):
                return server
        return None


class MissingSecret(Exception):
    """A secret named in the settings is not in the environment."""

    def __init__(self, env_name: str) -> None:
        super().__init__(
            f"the environment variable {env_name} is not set; export it and start again"
        )
        self.env_name = env_name
