"""Storage, retention, verification of customers and the host's ticket system."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from qiq.settings.base import EnvName, Section, Url


class Jwt(Section):
    """Tokens by which the customer area vouches for a signed-in customer."""

    issuer: str
    audience: str = "qiq"
    secret_env: EnvName | None = None
    """Shared secret (HS256)."""
    jwks_url: Url | None = None
    """Public keys (RS256, ES256); followed when they rotate."""
    domains_claim: str = "domains"


class Webhook(Section):
    system: Literal["webhook"]
    url: Url
    secret_env: EnvName


class Whmcs(Section):
    system: Literal["whmcs"]
    url: Url
    identifier_env: EnvName
    secret_env: EnvName
    department_id: int = 1


class Zammad(Section):
    system: Literal["zammad"]
    url: Url
    token_env: EnvName
    group: str = "Users"


Tickets = Annotated[Webhook | Whmcs | Zammad, Field(discriminator="system")]


class DeskSettings(Section):
    database_url: str = ""
    """SQLAlchemy URL; SQLite in the state folder when empty. PostgreSQL: postgresql+pg8000://…"""
    retention_days: Annotated[int, Field(ge=1)] = 90
    """Closed conversations are deleted after this time."""
    incident_customers: Annotated[int, Field(ge=2)] = 3
    """So many customers with one cause on one server within the window are an incident."""
    incident_minutes: Annotated[int, Field(ge=1)] = 15
    recheck_seconds: Annotated[float, Field(gt=0)] = 30.0
    """First pause before a host fault is checked again; it grows with every try."""
    stuck_minutes: Annotated[int, Field(ge=1)] = 30
    """Staff are told when a customer waits so long and nobody moves, and again as long after."""
    jwt: Jwt | None = None
    tickets: Tickets | None = None
