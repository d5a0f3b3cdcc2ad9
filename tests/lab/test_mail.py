"""The mail server, met by the standard library's clients."""

from __future__ import annotations

import imaplib
import poplib
import secrets
import smtplib
import ssl

import pytest

from lab.background import BackgroundLab
from lab.hosts import CANARY, MAILBOX_PASSWORD
from tests.lab.clients import SHORT, Imap, Pop, Smtp

REFUSED = ConnectionRefusedError
CUT = (ConnectionResetError, smtplib.SMTPServerDisconnected, imaplib.IMAP4.abort, EOFError)


def letter(subject: str, to: str = CANARY) -> str:
    return (
        f"From: {CANARY}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\nGrüße\r\n.a line with a dot\r\n"
    )


def send(lab: BackgroundLab, trust: ssl.SSLContext, subject: str, to: str = CANARY) -> None:
    with Smtp(lab.ports["submissions"], trust) as client:
        client.login(CANARY, lab.lab.canary_password)
        client.sendmail(CANARY, [to], letter(subject, to).encode())


def test_a_letter_sent_over_submission_appears_in_imap_and_pop3(
    lab: BackgroundLab, trust: ssl.SSLContext
) -> None:
    subject = f"probe {secrets.token_hex(6)}"
    with Smtp(lab.ports["submission"]) as client:
        client.starttls(context=trust)
        client.login(CANARY, lab.lab.canary_password)
        client.sendmail(CANARY, [CANARY], letter(subject).encode())

    imap = Imap(lab.ports["imaps"], trust)
    imap.login(CANARY, lab.lab.canary_password)
    imap.select("INBOX")
    _, found = imap.uid("SEARCH", None, "HEADER", "Subject", f'"{subject}"')
    _, fetched = imap.uid("FETCH", found[0].split()[-1], "(RFC822)")
    assert b"\r\n.a line with a dot" in fetched[0][1]

    pop = Pop(lab.ports["pop3s"], trust)
    pop.user(CANARY)
    pop.pass_(lab.lab.canary_password)
    last = pop.stat()[0]
    assert f"Subject: {subject}".encode() in pop.retr(last)[1]
    assert b".a line with a dot" in pop.retr(last)[1]


def test_deleted_mail_is_gone_after_quit_and_expunge(
    lab: BackgroundLab, trust: ssl.SSLContext
) -> None:
    send(lab, trust, "to be deleted", "office@example.org")
    send(lab, trust, "to be deleted too", "office@example.org")
    pop = Pop(lab.ports["pop3"])
    pop.stls(trust)
    pop.user("office@example.org")
    pop.pass_(MAILBOX_PASSWORD)
    before = pop.stat()[0]
    pop.dele(before)
    pop.quit()

    imap = Imap(lab.ports["imap"])
    imap.starttls(trust)
    imap.login("office@example.org", MAILBOX_PASSWORD)
    assert imap.select()[1] == [str(before - 1).encode()]
    imap.store(str(before - 1), "+FLAGS", "\\Deleted")
    imap.expunge()
    assert imap.select()[1] == [str(before - 2).encode()]


def test_passwords_are_taken_over_tls_only(lab: BackgroundLab) -> None:
    with pytest.raises(imaplib.IMAP4.error, match="PRIVACYREQUIRED"):
        Imap(lab.ports["imap"]).login(CANARY, lab.lab.canary_password)
    with pytest.raises(poplib.error_proto, match="STLS"):
        Pop(lab.ports["pop3"]).user(CANARY)
    with Smtp(lab.ports["submission"]) as client, pytest.raises(smtplib.SMTPNotSupportedError):
        client.login(CANARY, lab.lab.canary_password)


def test_port_25_takes_mail_for_its_own_domains_only(lab: BackgroundLab) -> None:
    with Smtp(lab.ports["smtp"]) as client:
        client.ehlo()
        client.mail("stranger@mailgiant.example")
        assert client.rcpt("info@example.com")[0] == 250
        assert client.rcpt("postmaster@example.net")[0] == 250
        assert client.rcpt("nobody@example.com")[0] == 550
        assert client.rcpt("friend@mailgiant.example")[0] == 554


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("refused", REFUSED),
        ("dropped", TimeoutError),
        ("hung", TimeoutError),
        ("half-open", TimeoutError),
        ("garbage", imaplib.IMAP4.error),
        ("busy", imaplib.IMAP4.error),
        ("reset", CUT),
        ("closed", CUT),
    ],
)
def test_imap_fails_as_told_and_heals(
    lab: BackgroundLab, mode: str, error: type[Exception]
) -> None:
    lab.set_faults({"service": "all-imap", "mode": mode})
    with pytest.raises(error):
        Imap(lab.ports["imap"], patience=SHORT)
    assert Pop(lab.ports["pop3"]).getwelcome().startswith(b"+OK")
    lab.heal()
    assert b"OK" in Imap(lab.ports["imap"]).welcome


