"""Where people talk to the bot. A channel that is left out is switched off."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from qiq.settings.base import EnvName, Section, Url


class Widget(Section):
    origins: tuple[str, ...] = ()
    """Websites that may embed the widget (https://www.example.com); the bot's own page may."""
    session_days: Annotated[int, Field(ge=1)] = 30
    socketio: bool = False
    """Also speak Rasa's Socket.IO protocol for hosts that already have a Rasa widget."""
    read_pictures: bool = False
    """Read error messages in screenshots; needs the program tesseract (Debian: tesseract-ocr)."""


class Slack(Section):
    bot_token_env: EnvName = "QIQ_SLACK_BOT_TOKEN"  # noqa: S105 - a name
    signing_secret_env: EnvName = "QIQ_SLACK_SIGNING_SECRET"  # noqa: S105 - a name
    app_token_env: EnvName | None = None
    """Set for Socket Mode (no public address needed)."""
    topics: dict[Literal["default", "mail", "web", "dns", "account", "person", "incident"], str]
    """Topic → Slack channel id."""
    staff_group: str | None = None
    """Slack user group whose members may reply to customers."""
    admin_group: str | None = None
    api_url: Url = "https://slack.com/api"


class Facebook(Section):
    page_token_env: EnvName = "QIQ_FACEBOOK_PAGE_TOKEN"  # noqa: S105 - a name
    app_secret_env: EnvName = "QIQ_FACEBOOK_APP_SECRET"  # noqa: S105 - a name
    verify_token_env: EnvName = "QIQ_FACEBOOK_VERIFY_TOKEN"  # noqa: S105 - a name
    api_url: Url = "https://graph.facebook.com"
    api_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = "v25.0"


class Telegram(Section):
    token_env: EnvName = "QIQ_TELEGRAM_TOKEN"  # noqa: S105 - a name
    secret_env: EnvName = "QIQ_TELEGRAM_SECRET"  # noqa: S105 - a name
    api_url: Url = "https://api.telegram.org"


class Twilio(Section):
    account_sid_env: EnvName = "QIQ_TWILIO_ACCOUNT_SID"
    auth_token_env: EnvName = "QIQ_TWILIO_AUTH_TOKEN"  # noqa: S105 - a name
    whatsapp_from: str | None = None
    sms_from: str | None = None
    template_sid: str | None = None
    """Approved WhatsApp template used outside the 24-hour window."""
    api_url: Url = "https://api.twilio.com"


class Channels(Section):
    public_url: Url | None = None
    """The gateway's address as the internet sees it; platforms sign it, receipts link to it."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies whose X-Forwarded-For is believed."""
    widget: Widget = Widget()
    slack: Slack | None = None
    facebook: Facebook | None = None
    telegram: Telegram | None = None
    twilio: Twilio | None = None
