"""Waiting for a person, talking to one, and back to the bot."""

from __future__ import annotations

from datetime import UTC, datetime

from qiq.desk.staff import Staff
from tests.gateway.conftest import Stage, Theatre, settings_with, until


def ask_for_person(stage: Stage, who: str = "Ann") -> str:
    """What the dialogue's action does. Returns the number of the case."""
    desk = stage.house.desk
    conversation = desk.open_conversation("rest", who)
    case = desk.open_case(conversation.id, "email_cannot_send", "example.com", "outbox stuck")
    desk.hand_over(conversation.id, "asked", "Ann: Outlook, outbox stuck", case)
    return case.number


def office_hours(stage: Stage, open_now: bool) -> None:
    hour = 11 if open_now else 3
    stage.house.desk.now = lambda: datetime(2026, 11, 23, hour, tzinfo=UTC)


async def test_while_waiting_the_bot_is_silent_and_nothing_is_lost(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        ask_for_person(stage)
        first = await stage.say("it is urgent")
        second = await stage.say("really")
        assert "number 1" in first[-1]["text"] or "Nobody is at the desk" in first[-1]["text"]
        assert second[-1]["text"] == stage.words("system.waiting_kept", count="2")
        assert stage.rasa.heard == []
        typed = [e["text"] for e in await stage.events() if e.get("author") == "visitor"]
        assert typed == ["it is urgent", "really"]


async def test_one_button_leads_back_to_the_bot(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        ask_for_person(stage)
        replies = await stage.say("hello?")
        [button] = replies[-1]["buttons"]
        assert button["title"] == stage.words("system.back_to_bot")
        back = await stage.say(button["payload"])
        assert back[-1]["text"] == stage.words("system.back_with_bot")
        [reply] = await stage.say("and now?")
        assert reply["text"] == "You said: and now?"


async def test_outside_office_hours_there_is_a_form(theatre: Theatre) -> None:
    closed = {"timezone": "Europe/London", "days": []}
    async with theatre.open(settings=settings_with(hours=closed)) as stage:
        ask_for_person(stage)
        [reply] = await stage.say("hello?")
        assert reply["custom"] == {"type": "contact_form"}
        conversation = stage.house.desk.open_conversation("rest", "Ann")
        wrong = await stage.house.reception.contact(conversation, "k1", "no address", "")
        assert wrong.error == "system.bad_email"
        await stage.house.reception.contact(conversation, "k2", "ann@example.com", "after six")
        handover = stage.house.desk.handover(conversation.id)
        assert handover is not None
        assert handover.contact == {"email": "ann@example.com", "when": "after six"}


async def test_a_person_claims_replies_and_gives_back(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        number = ask_for_person(stage)
        person = Staff(stage.house.desk, "Zoë", stage.house.say)
        talk = stage.house.desk.open_conversation("rest", "Ann").id
        person.reply(talk, "Good morning, I see it.")
        person.reply(talk, "Done.")
        said = [(e["author"], e["text"]) for e in await stage.events() if e.get("text")]
        assert said == [
            ("system", stage.words("system.person_joined", name="Zoë")),
            ("staff", "Good morning, I see it."),
            ("staff", "Done."),
        ]
        names = [e["name"] for e in await stage.events() if e.get("author") == "staff"]
        assert names == ["Zoë", "Zoë"]
        await stage.say("thank you")
        assert stage.rasa.heard == [], "the bot is silent while a person has the talk"
        person.resolve(talk)
        assert stage.house.desk.case(number).state == "closed"  # type: ignore[union-attr]
        [reply] = [r for r in await stage.say("one more thing") if "You said" in r["text"]]
        assert reply["text"] == "You said: one more thing"


async def test_what_staff_write_reaches_an_open_page_without_a_message(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        ask_for_person(stage)
        conversation = stage.house.desk.open_conversation("rest", "Ann").id
        with stage.house.hub.listen(conversation) as listener:
            listener.bell.clear()
            # Another process, such as the command line, writes to the same database.
            Staff(stage.house.desk, "Ann B.", stage.house.say).reply(conversation, "hello")

            async def rung() -> bool:
                return listener.bell.is_set()

            await until(rung)


async def test_a_rating_lands_in_the_case(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        number = ask_for_person(stage)
        conversation = stage.house.desk.open_conversation("rest", "Ann")
        for _ in range(2):
            await stage.house.reception.rating(conversation, "k1", 4)
        assert stage.house.desk.case(number).stars == 4  # type: ignore[union-attr]
        assert (await stage.texts(author="system")).count(stage.words("system.rated")) == 1
