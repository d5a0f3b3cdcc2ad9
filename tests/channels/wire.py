"""What the platforms send, signed as they sign it, and the secrets both ends share in tests."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from twilio.request_validator import RequestValidator

FIXTURES = Path(__file__).parent / "fixtures"
PUBLIC_URL = "https://bot.qiq.example"
SECRETS = {
    "QIQ_FACEBOOK_PAGE_TOKEN": "page-token",
    "QIQ_FACEBOOK_APP_SECRET": "app-secret",
    "QIQ_FACEBOOK_VERIFY_TOKEN": "verify",
    "QIQ_TELEGRAM_TOKEN": "7:token",
    "QIQ_TELEGRAM_SECRET": "tg-secret",
    "QIQ_TWILIO_ACCOUNT_SID": "AC1",
    "QIQ_TWILIO_AUTH_TOKEN": "auth-token",
}
Body = dict[str, Any]
Signed = tuple[bytes, dict[str, str]]


def fixture(channel: str, name: str) -> Body:
    """A recorded payload of the platform's documentation."""
    found: Body = json.loads((FIXTURES / channel / f"{name}.json").read_text(encoding="utf-8"))
    return found


def sign_facebook(body: Body, secret: str | None = None) -> Signed:
    content = json.dumps(body).encode()
    digest = hmac.new((secret or "app-secret").encode(), content, hashlib.sha256).hexdigest()
    return content, {"X-Hub-Signature-256": f"sha256={digest}"}


def sign_telegram(body: Body, secret: str | None = None) -> Signed:
    return json.dumps(body).encode(), {"X-Telegram-Bot-Api-Secret-Token": secret or "tg-secret"}


def sign_twilio(body: Body, secret: str | None = None) -> Signed:
    signature = RequestValidator(secret or "auth-token").compute_signature(
        f"{PUBLIC_URL}/webhooks/twilio", body
    )
    kind = "application/x-www-form-urlencoded"
    return str(httpx.QueryParams(body)).encode(), {
        "X-Twilio-Signature": signature,
        "Content-Type": kind,
    }


SIGN: dict[str, Callable[..., Signed]] = {
    "facebook": sign_facebook,
    "telegram": sign_telegram,
    "twilio": sign_twilio,
}
TEXT = {"facebook": "text", "telegram": "text", "twilio": "whatsapp_text"}


def typed(channel: str, text: str, *, key: int = 999, address: str | None = None) -> Body:
    """A typed message; ``key`` is the platform's own id of it, ``address`` who writes."""
    body = fixture(channel, TEXT[channel])
    if channel == "facebook":
        event = body["entry"][0]["messaging"][0]
        event["message"] = {"mid": f"m_typed{key}", "text": text}
        event["sender"]["id"] = address or event["sender"]["id"]
    elif channel == "telegram":
        body["update_id"] = key
        message = body["message"]
        message["text"] = text
        message["chat"]["id"] = int(address or message["chat"]["id"])
    else:
        body |= {"MessageSid": f"SM_typed{key}", "Body": text, "From": address or body["From"]}
    return body
