"""An IMAP server with one folder (RFC 3501), IDLE (RFC 2177) and QUOTA (RFC 9208)."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Awaitable, Callable

from lab.mail.imap_fetch import fetch_items, matches, sequence
from lab.mail.session import Service, Session, plain_credentials

_LITERAL = re.compile(r"\{(\d+)(\+?)\}$")
_MAX_LITERAL = 1_000_000
_REFUSALS = {
    "rejected": "NO [AUTHENTICATIONFAILED] authentication failed",
    "unavailable": "NO [UNAVAILABLE] temporary authentication failure",
}
_ANY_STATE = {"capability", "noop", "logout"}
_BEFORE_LOGIN = {"starttls", "login", "authenticate"}
_LOGGED_IN = {"select", "examine", "list", "lsub", "status", "append", "getquotaroot", "getquota",
              "idle", "namespace", "create", "subscribe"}  # fmt: skip
_SELECTED = {"fetch", "search", "store", "uid", "expunge", "close", "check"}


class ImapSession(Session):
    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.selected = False
        self.tag = "*"
        self.open = True

    def capabilities(self) -> str:
        words = ["IMAP4rev1", "LITERAL+"]
        if self.may_starttls and not self.box:
            words.append("STARTTLS")
        if not self.box:
            words.append("AUTH=PLAIN" if self.may_login else "LOGINDISABLED")
        else:
            words += ["IDLE", "QUOTA", "NAMESPACE"]
        return " ".join(words)

    async def serve(self) -> None:
        ready = f"* OK [CAPABILITY {self.capabilities()}] mail.qiq.example ready"
        await self.send(self.rules.banners.get("imap", ready))
        while self.open:
            line = await self._command_line()
            self.tag, _, rest = line.partition(" ")
            verb, _, rest = rest.partition(" ")
            handler = self._handler(verb.lower())
            if not self.tag or handler is None:
                await self.send(f"{self.tag or '*'} BAD command unknown or not allowed now")
            else:
                await handler(rest)

    async def _command_line(self) -> str:
        """A command with its literals read and quoted in place."""
        line = await self.line()
        while found := _LITERAL.search(line):
            size = int(found[1])
            if size > _MAX_LITERAL:
                raise ValueError("literal too large")
            if not found[2]:
                await self.send("+ go on")
            data = (await self.reader.readexactly(size)).decode("utf-8", "surrogateescape")
            quoted = '"' + data.replace("\\", "\\\\").replace('"', '\\"') + '"'
            line = line[: found.start()] + quoted + await self.line()
        return line

    def _handler(self, verb: str) -> Callable[[str], Awaitable[None]] | None:
        allowed = set(_ANY_STATE)
        allowed |= _LOGGED_IN if self.box else _BEFORE_LOGIN
        if self.selected:
            allowed |= _SELECTED
        return getattr(self, f"do_{verb}", None) if verb in allowed else None

    async def ok(self, text: str = "done") -> None:
        await self.send(f"{self.tag} OK {text}")

    async def do_capability(self, _: str) -> None:
        await self.send(f"* CAPABILITY {self.capabilities()}")
        await self.ok()

    async def do_noop(self, _: str) -> None:
        if self.selected and self.box:
            await self.send(f"* {len(self.box.messages)} EXISTS")
        await self.ok()

    do_check = do_noop

    async def do_logout(self, _: str) -> None:
        await self.send("* BYE logging out")
        await self.ok()
        self.open = False

    async def do_starttls(self, _: str) -> None:
        if not self.may_starttls:
            return await self.send(f"{self.tag} BAD STARTTLS is not available")
        if "imap" in self.rules.starttls_fails:
            return await self.send(f"{self.tag} NO TLS is not available, see the server log")
        await self.ok("begin TLS negotiation")
        return await self.start_tls()

    async def do_login(self, rest: str) -> None:
        words = shlex.split(rest)
        if len(words) != 2:
            return await self.send(f"{self.tag} BAD LOGIN needs user and password")
        return await self._login(words[0], words[1])

    async def do_authenticate(self, rest: str) -> None:
        mechanism, _, token = rest.partition(" ")
        if mechanism.upper() != "PLAIN":
            return await self.send(f"{self.tag} NO mechanism is not available")
        if not self.may_login:
            return await self._login("", "")
        if not token:
            await self.send("+ ")
            token = await self.line()
        return await self._login(*plain_credentials(token))

    async def _login(self, user: str, password: str) -> None:
        if not self.may_login:
            text = "NO [PRIVACYREQUIRED] login is allowed over TLS only"
            return await self.send(f"{self.tag} {text}")
        refusal = await self.login(user, password)
        if refusal:
            return await self.send(f"{self.tag} {_REFUSALS[refusal]}")
        return await self.ok(f"[CAPABILITY {self.capabilities()}] logged in")

    async def do_select(self, rest: str) -> None:
        if rest.strip().strip('"').upper() != "INBOX":
            return await self.send(f"{self.tag} NO [NONEXISTENT] no such mailbox")
        if self.rules.broken_select:
            return await self.send(f"{self.tag} NO [SERVERBUG] internal error, see the server log")
        assert self.box
        self.selected = True
        await self.send(
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
            f"* {len(self.box.messages)} EXISTS",
            "* 0 RECENT",
            f"* OK [UIDVALIDITY {self.box.uid_validity}] valid",
            f"* OK [UIDNEXT {self.box.next_uid}] next",
        )
        return await self.ok("[READ-WRITE] selected")

    do_examine = do_select

    async def do_list(self, rest: str) -> None:
        await self.send('* LIST (\\HasNoChildren) "/" INBOX')
        await self.ok()

    async def do_lsub(self, rest: str) -> None:
        await self.send('* LSUB () "/" INBOX')
        await self.ok()

    async def do_subscribe(self, _: str) -> None:
        await self.ok()

    async def do_namespace(self, _: str) -> None:
        await self.send('* NAMESPACE (("" "/")) NIL NIL')
        await self.ok()

    async def do_create(self, _: str) -> None:
        await self.send(f"{self.tag} NO this server has one folder only")

    async def do_status(self, rest: str) -> None:
        assert self.box
        count = len(self.box.messages)
        numbers = f"MESSAGES {count} UIDNEXT {self.box.next_uid} UNSEEN {count} RECENT 0"
        await self.send(f"* STATUS INBOX ({numbers} UIDVALIDITY {self.box.uid_validity})")
        await self.ok()

    async def do_getquotaroot(self, _: str) -> None:
        await self.send("* QUOTAROOT INBOX user")
        await self.do_getquota("")

    async def do_getquota(self, _: str) -> None:
        assert self.box
        used = self.box.used + sum(len(m.data) for m in self.box.messages)
        await self.send(f"* QUOTA user (STORAGE {used // 1024} {self.box.quota // 1024})")
        await self.ok()

    async def do_append(self, rest: str) -> None:
        assert self.box
        if self.box.full:
            return await self.send(f"{self.tag} NO [OVERQUOTA] quota exceeded")
        words = shlex.split(rest)
        self.box.deliver(words[-1].encode("utf-8", "surrogateescape"))
        return await self.ok()

    async def do_idle(self, _: str) -> None:
        await self.send("+ idling")
        waiting = asyncio.ensure_future(self.line())
        known = len(self.box.messages) if self.box else 0
        while not waiting.done():
            await asyncio.wait([waiting], timeout=0.2)
            if self.box and len(self.box.messages) != known and not waiting.done():
                known = len(self.box.messages)
                await self.send(f"* {known} EXISTS")
        waiting.result()
        await self.ok()

    async def do_uid(self, rest: str) -> None:
        verb, _, rest = rest.partition(" ")
        handler = {"fetch": self.do_fetch, "search": self.do_search, "store": self.do_store}
        if verb.lower() not in handler:
            return await self.send(f"{self.tag} BAD unknown UID command")
        return await handler[verb.lower()](rest, by_uid=True)

    async def do_fetch(self, rest: str, by_uid: bool = False) -> None:
        assert self.box
        wanted, _, items = rest.partition(" ")
        for number, message in sequence(wanted, self.box.messages, by_uid):
            data = fetch_items(message, items + (" UID" if by_uid else ""))
            self.writer.write(f"* {number} FETCH (".encode() + data + b")\r\n")
        await self.ok()

    async def do_search(self, rest: str, by_uid: bool = False) -> None:
        assert self.box
        found = [
            str(message.uid if by_uid else number)
            for number, message in enumerate(self.box.messages, 1)
            if matches(message, number, shlex.split(rest))
        ]
        await self.send(" ".join(["* SEARCH", *found]))
        await self.ok()

    async def do_store(self, rest: str, by_uid: bool = False) -> None:
        assert self.box
        wanted, verb, flags = rest.split(" ", 2)
        words = set(flags.strip("()").split())
        for number, message in sequence(wanted, self.box.messages, by_uid):
            if verb.startswith("-"):
                message.flags -= words
            else:
                message.flags = message.flags | words if verb.startswith("+") else words
            if "SILENT" not in verb.upper():
                await self.send(f"* {number} FETCH (FLAGS ({' '.join(sorted(message.flags))}))")
        await self.ok()

    async def do_expunge(self, _: str) -> None:
        assert self.box
        await self.send(*(f"* {number} EXPUNGE" for number in self.box.expunge()))
        await self.ok()

    async def do_close(self, _: str) -> None:
        assert self.box
        self.box.expunge()
        self.selected = False
        await self.ok()
