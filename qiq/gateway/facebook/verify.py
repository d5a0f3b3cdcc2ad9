"""Is it really Facebook? ``X-Hub-Signature-256`` over the raw body, and the set-up handshake."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping


def signed(body: bytes, header: str | None, app_secret: str) -> bool:
    """Whether ``header`` is the platform's signature of ``body``."""
    if not header or not header.startswith("sha256="):
        return False
    expected = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, header.removeprefix("sha256="))


def challenge(query: Mapping[str, str], verify_token: str) -> str | None:
    """What to answer when the webhook is set up, or None when the token is wrong."""
    right = hmac.compare_digest(query.get("hub.verify_token", ""), verify_token)
    return query.get("hub.challenge") if right and query.get("hub.mode") == "subscribe" else None
