"""Tokens by which the host's customer area vouches for a signed-in customer (RFC 7519)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx
import jwt

from qiq.settings import Settings
from qiq.settings.desk import Jwt

JWKS_SECONDS = 300.0
"""Keys are read again after this time, and at once for a key id that is not known yet."""
JWKS_PAUSE = 10.0
LEEWAY_SECONDS = 30
PUBLIC = ("RS256", "ES256", "EdDSA")


class BadToken(Exception):
    """Not a token of the customer area: forged, expired, for somebody else."""


@dataclass(frozen=True)
class Customer:
    """Whom the customer area vouches for, until when (seconds since 1970). ``country`` is the
    account's (ISO 3166), where the token holds the claim of that name."""

    subject: str
    email: str | None
    domains: tuple[str, ...]
    expires: float
    country: str = ""


class Tokens:
    """Checks issuer, audience, expiry and signature; follows key rotation."""

    def __init__(self, settings: Jwt, secret: str | None) -> None:
        self.settings = settings
        self.secret = secret
        self._keys: dict[str, Any] = {}
        self._read_at = -JWKS_SECONDS
        self._lock = asyncio.Lock()

    @classmethod
    def from_settings(cls, settings: Settings) -> Tokens | None:
        """None when the host uses no tokens. Raises ``MissingSecret``."""
        wanted = settings.desk.jwt
        if wanted is None:
            return None
        return cls(wanted, settings.secret(wanted.secret_env) if wanted.secret_env else None)

    async def customer(self, token: str) -> Customer:
        """The customer of a token. Raises ``BadToken``."""
        try:
            head = jwt.get_unverified_header(token)
            key, algorithms = await self._key(head)
            claims = jwt.decode(
                token,
                key,
                algorithms=algorithms,
                audience=self.settings.audience,
                issuer=self.settings.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise BadToken(type(error).__name__) from error
        return _customer(claims, self.settings.domains_claim)

    async def _key(self, head: dict[str, Any]) -> tuple[Any, list[str]]:
        # The algorithm is chosen by our settings: a token cannot pick the shared-secret way and
        # sign itself with a public key (RFC 8725, section 3.1).
        if head.get("alg") == "HS256" and self.secret:
            return self.secret, ["HS256"]
        if head.get("alg") in PUBLIC and self.settings.jwks_url:
            return await self._public_key(str(head.get("kid", ""))), [str(head["alg"])]
        raise BadToken("algorithm")

    async def _public_key(self, kid: str) -> Any:
        async with self._lock:
            age = time.monotonic() - self._read_at
            if age > JWKS_SECONDS or (kid not in self._keys and age > JWKS_PAUSE):
                await self._read_keys()
        if kid not in self._keys:
            raise BadToken("unknown key")
        return self._keys[kid]

    async def _read_keys(self) -> None:
        assert self.settings.jwks_url is not None
        self._read_at = time.monotonic()
        try:
            async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
                got = await client.get(self.settings.jwks_url)
                got.raise_for_status()
                found = jwt.PyJWKSet.from_dict(got.json())
        except (httpx.HTTPError, ValueError, jwt.PyJWTError):
            return  # the keys known so far stay good
        self._keys = {str(key.key_id): key.key for key in found.keys if key.key_id}


def _customer(claims: dict[str, Any], domains_claim: str) -> Customer:
    domains = claims.get(domains_claim, [])
    if not isinstance(domains, list) or not all(isinstance(one, str) for one in domains):
        raise BadToken(f"claim {domains_claim}")
    email = claims.get("email")
    return Customer(
        subject=str(claims.get("sub", "")),
        email=email if isinstance(email, str) else None,
        domains=tuple(one.strip().lower().rstrip(".") for one in domains),
        expires=float(claims["exp"]),
        country=str(claims.get("country") or "").upper(),
    )
