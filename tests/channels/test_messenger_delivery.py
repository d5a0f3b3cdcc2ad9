"""What reaches a customer: typing, pictures of staff, the closed window, and each piece once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.channels.messenger_world import EVERY, Messengers
from tests.channels.wire import TEXT, fixture, typed
from tests.channels.words import say

LINK = "https://bot.qiq.example/pictures/c.f.1.seal.png"
WHERE = {"facebook": "PSID_1", "telegram": "7", "twilio": "whatsapp:+447700900001"}


async def talk_of(world: Messengers, channel: str) -> str:
    """A customer who has just written and been answered."""
    await world.post(channel, fixture(channel, TEXT[channel]))
    await world.settle()
    talk = world.house.desk.open_conversation(channel, WHERE[channel])
    return talk.id


def says(world: Messengers, talk: str, text: str, author: str = "bot", **body: Any) -> None:
    world.house.desk.append(talk, author, "message", {"text": text, **body}, key=text)  # type: ignore[arg-type]


@EVERY
async def test_typing_is_shown_while_the_bot_works(messengers: Messengers, channel: str) -> None:
    world = messengers
    answering = asyncio.Event()
    world.rasa.hold = answering
    for one in world.channels.values():
        await one.start()
    await world.post(channel, fixture(channel, TEXT[channel]))
    for _ in range(3000):
        if world.platforms.typing:
            break
        await asyncio.sleep(0.01)
    answering.set()
    await world.settle()
    who = {"facebook": "PSID_1", "telegram": "7", "twilio": "SM1"}
    assert set(world.platforms.typing) == {who[channel]}


@EVERY
async def test_a_picture_of_staff_arrives_before_their_words(messengers, channel):
    world = messengers
    talk = await talk_of(world, channel)
    custom = {"type": "file", "name": "f.png", "link": LINK}
    says(world, talk, "Press the red button.", "staff", name="Jo", custom=custom)
    await world.settle()
    assert LINK in str(
        {"facebook": world.platforms.facebook, "telegram": world.platforms.telegram,
         "twilio": world.platforms.twilio}[channel][-2]
    )  # fmt: skip
    assert world.texts(channel)[-1] == "Press the red button."


async def test_an_sms_cannot_show_a_picture_so_it_holds_the_link(messengers: Messengers) -> None:
    await messengers.post("twilio", typed("twilio", "hello", address="+447700900001"))
    await messengers.settle()
    talk = messengers.house.desk.open_conversation("twilio", "+447700900001").id
    says(messengers, talk, "Look.", "staff", custom={"type": "file", "link": LINK})
    await messengers.settle()
    assert messengers.texts("twilio")[-1] == f"Look.\n\n{LINK}"


@pytest.mark.parametrize("channel", ["facebook", "twilio"])
async def test_when_the_window_is_over_the_answer_goes_by_e_mail(messengers, channel):
    world = messengers
    talk = await talk_of(world, channel)
    until = world.house.desk.now() + timedelta(days=3)
    world.house.desk.set_customer(talk, ["example.com"], "zoë@example.com", until)
    world.clock[0] = timedelta(hours=30)
    says(world, talk, "It is fixed")
    await world.settle()
    ((to, _, text),) = world.mails
    assert (to, "It is fixed" in text) == ("zoë@example.com", True)
    assert world.house.desk.open_alerts() == []


async def test_the_template_carries_the_words_in_one_line(messengers: Messengers) -> None:
    world = messengers
    talk = await talk_of(world, "twilio")
    sender = world.channels["twilio"].sender  # type: ignore[attr-defined]
    sender.settings = sender.settings.model_copy(update={"template_sid": "HX1"})
    world.clock[0] = timedelta(hours=30)
    says(world, talk, "It is fixed.\n\nHave a nice day.")
    await world.settle()
    sent = world.platforms.twilio[-1]
    assert sent["ContentSid"] == "HX1"
    assert "It is fixed. Have a nice day." in sent["ContentVariables"]


async def test_twilio_is_asked_before_a_piece_is_sent_again(messengers: Messengers) -> None:
    world = messengers
    talk = await talk_of(world, "twilio")
    world.platforms.lose_answer = True
    says(world, talk, "It is fixed")
    await world.settle(deliveries=1)
    world.clock[0] = timedelta(minutes=2)
    await world.settle()
    assert world.texts("twilio").count("It is fixed") == 1
    assert world.house.desk.due(20, 60.0) == []


async def test_facebooks_echo_says_that_a_piece_was_taken(messengers: Messengers) -> None:
    world = messengers
    talk = await talk_of(world, "facebook")
    world.platforms.lose_answer = True
    says(world, talk, "It is fixed")
    await world.settle(deliveries=1)
    echo = fixture("facebook", "echo")
    mark = world.platforms.facebook[-1]["message"]["metadata"]
    echo["entry"][0]["messaging"][0]["message"]["metadata"] = mark
    assert await world.post("facebook", echo) == 200
    world.clock[0] = timedelta(minutes=2)
    await world.settle()
    assert world.texts("facebook").count("It is fixed") == 1
    assert len(world.rasa.asked) == 1, "an echo is no message"


async def test_who_said_stop_to_the_carrier_is_left_alone_without_an_alarm(messengers):
    world = messengers
    talk = await talk_of(world, "twilio")
    world.platforms.blocked.add(WHERE["twilio"])
    says(world, talk, "It is fixed")
    await world.settle()
    assert world.house.desk.opted_out("twilio", WHERE["twilio"])
    assert world.house.desk.open_alerts() == []


async def test_an_answer_that_cannot_be_delivered_names_the_talk_to_staff(messengers) -> None:
    world = messengers
    talk = await talk_of(world, "facebook")
    world.clock[0] = timedelta(hours=30)
    says(world, talk, "It is fixed")
    await world.settle()
    (alert,) = world.house.desk.open_alerts()
    assert (alert.kind, alert.conversation_id) == ("delivery", talk)


async def test_a_batch_in_the_wrong_order_is_read_in_the_order_of_writing(messengers) -> None:
    body = fixture("facebook", "batch")
    for entry in body["entry"]:
        entry["messaging"].reverse()
    await messengers.post("facebook", body)
    await messengers.settle()
    first = [a["text"] for a in messengers.rasa.asked if a["text"] in ("first", "second")]
    assert first == ["first", "second"]


@EVERY
async def test_messages_that_arrive_out_of_order_are_each_answered_once(messengers, channel):
    for key in (12, 11, 12, 13, 11):
        assert await messengers.post(channel, typed(channel, f"words {key}", key=key)) == 200
    await messengers.settle(deliveries=6)
    assert sorted(a["text"] for a in messengers.rasa.asked) == ["words 11", "words 12", "words 13"]


async def test_the_platform_is_answered_before_a_picture_is_fetched(messengers) -> None:
    fetched: list[str] = []

    async def fetch(media: str) -> None:
        fetched.append(media)

    messengers.channels["telegram"].arrivals.fetch = fetch  # type: ignore[attr-defined]
    assert await messengers.post("telegram", fixture("telegram", "photo")) == 200
    assert fetched == []
    await messengers.settle()
    assert fetched == ["large"]
    assert say("messenger.bad_picture") in messengers.texts("telegram")
