"""Network errors, translated once at the door into words that checks can judge."""

from __future__ import annotations

import errno
import socket
import ssl
from enum import StrEnum


class Trouble(StrEnum):
    """What went wrong on the wire."""

    REFUSED = "refused"
    TIMEOUT = "timeout"
    CLOSED = "closed"
    HUNG = "hung"
    GARBAGE = "garbage"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    OURS = "ours"


class WireError(Exception):
    """A connection failed. ``detail`` is bounded and printable."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble, self.detail = trouble, printable(detail)


class CertificateError(WireError):
    """The certificate was not accepted. ``code`` is OpenSSL's X509_V_ERR number."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(Trouble.TLS, detail)
        self.code = code


class NoIpv6(WireError):
    """This machine has no IPv6, which says nothing about the other side."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(Trouble.OURS, detail)


OUR_ERRNOS = {
    errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EACCES,
    errno.EPERM, errno.ENETDOWN, errno.EAFNOSUPPORT,
}  # fmt: skip


def silence(trouble: Trouble, detail: str, *, fair: bool) -> WireError:
    """A time-out. ``fair`` false: the other side had no time to answer, so the failure is ours."""
    return WireError(trouble, detail) if fair else WireError(Trouble.OURS, "no time was left")


def translate(error: BaseException) -> WireError:
    """The one table from Python's errors to ours, most specific first."""
    detail = str(error) or type(error).__name__
    if isinstance(error, WireError):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return CertificateError(error.verify_code, error.verify_message)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return WireError(Trouble.CLOSED, "the server closed the connection")
    if isinstance(error, ssl.SSLError):
        return WireError(Trouble.TLS, getattr(error, "reason", "") or detail)
    if isinstance(error, ConnectionRefusedError):
        return WireError(Trouble.REFUSED, "connection refused")
    if isinstance(
        error, ConnectionResetError | BrokenPipeError | ConnectionAbortedError | EOFError
    ):
        return WireError(Trouble.CLOSED, detail)
    if isinstance(error, TimeoutError):
        return WireError(Trouble.TIMEOUT, "no answer in time")
    if isinstance(error, OSError):
        if _without_ipv6(error.errno, detail):
            return NoIpv6(detail)
        if error.errno in OUR_ERRNOS or isinstance(error, socket.gaierror):
            return WireError(Trouble.OURS, detail)
        return WireError(Trouble.UNREACHABLE, detail)
    raise error


def _without_ipv6(number: int | None, detail: str) -> bool:
    """Python names the address it called: a colon in it means IPv6."""
    gone = number in (errno.ENETUNREACH, errno.EADDRNOTAVAIL) and ":" in detail
    return gone or number == errno.EAFNOSUPPORT


def printable(text: str, limit: int = 200) -> str:
    """``text`` on one line, without control characters, at most ``limit`` long."""
    clean = "".join(ch if ch.isprintable() else " " for ch in text[: limit * 2])
    clean = " ".join(clean.split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
