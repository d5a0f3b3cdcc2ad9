"""The one-time code on its way: sent through the lab's submission server, read from its mailbox."""

from __future__ import annotations

import asyncio
import imaplib
import re
import ssl
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

import pytest

from lab.background import running_lab
from lab.hosts import MAILBOX_PASSWORD
from qiq.gateway.post import Postman
from qiq.gateway.verify.accounts import HostingAccounts
from qiq.hosting import adapter_for
from qiq.settings import Settings, load
from tests.gateway.conftest import Theatre, until

CONTACT = "info@oldmill.example"
FAULT = {"account": "example.com", "set": {"contact_email": CONTACT}}


def inbox(settings: Settings) -> list[Message]:
    """What lies in the contact's mailbox, as a mail program reads it."""
    incoming = settings.mail.incoming[0]
    address = next(s.addresses[0] for s in settings.servers if incoming.host in s.names)
    roots = ssl.create_default_context(cafile=str(settings.resolve(settings.network.trust_roots)))
    roots.check_hostname = False  # connected to by address
    with imaplib.IMAP4_SSL(address, settings.network.ports["imaps"], ssl_context=roots) as imap:
        imap.login(CONTACT, MAILBOX_PASSWORD)
        imap.select("INBOX", readonly=True)
        _, [numbers] = imap.search(None, "ALL")
        return [_message(imap, number.decode()) for number in numbers.split()]


def _message(imap: imaplib.IMAP4, number: str) -> Message:
    _, [(_, data), *_] = imap.fetch(number, "(RFC822)")
    return message_from_bytes(data, policy=default)


async def test_the_code_arrives_in_the_contacts_mailbox_and_verifies(
    theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_lab(tmp_path / "lab") as lab:
        await asyncio.to_thread(lab.set_faults, FAULT)
        for name, value in lab.lab.environment.items():
            monkeypatch.setenv(name, value)
        settings = load(str(lab.hosting_path))
        accounts = HostingAccounts(adapter_for(settings))
        post = Postman(settings).send
        async with theatre.open(settings=settings, accounts=accounts, post=post) as stage:
            conversation = stage.house.desk.open_conversation("rest", "Ann")
            stage.house.desk.open_case(conversation.id, "email_cannot_send", "example.com", "…")
            await stage.house.reception.verify(conversation, "verify")
            assert (await stage.say(CONTACT))[-1]["text"] == stage.words("verify.sent")

            async def arrived() -> list[Message]:
                return await asyncio.to_thread(inbox, settings)

            [mail] = await until(arrived)
            assert mail["Auto-Submitted"] == "auto-generated"
            assert mail["From"] == settings.mail.canary.address  # type: ignore[union-attr]
            code = re.search(r"\b\d{6}\b", mail.get_content())[0]  # type: ignore[attr-defined,index]
            assert code not in mail["Subject"], "a lock screen shows the subject"
            assert (await stage.say(code))[-1]["text"] == stage.words("verify.right")
            assert stage.house.desk.verified_domains(conversation.id) == ("example.com",)
