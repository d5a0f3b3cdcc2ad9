"""Web, certificates, FTP, registry and the switchboard, met by independent clients."""

from __future__ import annotations

import ftplib
import http.client
import json
import socket
import ssl
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from lab.background import BackgroundLab
from lab.hosts import MAILBOX_PASSWORD
from lab.pki import Authority
from tests.lab.clients import MAIL, MAIL_NAME, WEB, handshake, http_get


def page(lab: BackgroundLab, trust: ssl.SSLContext, path: str = "/", **headers: str) -> tuple:  # type: ignore[type-arg]
    return http_get(WEB, lab.ports["https"], "example.com", path, trust, headers)


def test_sites_look_like_what_they_are(lab: BackgroundLab, trust: ssl.SSLContext) -> None:
    status, _, body = page(lab, trust)
    assert status == 200
    assert b'content="WordPress' in body
    status, headers, _ = http_get(WEB, lab.ports["http"], "example.com")
    assert (status, headers["location"]) == (301, "https://example.com/")
    assert http_get(WEB, lab.ports["http"], "example.org")[0] == 200
    assert b"Control panel" in http_get(WEB, lab.ports["panel"], "panel.qiq.example", "/", trust)[2]


def test_certificates_satisfy_strict_verifiers() -> None:
    authority = Authority()
    chain = [
        x509.load_pem_x509_certificate(pem.bytes())
        for pem in authority.leaf(
            ("mail.qiq.example", "müller.example"), "good", 60
        ).cert_chain_pems
    ]
    store = Store([x509.load_pem_x509_certificate(authority.root_pem)])
    verifier = PolicyBuilder().store(store).build_server_verifier(x509.DNSName("mail.qiq.example"))
    assert len(verifier.verify(chain[0], chain[1:])) == 3


@pytest.mark.parametrize(
    ("scenario", "script", "static"),
    [
        ("script-500", 500, 200),
        ("web-500", 500, 500),
        ("bad-gateway", 502, 200),
        ("wordpress-white", 200, 200),
        ("php-fatal", 200, 200),
        ("limit-508", 508, 200),
        ("redirect-loop", 301, 200),
    ],
)
def test_script_and_static_file_tell_server_from_script(
    lab: BackgroundLab, trust: ssl.SSLContext, scenario: str, script: int, static: int
) -> None:
    lab.break_(scenario)
    assert page(lab, trust)[0] == script
    assert page(lab, trust, "/robots.txt")[0] == static


def test_a_white_page_is_empty(lab: BackgroundLab, trust: ssl.SSLContext) -> None:
    lab.break_("wordpress-white")
    assert page(lab, trust)[2] == b""


def test_a_hacked_site_shows_its_face_to_search_visitors_only(
    lab: BackgroundLab, trust: ssl.SSLContext
) -> None:
    lab.break_("hacked")
    assert page(lab, trust)[0] == 200
    status, headers, _ = page(lab, trust, Referer="https://www.google.com/search?q=garden")
    assert (status, headers["location"]) == (302, "https://cheap-pills.example/?ref=42")


def test_a_server_that_sends_no_http(lab: BackgroundLab) -> None:
    lab.set_faults({"service": "all-web", "mode": "garbage"})
    with pytest.raises(http.client.BadStatusLine):
        http_get(WEB, lab.ports["http"], "example.org")


def test_headers_without_measure(lab: BackgroundLab, trust: ssl.SSLContext) -> None:
    lab.break_("huge-headers")
    with (
        socket.create_connection((WEB, lab.ports["https"]), 5) as plain,
        trust.wrap_socket(plain, server_hostname="example.com") as secure,
    ):
        secure.sendall(b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")
        seen = b""
        while len(seen) < 300_000:
            seen += secure.recv(65536)
    assert b"\r\n\r\n" not in seen


def test_the_healthy_mail_certificate_is_trusted_and_fits(
    lab: BackgroundLab, trust: ssl.SSLContext
) -> None:
    certificate = handshake(MAIL, lab.ports["imaps"], MAIL_NAME, trust)
    assert ("DNS", MAIL_NAME) in certificate["subjectAltName"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "certificate has expired"),
        ("not-yet", "not yet valid"),
        ("wrong-name", "Hostname mismatch"),
        ("untrusted", "self-signed certificate in certificate chain|unable to get local issuer"),
        ("self-signed", "self-signed certificate"),
        ("incomplete", "unable to get local issuer"),
    ],
)
def test_certificates_go_wrong_as_told(
    lab: BackgroundLab, trust: ssl.SSLContext, kind: str, words: str
) -> None:
    lab.set_faults({"certificate": "mail", "kind": kind})
    with pytest.raises(ssl.SSLCertVerificationError, match=words):
        handshake(MAIL, lab.ports["imaps"], MAIL_NAME, trust)
    handshake(WEB, lab.ports["https"], "example.com", trust)


def test_a_certificate_with_31_days_left(lab: BackgroundLab, trust: ssl.SSLContext) -> None:
    lab.set_faults({"certificate": "mail", "days": 31})
    certificate = handshake(MAIL, lab.ports["imaps"], MAIL_NAME, trust)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    assert (ends - datetime.now(UTC)).days == 31


def test_each_site_has_its_own_certificate(lab: BackgroundLab, trust: ssl.SSLContext) -> None:
    lab.set_faults({"certificate": "example.com", "kind": "expired"})
    handshake(WEB, lab.ports["https"], "example.net", trust)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(WEB, lab.ports["https"], "example.com", trust)


def test_retired_encryption_is_refused_by_current_programs(
    lab: BackgroundLab, trust: ssl.SSLContext
) -> None:
    lab.break_("mail-outdated")
    with pytest.raises(ssl.SSLError):
        handshake(MAIL, lab.ports["imaps"], MAIL_NAME, trust)


def test_ftp_with_explicit_tls(lab: BackgroundLab, trust: ssl.SSLContext) -> None:
    trust.check_hostname = False
    client = ftplib.FTP_TLS(context=trust, timeout=5)
    client.connect(WEB, lab.ports["ftp"])
    client.auth()
    client.login("example.com", MAILBOX_PASSWORD)
    client.prot_p()
    assert client.nlst() == ["welcome.txt"]
    client.close()


def test_ftp_without_the_encryption_it_should_have(
    lab: BackgroundLab, trust: ssl.SSLContext
) -> None:
    lab.break_("no-encryption")
    client = ftplib.FTP_TLS(context=trust, timeout=5)
    client.connect(WEB, lab.ports["ftp"])
    with pytest.raises(ftplib.error_perm):
        client.auth()
    client.close()


def registry(lab: BackgroundLab, path: str) -> dict:  # type: ignore[type-arg]
    url = f"http://127.0.10.254:{lab.lab.services.ports['registry']}{path}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)


def test_the_registry_tells_of_holds_and_the_status_page_of_incidents(lab: BackgroundLab) -> None:
    assert registry(lab, "/rdap/domain/example.com")["status"] == ["client transfer prohibited"]
    lab.break_("registration-hold")
    assert registry(lab, "/rdap/domain/example.com")["status"] == ["client hold"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        registry(lab, "/rdap/domain/nosuch.example")
    lab.break_("open-incident")
    feed = registry(lab, "/status/api/v2/summary.json")
    assert feed["incidents"][0]["status"] == "investigating"
