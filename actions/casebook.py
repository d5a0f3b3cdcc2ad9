"""A diagnosis into the customer's case: opened once, found again after a crash, alerted on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from actions import office
from qiq.desk import Desk, Incident, StoreUnavailable
from qiq.talk.aid import complaint
from qiq.talk.incidents import Going, concerning, service_of
from qiq.talk.model import Problem

log = logging.getLogger(__name__)


async def file(conversation: str, problem: Problem, diagnosis: Any) -> str:
    """The number of the case, or an empty string when no case was opened.

    A domain that is not hosted here, or a check that was not run, opens no case. When the store
    cannot be used the customer still gets the result; the log says that it was not filed.
    """
    try:
        return await asyncio.to_thread(_file, conversation, problem, diagnosis)
    except StoreUnavailable:
        log.error("a diagnosis could not be filed: the store is not available")
    except KeyError:
        log.error("a diagnosis could not be filed: the desk does not know the conversation")
    return problem.case


async def going() -> tuple[Going, ...]:
    """Incidents that are going on; none when the store cannot be read."""
    try:
        found = await asyncio.to_thread(office.desk().open_incidents)
    except StoreUnavailable:
        log.error("incidents could not be read: the store is not available")
        return ()
    return tuple(Going(one.cause, one.server, one.title, one.opened_at) for one in found)


def _file(conversation: str, problem: Problem, diagnosis: Any) -> str:
    payload = diagnosis.payload()
    if payload["verdict"] == "not_hosted" or diagnosis.rate_limited:
        return problem.case
    desk = office.desk()
    domain = str(payload["subject"]["domain"])
    number = problem.case or _open(conversation, problem, domain)
    desk.record_diagnosis(number, {**payload, "case": number}, diagnosis.staff_text())
    known = _known(desk, problem, diagnosis, payload)
    for incident in known:
        desk.join_known(number, incident.id)
    if payload["verdict"] == "host_fault":
        desk.alert(number, diagnosis, complaint(problem))
        if not known:
            desk.join_incident(number, str(payload["cause"]), _server(diagnosis))
        log.warning("host fault %s in case %s: staff notified", payload["cause"], number)
    return number


def _known(
    desk: Desk, problem: Problem, diagnosis: Any, payload: Mapping[str, Any]
) -> list[Incident]:
    """Open incidents that this customer is part of: those they were told of though the checks
    passed, or the one of the service that failed, by whichever of its server's names."""
    told = concerning(problem.intent, desk.open_incidents())
    if payload["cause"] == "incident.not_confirmed":
        return list(told)
    if payload["verdict"] != "host_fault":
        return []
    names = office.house().names_of(_server(diagnosis))
    service = service_of(str(payload["cause"]))
    return [one for one in told if one.server in names and service_of(one.cause) == service]


def _open(conversation: str, problem: Problem, domain: str) -> str:
    """A case of the same problem that is still open is used: a turn may be run twice after a
    crash, and a customer must not get two numbers for one thing."""
    desk = office.desk()
    for case in desk.cases_of(conversation):
        if case.closed_at is None and (case.intent, case.domain) == (problem.intent, domain):
            return case.number
    return desk.open_case(conversation, problem.intent, domain, problem.text).number


def _server(diagnosis: Any) -> str:
    """The server a fault is on: what the verdict names, else the target of what failed."""
    args = diagnosis.verdict.args
    named = args.get("server") or args.get("host") or args.get("target")
    if named:
        return str(named)
    failed = (r.target for r in diagnosis.results if r.status == "fail")
    return next(failed, "unknown").rsplit(":", 1)[0]
