"""Twilio's Messages resource by Twilio's own client."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import datetime, timedelta
from typing import Any

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from qiq.desk import Desk
from qiq.gateway.channel import DeliveryFailed, WindowOver
from qiq.gateway.messenger.sending import WINDOW, Body, once_each, outgoing, silence
from qiq.gateway.twilio.render import Call, render
from qiq.settings.channels import Twilio

HOST = "https://api.twilio.com"
ANY_HOST = re.compile(r"^https://\w+\.twilio\.com")
CHANNEL = "twilio"
SECONDS = 10.0
MAX_PICTURE = 10_000_000
FINAL = {
    20003: "wrong credentials",
    21211: "not a number",
    21408: "no permission for this country",
    21614: "not a mobile number",
    63016: "outside the 24-hour window",
}


OPTED_OUT = 21610
CLOCKS_APART = timedelta(seconds=5)


class _Elsewhere(TwilioHttpClient):  # type: ignore[misc]  # the library has no types
    """Sends the client's calls to the address in the settings (an edge, or a test)."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=SECONDS)
        self.base = base

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:
        here = url if self.base == HOST else ANY_HOST.sub(self.base, url, count=1)
        return super().request(method, here, *args, **options)


def make_client(settings: Twilio, account_sid: str, auth_token: str) -> Client:
    """A client of the API in the settings."""
    return Client(account_sid, auth_token, http_client=_Elsewhere(settings.api_url))


class TwilioSender:
    """Delivers to WhatsApp and SMS; which one stands in the address (``whatsapp:+44…``)."""

    def __init__(self, settings: Twilio, client: Client, desk: Desk) -> None:
        self.settings = settings
        self.client = client
        self.desk = desk

    async def send(self, address: str, body: Body) -> str | None:
        """The sid of the last piece. Raises ``DeliveryFailed``."""
        return await asyncio.to_thread(self._send, address, body)

    def _send(self, address: str, body: Body) -> str | None:
        message = outgoing(self.desk, CHANNEL, address, body)
        if message is None:
            return None
        sender, template = self._sender(address)
        calls = render(message, address, sender, template=template)
        return once_each(self.desk, body, calls, self._create, self._taken)

    def typing(self, address: str, message_sid: str) -> None:
        """ "typing…" under the customer's message; WhatsApp only."""
        if not address.startswith("whatsapp:"):
            return
        try:
            self.client.messaging.v2.typing_indicator.create("whatsapp", message_sid)
        except (TwilioRestException, OSError) as error:
            raise DeliveryFailed(type(error).__name__) from error

    def _taken(self, call: Call, since: datetime) -> str | None:
        """The sid of this very piece, when an earlier try got through and the answer was lost."""
        try:
            sent = self.client.messages.list(to=call.to, from_=call.sender, limit=20)
        except (TwilioRestException, OSError) as error:
            raise DeliveryFailed(type(error).__name__) from error
        begun = since - CLOCKS_APART
        return next(
            (
                str(one.sid)
                for one in sent
                if one.body == call.body and one.date_created and one.date_created >= begun
            ),
            None,
        )

    def check(self) -> None:
        """Asks who we are; raises ``DeliveryFailed`` when the credentials are not good."""
        try:
            self.client.api.accounts(self.client.username).fetch()
        except TwilioRestException as error:
            raise DeliveryFailed("the credentials are not valid", final=True) from error
        except OSError as error:
            raise DeliveryFailed(type(error).__name__) from error

    def fetch(self, url: str) -> bytes | None:
        """A picture a customer sent; only from Twilio's own address, with our credentials."""
        base = self.settings.api_url
        if not url.startswith((f"{HOST}/", f"{base}/")):
            return None
        login = (self.client.username, self.client.password)
        try:
            address = url.replace(HOST, base, 1)
            answer = requests.get(address, auth=login, timeout=SECONDS, stream=True)
            data = answer.raw.read(MAX_PICTURE + 1, decode_content=True)
        except OSError:
            return None
        return data if answer.ok and len(data) <= MAX_PICTURE else None

    def _sender(self, address: str) -> tuple[str, str | None]:
        if not address.startswith("whatsapp:"):
            return self._need(self.settings.sms_from, "sms_from"), None
        sender = f"whatsapp:{self._need(self.settings.whatsapp_from, 'whatsapp_from')}"
        if silence(self.desk, CHANNEL, address) < WINDOW:
            return sender, None
        if self.settings.template_sid is None:
            raise WindowOver("the 24-hour window is over and no template is set")
        return sender, self.settings.template_sid

    def _need(self, value: str | None, key: str) -> str:
        if value is None:
            raise DeliveryFailed(f"channels.twilio.{key} is not set in hosting.yml", final=True)
        return value

    def _create(self, call: Call) -> str | None:
        try:
            made = self.client.messages.create(to=call.to, from_=call.sender, **_content(call))
        except TwilioRestException as error:
            if error.code == OPTED_OUT:  # said STOP to the carrier: nothing is wrong with us
                self.desk.opt_out(CHANNEL, call.to)
                return None
            known = FINAL.get(error.code or 0)
            reason = f"Twilio error {error.code}: {known or 'refused'}"
            raise DeliveryFailed(reason, final=known is not None) from error
        except OSError as error:  # requests' errors are all OSErrors
            raise DeliveryFailed(type(error).__name__) from error
        return str(made.sid)


def _content(call: Call) -> dict[str, Any]:
    if call.template:
        return {"content_sid": call.template, "content_variables": json.dumps({"1": call.body})}
    return {"media_url": [call.picture]} if call.picture else {"body": call.body}
