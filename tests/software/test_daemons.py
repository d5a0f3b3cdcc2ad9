"""The real daemons speak to independent clients, and obey the switch."""

from __future__ import annotations

import asyncio
import imaplib
import secrets
import smtplib
import ssl
from typing import Any

import pytest

from lab.hosts import CANARY
from lab.software.unfit import Unfit
from tests.lab.clients import MAIL, MAIL_NAME, WEB, Imap, Pop, Smtp, handshake, http_get
from tests.software.conftest import Software

pytestmark = [pytest.mark.software, pytest.mark.asyncio(loop_scope="session")]
PATIENCE_SECONDS = 10


def trusting(software: Software) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(software.lab.hosting_path.with_name("ca.pem")))


async def test_postfix_delivers_into_dovecot(software: Software) -> None:
    await software.lab.set_faults([])
    trust, ports, subject = trusting(software), software.lab.ports, secrets.token_hex(8)

    def send() -> None:
        with Smtp(ports["submission"]) as client:
            client.starttls(context=trust)
            client.login(CANARY, software.lab.canary)
            client.sendmail(CANARY, [CANARY], f"Subject: {subject}\r\n\r\nhello\r\n")

    def found() -> bool:
        imap = Imap(ports["imaps"], trust)
        try:
            imap.login(CANARY, software.lab.canary)
            imap.select("INBOX")
            return bool(imap.search(None, "SUBJECT", subject)[1][0])
        finally:
            imap.logout()

    await asyncio.to_thread(send)
    ends = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not await asyncio.to_thread(found):
        assert asyncio.get_running_loop().time() < ends, "the letter never arrived"


async def test_dovecot_takes_passwords_over_tls_only(software: Software) -> None:
    await software.lab.set_faults([])

    def login() -> None:
        Imap(software.lab.ports["imap"]).login(CANARY, software.lab.canary)

    with pytest.raises(imaplib.IMAP4.error, match=r"PRIVACYREQUIRED|disallowed"):
        await asyncio.to_thread(login)
    welcome = await asyncio.to_thread(lambda: Pop(software.lab.ports["pop3"]).getwelcome())
    assert b"Dovecot" in welcome


async def test_nginx_and_php_show_a_real_fatal_error(software: Software) -> None:
    await software.lab.set_faults([{"site": "example.com", "behaviour": "php-fatal"}])

    def get(path: str) -> Any:
        return http_get(WEB, software.lab.ports["https"], "example.com", path, trusting(software))

    _, headers, body = await asyncio.to_thread(get, "/")
    assert headers["server"] == "nginx"
    assert b"Uncaught Error" in body
    assert (await asyncio.to_thread(get, "/robots.txt"))[0] == 200


async def test_an_expired_certificate_is_expired_for_every_client(software: Software) -> None:
    await software.lab.set_faults([{"certificate": "mail", "kind": "expired"}])
    for service in ("imaps", "pop3s", "submissions"):
        port = software.lab.ports[service]
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            await asyncio.to_thread(handshake, MAIL, port, MAIL_NAME, trusting(software))


async def test_a_full_disk_is_what_postfix_says_it_is(software: Software) -> None:
    fault = {"mail": "refuse", "step": "data", "text": "452 full"}
    await software.lab.set_faults([fault])

    def send() -> None:
        with Smtp(software.lab.ports["submissions"], trusting(software)) as client:
            client.login(CANARY, software.lab.canary)
            client.sendmail(CANARY, [CANARY], "Subject: x\r\n\r\nhello\r\n")

    with pytest.raises(smtplib.SMTPException, match="storage"):
        await asyncio.to_thread(send)


async def test_what_a_daemon_cannot_do_is_said_and_leaves_the_lab_usable(
    software: Software,
) -> None:
    with pytest.raises(Unfit):
        await software.lab.set_faults([{"service": "all-imap", "mode": "drip"}])
    await software.lab.set_faults([])
    assert b"Dovecot" in (await asyncio.to_thread(Imap, software.lab.ports["imap"])).welcome
