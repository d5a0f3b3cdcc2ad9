"""A POP3 server (RFC 1939, STLS of RFC 2595, CAPA of RFC 2449, PLAIN of RFC 5034)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from lab.mail.session import Service, Session, plain_credentials
from lab.mail.store import Message

_REFUSALS = {
    "rejected": "-ERR [AUTH] authentication failed",
    "unavailable": "-ERR [SYS/TEMP] authentication service is not available",
}


class Pop3Session(Session):
    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.user = ""
        self.marked: set[int] = set()
        self.messages: list[Message] = []
        self.open = True

    async def serve(self) -> None:
        banner = self.rules.banners.get("pop3", "+OK mail.qiq.example POP3 ready")
        await self.send(banner)
        while self.open:
            verb, _, rest = (await self.line()).partition(" ")
            handler = self._handler(verb.lower())
            if handler is None:
                await self.send("-ERR unknown command")
            else:
                await handler(rest.strip())

    def _handler(self, verb: str) -> Callable[[str], Awaitable[None]] | None:
        allowed = {"capa", "quit", "noop"}
        allowed |= (
            {"stat", "list", "uidl", "retr", "top", "dele", "rset"}
            if self.box
            else {"user", "pass", "auth", "stls"}
        )
        return getattr(self, f"do_{verb}", None) if verb in allowed else None

    async def do_capa(self, _: str) -> None:
        lines = ["CAPA", "TOP", "UIDL", "RESP-CODES", "PIPELINING"]
        if self.may_starttls:
            lines.append("STLS")
        if self.may_login:
            lines += ["USER", "SASL PLAIN"]
        await self.send("+OK capability list follows", *lines, ".")

    async def do_noop(self, _: str) -> None:
        await self.send("+OK")

    async def do_stls(self, _: str) -> None:
        if not self.may_starttls:
            return await self.send("-ERR STLS is not available")
        if "pop3" in self.rules.starttls_fails:
            return await self.send("-ERR TLS is not available, see the server log")
        await self.send("+OK begin TLS negotiation")
        await self.start_tls()
        return None

    async def do_user(self, rest: str) -> None:
        if not self.may_login:
            return await self.send("-ERR use STLS first")
        self.user = rest
        return await self.send("+OK")

    async def do_pass(self, rest: str) -> None:
        if not self.may_login or not self.user:
            return await self.send("-ERR USER first, over TLS")
        return await self._open_box(self.user, rest)

    async def do_auth(self, rest: str) -> None:
        if not rest:
            return await self.send("+OK", *(["PLAIN"] if self.may_login else []), ".")
        mechanism, _, token = rest.partition(" ")
        if mechanism.upper() != "PLAIN" or not self.may_login:
            return await self.send("-ERR mechanism is not available")
        if not token:
            await self.send("+ ")
            token = await self.line()
        return await self._open_box(*plain_credentials(token))

    async def _open_box(self, user: str, password: str) -> None:
        refusal = await self.login(user, password)
        if refusal or self.box is None:
            return await self.send(_REFUSALS[refusal])
        if self.rules.broken_select:
            self.box = None
            return await self.send("-ERR [SYS/TEMP] cannot open the mailbox")
        self.messages = list(self.box.messages)
        return await self.send("+OK mailbox open")

    def _kept(self) -> list[tuple[int, Message]]:
        return [(n, m) for n, m in enumerate(self.messages, 1) if n not in self.marked]

    async def _one(self, rest: str) -> tuple[int, Message] | None:
        number = int(rest.split()[0]) if rest.split() and rest.split()[0].isdigit() else 0
        found = next(((n, m) for n, m in self._kept() if n == number), None)
        if found is None:
            await self.send("-ERR no such message")
        return found

    async def do_stat(self, _: str) -> None:
        kept = self._kept()
        await self.send(f"+OK {len(kept)} {sum(len(m.data) for _, m in kept)}")

    async def do_list(self, rest: str) -> None:
        await self._listing(rest, lambda message: str(len(message.data)))

    async def do_uidl(self, rest: str) -> None:
        await self._listing(rest, lambda message: f"uid{message.uid}")

    async def _listing(self, rest: str, show: Callable[[Message], str]) -> None:
        if rest:
            found = await self._one(rest)
            if found:
                await self.send(f"+OK {found[0]} {show(found[1])}")
            return
        await self.send("+OK", *(f"{n} {show(m)}" for n, m in self._kept()), ".")

    async def do_retr(self, rest: str) -> None:
        found = await self._one(rest)
        if found:
            await self._send_message(found[1].data)

    async def do_top(self, rest: str) -> None:
        found = await self._one(rest)
        if found:
            wanted = int(rest.split()[1]) if len(rest.split()) > 1 else 0
            head, _, body = found[1].data.partition(b"\r\n\r\n")
            lines = body.split(b"\r\n")[:wanted]
            await self._send_message(head + b"\r\n\r\n" + b"\r\n".join(lines))

    async def _send_message(self, data: bytes) -> None:
        """Lines that begin with a dot get another one (RFC 1939 section 3)."""
        lines = data.removesuffix(b"\r\n").split(b"\r\n")
        stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
        self.writer.write(b"+OK\r\n" + b"\r\n".join(stuffed) + b"\r\n.\r\n")
        await self.writer.drain()

    async def do_dele(self, rest: str) -> None:
        found = await self._one(rest)
        if found:
            self.marked.add(found[0])
            await self.send("+OK marked for deletion")

    async def do_rset(self, _: str) -> None:
        self.marked.clear()
        await self.send("+OK")

    async def do_quit(self, _: str) -> None:
        if self.box:
            gone = [m for n, m in enumerate(self.messages, 1) if n in self.marked]
            self.box.messages = [m for m in self.box.messages if m not in gone]
        await self.send("+OK goodbye")
        self.open = False
