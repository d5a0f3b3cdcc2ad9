"""Customers in messengers get every answer once, and only real platforms are listened to."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from qiq.gateway.channel import DeliveryFailed
from tests.channels.messenger_world import EVERY, PICTURE, PRESS, VOICE, Messengers
from tests.channels.wire import TEXT, fixture, typed
from tests.channels.words import say


@pytest.fixture
def world(messengers: Messengers) -> Messengers:
    return messengers


@EVERY
async def test_a_message_is_answered_in_the_same_chat(world, channel):
    assert await world.post(channel, fixture(channel, TEXT[channel])) == 200
    await world.settle()
    assert len(world.rasa.asked) == 1
    assert world.texts(channel) == ["Hallo! What is your domain?"]


@EVERY
async def test_a_forged_request_is_refused_and_leaves_no_trace(world, channel):
    assert await world.post(channel, fixture(channel, TEXT[channel]), forged=True) == 403
    await world.settle()
    assert world.rasa.asked == []
    assert world.texts(channel) == []


@EVERY
async def test_the_same_message_sent_again_is_answered_once(world, channel):
    for _ in range(3):
        assert await world.post(channel, fixture(channel, TEXT[channel])) == 200
    await world.settle()
    assert len(world.rasa.asked) == 1
    assert len(world.texts(channel)) == 1


async def test_every_message_of_a_batch_is_answered_in_order(world):
    await world.post("facebook", fixture("facebook", "batch"))
    await world.settle()
    by_talk: dict[str, list[str]] = {}
    for asked in world.rasa.asked:
        by_talk.setdefault(asked["conversation"], []).append(asked["text"])
    assert sorted(by_talk.values()) == [["first", "second"], ["third"]]


@EVERY
async def test_a_number_means_the_button_that_was_offered(world, channel):
    world.rasa.reply = {
        "text": "Which one is it?",
        "buttons": [
            {"title": f"Choice {n} {'x' * 70}", "press": {"intent": f"i{n}", "entities": {}}}
            for n in (1, 2)
        ],
    }
    await world.post(channel, fixture(channel, TEXT[channel]))
    await world.settle()
    assert "2. Choice 2" in world.texts(channel)[-1]
    await world.post(channel, typed(channel, "2"))
    await world.settle()
    assert world.rasa.asked[-1]["press"]["intent"] == "i2"


@pytest.mark.parametrize("channel", ["facebook", "telegram"])
async def test_short_choices_are_buttons_of_the_platform(world, channel):
    world.rasa.reply = {
        "text": "Is it mail?",
        "buttons": [{"title": "Yes", "press": {"intent": "affirm"}}],
    }
    await world.post(channel, fixture(channel, TEXT[channel]))
    await world.settle()
    assert world.texts(channel)[-1] == "Is it mail?"
    await world.post(channel, pressed(world, channel))
    await world.settle()
    assert world.rasa.asked[-1]["press"]["intent"] == "affirm"


@EVERY
async def test_a_made_up_button_opens_nothing(world, channel):
    await world.post(channel, fixture(channel, PRESS[channel]))
    await world.settle()
    assert all(asked["press"] is None for asked in world.rasa.asked)


@pytest.mark.parametrize("channel", list(PICTURE))
async def test_a_screenshot_is_kept_reencoded_and_acknowledged(world, channel):
    await world.post(channel, fixture(channel, PICTURE[channel]))
    await world.settle()
    (kept,) = (world.house.places.state / "files").glob("*.png")
    assert kept.read_bytes().startswith(b"\x89PNG")
    assert say("system.file_received") in world.texts(channel)


async def test_a_picture_from_somewhere_else_is_never_fetched(world):
    body = fixture("facebook", "image")
    attachment = body["entry"][0]["messaging"][0]["message"]["attachments"][0]
    attachment["payload"]["url"] = f"{world.platforms.url}/internal"
    await world.post("facebook", body)
    await world.settle()
    assert world.texts("facebook") == [say("messenger.bad_picture")]


@EVERY
async def test_a_voice_message_is_answered_kindly(world, channel):
    await world.post(channel, fixture(channel, VOICE[channel]))
    await world.settle()
    assert world.texts(channel) == [say("messenger.voice")]


async def test_stop_means_stop_until_they_write_again(world):
    await world.post("twilio", fixture("twilio", "sms_stop"))
    await world.settle()
    assert world.texts("twilio") == [say("messenger.stopped")]
    talk = world.house.desk.open_conversation("twilio", "+447700900001")
    world.house.desk.append(talk.id, "bot", "message", {"text": "It is fixed"}, key="fixed")
    await world.settle()
    assert len(world.texts("twilio")) == 1
    body = {**fixture("twilio", "sms_stop"), "Body": "hello", "MessageSid": "SM9"}
    body.pop("OptOutType")
    await world.post("twilio", body)
    await world.settle()
    assert world.texts("twilio")[-1] == "Hallo! What is your domain?"


@pytest.mark.parametrize(
    ("channel", "name"),
    [("facebook", "echo"), ("facebook", "delivery"), ("telegram", "group"), ("telegram", "edited")],
)
async def test_what_is_not_for_us_is_taken_and_ignored(world, channel, name):
    assert await world.post(channel, fixture(channel, name)) == 200
    await world.settle()
    assert world.rasa.asked == []


@EVERY
@pytest.mark.parametrize(
    "body", [{}, {"object": "page", "entry": "x"}, {"update_id": "x"}, {"entry": [1]}]
)
async def test_a_malformed_body_breaks_nothing(world, channel, body):
    text = {key: str(value) for key, value in body.items()} if channel == "twilio" else body
    assert await world.post(channel, text) in (200, 400)
    await world.settle()
    assert world.rasa.asked == []


@EVERY
async def test_a_long_answer_arrives_whole_when_the_platform_fails_in_between(world, channel):
    world.rasa.reply = {"text": " ".join(f"Sentence number {n}." for n in range(400))}
    await world.post(channel, fixture(channel, TEXT[channel]))
    world.platforms.down = 0
    await world.settle(deliveries=0)
    await break_after_one(world, channel)
    joined = " ".join(world.texts(channel))
    assert joined == world.rasa.reply["text"]


async def break_after_one(world: Messengers, channel: str) -> None:
    """The platform takes one piece, fails on the next, and is back for the second try."""
    (item,) = world.house.desk.due(20, 60.0)
    body = {**item.body, "outbox_key": item.key}
    real = world.platforms._fails
    count = iter([False, True])
    world.platforms._fails = lambda: next(count, False)  # type: ignore[method-assign]
    with pytest.raises(DeliveryFailed):
        await world.channels[channel].deliver(item.address, body)
    assert len(world.texts(channel)) == 1
    world.platforms._fails = real  # type: ignore[method-assign]
    await world.channels[channel].deliver(item.address, body)


async def test_outside_the_window_facebook_lets_only_people_answer(world):
    await world.post("facebook", fixture("facebook", "text"))
    await world.settle()
    world.clock[0] = timedelta(hours=30)
    talk = world.house.desk.open_conversation("facebook", "PSID_1")
    world.house.desk.append(talk.id, "bot", "message", {"text": "It is fixed"}, key="bot-late")
    await world.settle()
    assert "It is fixed" not in world.texts("facebook")
    assert [a for a in world.house.desk.open_alerts() if "24-hour" in a.text]
    world.house.desk.append(talk.id, "staff", "message", {"text": "Jo here"}, key="staff-late")
    await world.settle()
    assert world.platforms.facebook[-1]["tag"] == "HUMAN_AGENT"


async def test_outside_the_window_whatsapp_gets_the_template_or_staff_are_told(world):
    await world.post("twilio", fixture("twilio", "whatsapp_text"))
    await world.settle()
    world.clock[0] = timedelta(hours=30)
    talk = world.house.desk.open_conversation("twilio", "whatsapp:+447700900001")
    world.house.desk.append(talk.id, "bot", "message", {"text": "It is fixed"}, key="late")
    await world.settle()
    assert [a for a in world.house.desk.open_alerts() if "24-hour" in a.text]


async def test_facebooks_handshake_wants_the_token(world):
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    good = await world.client.get(
        "/webhooks/facebook", params={**query, "hub.verify_token": "verify"}
    )
    bad = await world.client.get("/webhooks/facebook", params={**query, "hub.verify_token": "no"})
    assert (good.text, bad.status_code) == ("1158201444", 403)


def pressed(world: Messengers, channel: str) -> dict[str, Any]:
    """A press of the button that really arrived at the platform."""
    body = fixture(channel, PRESS[channel])
    if channel == "facebook":
        reply = world.platforms.facebook[-1]["message"]["quick_replies"][0]
        body["entry"][0]["messaging"][0]["message"]["quick_reply"]["payload"] = reply["payload"]
    else:
        markup = json.loads(world.platforms.telegram[-1][1]["reply_markup"])
        body["callback_query"]["data"] = markup["inline_keyboard"][0][0]["callback_data"]
    return body
