"""The one door for TCP and TLS. Takes only vetted addresses; every read is bounded and timed."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from qiq.checks.clock import Deadline
from qiq.checks.errors import Trouble, WireError, silence, translate
from qiq.checks.guard import Guard

T = TypeVar("T")
LINE_BYTES = 2_048
LINES = 100
# Lost packets at the start, and a server that lets strangers wait for its greeting, are no fault.
CONNECT_SHARE, STEP_SHARE = 0.6, 0.7


@lru_cache(maxsize=8)
def tls_context(roots: Path | None, verify: bool, old: bool = False) -> ssl.SSLContext:
    """A client context. Names are compared by the checks, which must tell why one does not fit."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    if verify and roots:
        context.load_verify_locations(roots)
    elif verify:
        context.load_default_certs()
    else:
        context.verify_mode = ssl.CERT_NONE
    # RFC 5280's stricter readings (Python 3.13's default) refuse chains that every device takes.
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
    if old:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Connection:
    """One open connection, dialled at the moment ``since``. Errors come out as ``WireError``."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        deadline: Deadline,
        since: float,
    ) -> None:
        self._reader, self._writer, self._deadline = reader, writer, deadline
        self._since = since

    async def _timed(self, step: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._deadline.share(STEP_SHARE)):
                return await step
        except TimeoutError as error:
            fair = self._deadline.fair(self._since)
            raise silence(Trouble.HUNG, "nothing came within the time", fair=fair) from error
        except OSError as error:  # before ValueError: certificate errors are both
            raise translate(error) from error
        except (asyncio.LimitOverrunError, ValueError) as error:
            raise WireError(Trouble.GARBAGE, "an endless line") from error

    async def line(self) -> str:
        """One line without its end, at most ``LINE_BYTES``."""
        raw = await self._timed(self._reader.readline())
        if not raw:
            raise WireError(Trouble.CLOSED, "the server closed the connection")
        return raw.decode("utf-8", "replace").rstrip("\r\n")

    async def send(self, line: str) -> None:
        self._writer.write(line.encode("utf-8") + b"\r\n")
        await self._timed(self._writer.drain())

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        await self._timed(self._writer.start_tls(context, server_hostname=name))

    @property
    def ssl_object(self) -> ssl.SSLObject | None:
        found: ssl.SSLObject | None = self._writer.get_extra_info("ssl_object")
        return found

    def abort(self) -> None:
        self._writer.transport.abort()


class Dialer:
    """Opens connections for one run."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard, self._deadline = guard, deadline

    @contextlib.asynccontextmanager
    async def open(
        self, address: str, port: int, *, tls: ssl.SSLContext | None = None, name: str = ""
    ) -> AsyncIterator[Connection]:
        """A ``Connection`` to ``address``. Raises ``Refused`` or ``WireError``."""
        vetted = self._guard.vet(address, port)
        connection = await self._connect(vetted.address, vetted.port)
        try:
            if tls is not None:
                await connection.start_tls(tls, name)
            yield connection
        finally:
            connection.abort()

    async def _connect(self, address: str, port: int) -> Connection:
        since = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._deadline.share(CONNECT_SHARE)):
                pair = await asyncio.open_connection(address, port, limit=LINE_BYTES)
        except TimeoutError as error:
            fair = self._deadline.fair(since)
            raise silence(Trouble.TIMEOUT, "no answer in time", fair=fair) from error
        except OSError as error:
            raise translate(error) from error
        return Connection(*pair, self._deadline, since)
