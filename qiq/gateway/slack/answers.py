"""Answers to what staff ask: ``/qiq …`` and mentions. Staff detail, never customer words."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from qiq.desk.model import Case
from qiq.gateway.slack import blocks
from qiq.gateway.slack.blocks import escape
from qiq.gateway.slack.commands import (
    Command,
    domain_in,
    servers_in,
    service_in,
)
from qiq.gateway.slack.desk_side import StaffDesk
from qiq.gateway.slack.facts import account
from qiq.gateway.slack.looking import Diagnosed, Wanted

MOST_CASES = 20
STATUS = "ask_server_status"


@dataclass(frozen=True)
class Asker:
    """Who asks in Slack, and what they may."""

    user: str
    name: str
    may_talk: bool
    may_lead: bool


class Answers:
    """``answer(command, asker)`` → mrkdwn text."""

    def __init__(self, staff: StaffDesk) -> None:
        self.staff = staff
        self.say = staff.say
        self.desk = staff.desk
        self.looking = staff.looking

    async def answer(self, command: Command, asker: Asker) -> str:
        """Always a text; what is not understood is said so, with the help."""
        if not asker.may_talk:  # account facts and customers' words are for the support group
            return self.say("slack.not_allowed")
        if command.verb == "check":
            return await self._check(command.rest(0), asker)
        if command.verb == "case":
            return await self._case(command)
        if command.verb == "incident":
            return await self._incident(command, asker)
        if command.verb == "status":
            return await self._status()
        if command.verb == "settings":
            return self._settings()
        if command.verb == "help":
            return self.say("slack.help")
        return await self._plain_words(command.text, asker)

    async def _check(self, text: str, asker: Asker) -> str:
        domain = domain_in(text)
        if domain is None:
            return self.say("slack.check.need_domain")
        return await self._looked(Wanted(domain, service_in(text), by=asker.user))

    async def _looked(self, wanted: Wanted) -> str:
        found, facts = await asyncio.gather(
            self.looking.inspect(wanted), self.looking.facts(wanted.domain)
        )
        return self.shown(found, account(facts, self.say) if facts else "")

    def shown(self, diagnosis: Diagnosed, facts: str = "") -> str:
        """Staff text, account facts and every check of a diagnosis."""
        lines = blocks.evidence(diagnosis.payload(), self.say)
        parts = [escape(diagnosis.staff_text()), facts, *lines]
        return blocks.cut("\n".join(part for part in parts if part))

    async def _plain_words(self, text: str, asker: Asker) -> str:
        """The same understanding that customers get; what it is about is read from the words."""
        intent = await self.looking.understand(text)
        domain = domain_in(text)
        if domain is None:
            servers = servers_in(text, self.staff.settings.servers)
            if servers == []:
                known = ", ".join(one.id for one in self.staff.settings.servers)
                return self.say("slack.server.unknown", servers=escape(known))
            domain = await self.looking.domain_on(servers[0]) if servers else None
        if domain is not None:
            about = service_in(text)
            # "mail" said plainly is mail, whatever kind of trouble the rest sounds like.
            kind = intent if intent and intent != STATUS and about == "all" else ""
            return await self._looked(Wanted(domain, about, kind, asker.user))
        if intent == STATUS:
            return await self._status()
        unknown = self.say("slack.unknown", text=escape(text[:200]))
        return f"{unknown}\n{self.say('slack.help')}"

    async def _case(self, command: Command) -> str:
        if not command.words:
            found = await asyncio.to_thread(self.desk.open_cases)
            lines = [self._line(case) for case in found[-MOST_CASES:]]
            return "\n".join(lines) or self.say("slack.case.list_empty")
        number = command.words[0]
        case = await asyncio.to_thread(self.desk.case, number)
        if case is None:
            return self.say("slack.case.none", number=escape(number))
        diagnoses = await asyncio.to_thread(self.desk.diagnoses, case)
        steps = await asyncio.to_thread(self.desk.steps, case)
        parts = [self._line(case), self.say("slack.customer", text=escape(case.text[:1000]))]
        if diagnoses:
            parts += [escape(diagnoses[-1].staff_text)]
            parts += blocks.evidence(diagnoses[-1].payload, self.say)
        parts += [f"{escape(step.step_id)}: {step.helped}" for step in steps]
        return blocks.cut("\n".join(parts))

    def _line(self, case: Case) -> str:
        return self.say(
            "slack.case.line",
            number=case.number,
            domain=escape(case.domain or "–"),
            intent=case.intent,
            verdict=case.verdict or "–",
            opened=f"{case.opened_at:%d %b %H:%M}",
        )

    async def _incident(self, command: Command, asker: Asker) -> str:
        words, name = command.words, asker.name
        if not words or words[0] == "list":
            return await self._incidents()
        if not asker.may_lead:
            return self.say("slack.not_allowed")
        if words[0] == "open" and len(words) >= 4:
            made = await asyncio.to_thread(
                self.desk.start_incident, words[1], words[2], command.rest(3), name
            )
            return self.say("slack.incident.opened", title=escape(made.title), id=made.id)
        if words[0] in ("update", "close") and len(words) >= 3:
            return await self._change(words[0], words[1], command.rest(2), name)
        return self.say("slack.incident.usage")

    async def _change(self, verb: str, incident_id: str, text: str, name: str) -> str:
        if verb == "update":
            if await self.staff.open_incident(incident_id) is None:
                return self.say("slack.incident.unknown", id=escape(incident_id))
            await asyncio.to_thread(self.desk.update_incident, incident_id, text, name)
            return self.say("slack.incident.updated", id=incident_id)
        count = await self.staff.close_incident(incident_id, text, name)
        if count is None:
            return self.say("slack.incident.unknown", id=escape(incident_id))
        return self.say("slack.incident.closed", id=incident_id, count=str(count))

    async def _incidents(self) -> str:
        found = await asyncio.to_thread(self.desk.open_incidents)
        lines = [
            self.say(
                "slack.incident.line",
                id=one.id,
                title=escape(one.title),
                server=escape(one.server),
                since=f"{one.opened_at:%H:%M}",
                count=str(one.count),
            )
            for one in found
        ]
        return "\n".join(lines) or self.say("slack.incident.none")

    async def _status(self) -> str:
        incidents = await asyncio.to_thread(self.desk.open_incidents)
        waiting = await asyncio.to_thread(self.desk.waiting)
        alerts = await asyncio.to_thread(self.desk.open_alerts)
        cases = await asyncio.to_thread(self.desk.open_cases)
        line = self.say(
            "slack.status.line",
            incidents=str(len(incidents)),
            waiting=str(len(waiting)),
            alerts=str(len(alerts)),
            cases=str(len(cases)),
        )
        return f"{line}\n{await self._incidents()}" if incidents else line

    def _settings(self) -> str:
        mail = self.staff.settings.mail
        return "\n".join(
            self.say(
                "slack.settings.line",
                protocol=server.protocol.upper(),
                host=server.host,
                port=str(server.port),
                security="SSL/TLS" if server.security == "tls" else "STARTTLS",
            )
            for server in (*mail.incoming, *mail.outgoing)
        )