def test_hung_after_banner_greets_and_then_stays_silent(lab: BackgroundLab) -> None:
    lab.set_faults({"service": "all-smtp", "mode": "hung-after-banner"})
    client = Smtp(lab.ports["smtp"], patience=SHORT)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        client.ehlo()


def test_endless_and_dripping_servers_never_finish_a_greeting(lab: BackgroundLab) -> None:
    import socket

    for mode in ("endless", "drip"):
        lab.set_faults({"service": "all-smtp", "mode": mode})
        with socket.create_connection(("127.0.10.2", lab.ports["smtp"]), 5) as caller:
            heard = b"".join(caller.recv(4096) for _ in range(3))
        assert not heard.startswith(b"220 ") or b"\n" not in heard


def test_a_fault_cuts_connections_that_stand(lab: BackgroundLab, trust: ssl.SSLContext) -> None:
    imap = Imap(lab.ports["imaps"], trust)
    lab.break_("imap-down")
    with pytest.raises((OSError, imaplib.IMAP4.abort)):
        imap.noop()


@pytest.mark.parametrize(
    ("fault", "capability"),
    [
        ({"mail": "starttls-missing", "protocol": "imap"}, "STARTTLS"),
        ({"mail": "plain-login", "protocol": "imap"}, "LOGINDISABLED"),
    ],
)
def test_imap_capabilities_change_with_the_fault(
    lab: BackgroundLab, fault: dict[str, str], capability: str
) -> None:
    assert capability in Imap(lab.ports["imap"]).capabilities
    lab.set_faults(fault)
    assert capability not in Imap(lab.ports["imap"]).capabilities


def test_starttls_that_is_promised_and_fails(lab: BackgroundLab, trust: ssl.SSLContext) -> None:
    lab.set_faults({"mail": "starttls-fails"})
    with pytest.raises(imaplib.IMAP4.error):
        Imap(lab.ports["imap"]).starttls(trust)
    with pytest.raises(poplib.error_proto):
        Pop(lab.ports["pop3"]).stls(trust)
    with Smtp(lab.ports["submission"]) as client, pytest.raises(smtplib.SMTPResponseException):
        client.starttls(context=trust)


def test_login_that_nobody_passes(lab: BackgroundLab, trust: ssl.SSLContext) -> None:
    lab.set_faults({"mail": "login", "how": "rejected"})
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        Imap(lab.ports["imaps"], trust).login(CANARY, lab.lab.canary_password)
    lab.set_faults({"mail": "login", "how": "unavailable"})
    with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
        send(lab, trust, "no")
    assert caught.value.smtp_code == 454


def test_a_stuck_queue_takes_mail_and_never_delivers(
    lab: BackgroundLab, trust: ssl.SSLContext
) -> None:
    subject = f"stuck {secrets.token_hex(6)}"
    lab.break_("delivery-stuck")
    send(lab, trust, subject)
    lab.heal()
    imap = Imap(lab.ports["imaps"], trust)
    imap.login(CANARY, lab.lab.canary_password)
    imap.select()
    assert imap.search(None, "SUBJECT", f'"{subject}"')[1] == [b""]


def test_greylisting_puts_the_first_try_off(lab: BackgroundLab) -> None:
    lab.set_faults({"mail": "greylist"})
    sender = f"{secrets.token_hex(4)}@mailgiant.example"
    with Smtp(lab.ports["smtp"]) as client:
        client.ehlo()
        client.mail(sender)
        assert client.rcpt("info@example.com")[0] == 451
        assert client.rcpt("info@example.com")[0] == 250


def test_a_full_and_a_suspended_mailbox_take_no_mail(
    lab: BackgroundLab, trust: ssl.SSLContext
) -> None:
    lab.set_faults(
        {"account": "example.com", "mailbox": "info", "set": {"used_mb": 2000}},
        {"account": "example.com", "mailbox": "sales", "set": {"suspended": "spam"}},
    )
    with Smtp(lab.ports["smtp"]) as client:
        client.ehlo()
        client.mail("stranger@mailgiant.example")
        assert client.rcpt("info@example.com")[0] == 452
        assert client.rcpt("sales@example.com")[0] == 550
    imap = Imap(lab.ports["imaps"], trust)
    imap.login("info@example.com", MAILBOX_PASSWORD)
    used, limit = imap.getquotaroot("INBOX")[1][1][0].rstrip(b")").split()[-2:]
    assert int(used) >= int(limit)
