"""Twilio's Messages resource by Twilio's own client."""

from __future__ import annotations

import asyncio
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from qiq.desk import Desk
from qiq.desk.model import OutboxItem
from qiq.gateway.messenger.sending import WINDOW, SendFailed, once_each, outgoing, silence
from qiq.gateway.twilio.render import Call, render
from qiq.settings.channels import Twilio

HOST = "https://api.twilio.com"
SECONDS = 10.0
FINAL = {
    20003: "wrong credentials",
    21211: "not a number",
    21408: "no permission for this country",
    21610: "opted out",
    21614: "not a mobile number",
    63016: "outside the 24-hour window",
}


class _Elsewhere(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Sends the client's calls to the address in the settings (an edge, or a test)."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=SECONDS)
        self.base = base

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:
        return super().request(method, url.replace(HOST, self.base, 1), *args, **options)


def make_client(settings: Twilio, account_sid: str, auth_token: str) -> Client:
    """A client of the API in the settings."""
    return Client(account_sid, auth_token, http_client=_Elsewhere(settings.api_url))


class TwilioSender:
    """Delivers to WhatsApp and SMS; which one stands in the address (``whatsapp:+44…``)."""

    def __init__(self, settings: Twilio, client: Client, desk: Desk) -> None:
        self.settings = settings
        self.client = client
        self.desk = desk

    async def send(self, item: OutboxItem) -> str | None:
        """The sid of the last piece. Raises ``SendFailed``."""
        return await asyncio.to_thread(self._send, item)

    def _send(self, item: OutboxItem) -> str | None:
        message = outgoing(item, self.desk)
        if message is None:
            return None
        sender, template = self._sender(item)
        calls = render(message, item.address, sender, template=template)
        return once_each(self.desk, item, calls, self._create)

    def _sender(self, item: OutboxItem) -> tuple[str, str | None]:
        if not item.address.startswith("whatsapp:"):
            return self._need(self.settings.sms_from, "sms_from"), None
        sender = f"whatsapp:{self._need(self.settings.whatsapp_from, 'whatsapp_from')}"
        if silence(self.desk, item, self.desk.now()) < WINDOW:
            return sender, None
        if self.settings.template_sid is None:
            raise SendFailed("the 24-hour window is over and no template is set", final=True)
        return sender, self.settings.template_sid

    def _need(self, value: str | None, key: str) -> str:
        if value is None:
            raise SendFailed(f"channels.twilio.{key} is not set in hosting.yml", final=True)
        return value

    def _create(self, call: Call) -> str | None:
        content = {"content_sid": call.template} if call.template else {"body": call.body}
        try:
            made = self.client.messages.create(to=call.to, from_=call.sender, **content)
        except TwilioRestException as error:
            known = FINAL.get(error.code or 0)
            reason = f"Twilio error {error.code}: {known or 'refused'}"
            raise SendFailed(reason, final=known is not None) from error
        except OSError as error:  # requests' errors are all OSErrors
            raise SendFailed(type(error).__name__) from error
        return str(made.sid)
