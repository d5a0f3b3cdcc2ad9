"""What every section of ``hosting.yml`` shares: frozen, and unknown keys are errors."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

HOST = re.compile(
    r"^(?=.{1,253}\.?$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)+\.?$"
)
ENV = re.compile(r"^[A-Z][A-Z0-9_]*$")


class Section(BaseModel):
    """One part of the file. Instances are immutable; a key that is not listed is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _host(value: str) -> str:
    name = value.strip().rstrip(".").lower()
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    if not HOST.match(name):
        raise ValueError(
            "is not a host name; write it like mail.example.com, without a scheme or port"
        )
    return name


def _env_name(value: str) -> str:
    if not ENV.match(value):
        raise ValueError(
            "must be the NAME of an environment variable, such as QIQ_SLACK_TOKEN; "
            "the secret itself never belongs into this file"
        )
    return value


def _url(value: str) -> str:
    if not re.match(r"^https?://[^\s/]+", value):
        raise ValueError("must begin with https:// (or http:// on a private network)")
    return value.rstrip("/")


HostName = Annotated[str, AfterValidator(_host)]
EnvName = Annotated[str, AfterValidator(_env_name)]
Url = Annotated[str, AfterValidator(_url)]
Port = Annotated[int, Field(ge=1, le=65535)]
