"""Session tokens of the widget: issued and signed here. An id from a browser opens nothing."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import jwt

AUDIENCE = "qiq-widget"
RENEW_SHARE = 0.5
"""A token past half of its life is replaced when its holder comes back."""


class BadSession(Exception):
    """Not a token of ours, or its time has run out."""


@dataclass(frozen=True)
class Session:
    """What a valid token opens: one conversation."""

    conversation_id: str
    expires: float


class Sessions:
    """HMAC-signed and stateless, so that any gateway with the same secret honours them."""

    def __init__(self, secret: str, days: int) -> None:
        self.secret = secret
        self.seconds = days * 86_400

    def issue(self, conversation_id: str) -> tuple[str, float]:
        """A token for a conversation, and when it ends (seconds since 1970)."""
        expires = time.time() + self.seconds
        claims = {"sub": conversation_id, "aud": AUDIENCE, "exp": int(expires)}
        return jwt.encode(claims, self.secret, algorithm="HS256"), expires

    def open(self, token: str) -> Session:
        """Raises ``BadSession``."""
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                options={"require": ["exp", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise BadSession(type(error).__name__) from error
        return Session(str(claims["sub"]), float(claims["exp"]))


def session_secret(state: Path) -> str:
    """``QIQ_SESSION_SECRET`` (needed with several gateways), else one made once and kept."""
    if given := os.environ.get("QIQ_SESSION_SECRET"):
        return given
    path = state / "session.secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()
