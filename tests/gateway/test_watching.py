"""A host fault is looked at again by itself; the repair is told once to everyone concerned."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from qiq.desk import Desk, Watch
from qiq.gateway import workers
from qiq.gateway.recheck import Look, judge, mended
from qiq.gateway.watcher import LONGEST_PAUSE, Pause
from tests.gateway.conftest import Stage, Theatre, settings_with, until

CAUSE = "mail.imap.refused"
IMAP = {"id": "mail.imaps.connect", "target": "mail.example.com:993", "status": "fail"}
SMTP = {"id": "mail.smtp.connect", "target": "mail.example.com:25", "status": "pass"}


@dataclass
class Server:
    """What the repeated check sees."""

    works: bool = False
    unsure: bool = False
    looks: list[str] = field(default_factory=list)

    def check(self, _settings: Any, _together: Any) -> Callable[[Watch], Awaitable[Look]]:
        async def look(watch: Watch) -> Look:
            self.looks.append(watch.case_number)
            if self.unsure:
                return Look("unclear")
            if not self.works:
                return Look("broken")
            return Look("healthy", ((SMTP["id"], SMTP["target"]), (IMAP["id"], IMAP["target"])))

        return look


class Found:
    """A diagnosis of a host fault."""

    subject: dict[str, str] = {"domain_text": "example.com"}  # noqa: RUF012
    complaint: dict[str, str] = {"intent": "email_cannot_connect"}  # noqa: RUF012

    def payload(self) -> dict[str, Any]:
        return {"verdict": "host_fault", "cause": CAUSE, "checks": [SMTP, IMAP]}

    def staff_text(self) -> str:
        return "connection refused"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    monkeypatch.setattr(workers, "diagnosis_check", made.check)
    return made


def fault(desk: Desk, who: str) -> str:
    conversation = desk.open_conversation("rest", who)
    case = desk.open_case(conversation.id, "email_cannot_connect", "example.com", "no mail")
    desk.record_diagnosis(case, Found().payload(), Found().staff_text())
    desk.alert(case, Found())
    desk.join_incident(case, CAUSE, "server1")
    return case.number


async def notices(stage: Stage, who: str) -> list[str]:
    return [text for text in await stage.texts(who) if "works again" in text]


async def test_the_repair_is_told_after_two_healthy_looks(theatre: Theatre, server: Server) -> None:
    async with theatre.open() as stage:
        number = fault(stage.house.desk, "Ann")

        async def looked() -> bool:
            return len(server.looks) >= 2

        await until(looked)
        assert await notices(stage, "Ann") == []
        server.works = True
        [text] = await until(lambda: notices(stage, "Ann"))
        assert number in text
        assert "mail.example.com:993" in text, "what was broken is named"
        assert ":25" not in text, "what was never broken is no news"
        assert stage.house.desk.case(number).outcome == "repaired"  # type: ignore[union-attr]
        assert stage.house.desk.open_alerts() == []
        [event] = [e for e in await stage.events("Ann") if "works again" in e.get("text", "")]
        assert len(event["buttons"]) == 2, "a way on: fine, or still broken"


async def test_a_look_that_cannot_tell_proves_nothing(theatre: Theatre, server: Server) -> None:
    async with theatre.open() as stage:
        server.unsure = True
        fault(stage.house.desk, "Ann")

        async def looked_often() -> bool:
            return len(server.looks) >= 3

        await until(looked_often)
        assert await notices(stage, "Ann") == []


async def test_everyone_of_an_incident_is_told_once(theatre: Theatre, server: Server) -> None:
    settings = settings_with(desk={"recheck_seconds": 0.2, "incident_customers": 2})
    async with theatre.open(settings=settings) as stage:
        for who in ("Ann", "Bob", "Cat"):
            fault(stage.house.desk, who)
        [incident] = stage.house.desk.open_incidents()
        assert incident.count == 3
        page = await stage.client.get("/status")
        assert "Incoming mail (IMAP) on server1" in page.text
        assert "example.com" not in page.text, "nobody's domain is on the public page"
        data = (await stage.client.get("/status.json")).json()
        assert [one["customers"] for one in data["now"]] == [3]
        server.works = True

        async def over() -> bool:
            return not stage.house.desk.open_incidents()

        await until(over)
        for who in ("Ann", "Bob", "Cat"):
            assert len(await notices(stage, who)) == 1
        data = (await stage.client.get("/status.json")).json()
        assert (len(data["now"]), len(data["past"])) == (0, 1)


async def test_over_a_restart_it_is_told_once(theatre: Theatre, server: Server) -> None:
    async with theatre.open() as stage:
        fault(stage.house.desk, "Ann")
    server.works = True
    for _ in range(2):
        async with theatre.open() as stage:
            assert len(await until(lambda s=stage: notices(s, "Ann"))) == 1


def test_looks_grow_apart_and_never_in_step() -> None:
    pause = Pause(30.0)
    assert 24 <= pause.after(0, healthy=False) <= 36
    assert len({pause.after(0, healthy=False) for _ in range(20)}) > 1
    assert pause.after(50, healthy=False) <= LONGEST_PAUSE * 1.2
    assert pause.after(9, healthy=True) <= 2.0


@pytest.mark.parametrize(
    ("verdict", "cause", "statuses", "outcome"),
    [
        ("host_fault", CAUSE, ["fail"], "broken"),
        ("all_clear", "all_clear", ["pass", "warn"], "healthy"),
        ("third_party", "third_party.client", ["pass"], "healthy"),
        ("all_clear", "all_clear", ["pass", "error"], "unclear"),
        ("all_clear", "all_clear", [], "unclear"),
        ("inconclusive", "own.failure", ["pass"], "unclear"),
        ("not_hosted", "not_hosted", ["pass"], "unclear"),
    ],
)
def test_only_a_clear_answer_proves_a_repair(
    verdict: str, cause: str, statuses: list[str], outcome: str
) -> None:
    checks = [{"id": "x", "target": "t", "status": status} for status in statuses]
    payload = {"verdict": verdict, "cause": cause, "checks": checks}
    assert judge(payload, CAUSE).outcome == outcome


def test_a_repair_that_no_check_names_is_told_without_a_target() -> None:
    passed = Look("healthy", ((SMTP["id"], SMTP["target"]),))
    fault = {"verdict": "host_fault", "checks": [IMAP]}
    other = {"verdict": "inconclusive", "checks": [{**SMTP, "status": "fail"}]}
    assert mended(passed, [fault, other]) == ""
    assert mended(passed, []) == ""
