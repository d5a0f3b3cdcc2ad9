"""What reaches the gateway from Slack: each documented kind, and what must not get in."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from tests.channels.fake_slack import FORM, Sent, action, command, event, submit
from tests.channels.slack_world import World, until
from tests.channels.wire import FIXTURES, fixture

BUTTONS = ("claim", "release", "reply", "recheck", "resolve", "snooze")
EVENTS = ("app_mention", "thread_message", "message_changed", "message_deleted", "file_share",
          "bot_message")  # fmt: skip
WINDOWS = ("view_submission_write", "view_submission_send")


def sent(kind: str) -> Sent:
    """A recorded payload as it travels."""
    body = fixture("slack", kind)
    if kind in EVENTS or kind == "url_verification":
        return json.dumps(body), "application/json"
    return urlencode(body if kind == "slash_command" else {"payload": json.dumps(body)}), FORM


KINDS = [*EVENTS, *WINDOWS, "url_verification", "slash_command",
         *(f"block_actions_{name}" for name in BUTTONS)]  # fmt: skip


def test_every_recorded_payload_is_sent_here() -> None:
    recorded = {path.stem for path in (FIXTURES / "slack").glob("*.json")}
    assert recorded - {"rate_limited"} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sign", [{"secret": "wrong"}, {"age": 600}, {"age": -600}])
async def test_unsigned_and_old_requests_of_every_kind_are_refused(world, kind, sign):
    assert (await world.send(sent(kind), **sign)).status_code == 401
    assert world.slack.messages == world.slack.views == []


async def test_the_address_is_confirmed_to_slack(world: World) -> None:
    answer = await world.send(sent("url_verification"))
    assert fixture("slack", "url_verification")["challenge"] in answer.text


@pytest.mark.parametrize(
    "kind", ["thread_message", "message_changed", "message_deleted", "file_share", "bot_message"]
)
async def test_what_staff_write_change_or_delete_among_themselves_moves_nothing(world, kind):
    talk = world.talk()
    await world.channel.room.step()
    posted, seq = len(world.slack.messages), world.desk.history(talk)[-1].seq
    assert (await world.send(sent(kind))).status_code == 200
    await world.channel.room.step()
    assert len(world.slack.messages) == posted
    assert world.desk.history(talk)[-1].seq == seq


@pytest.mark.parametrize("name", BUTTONS)
async def test_a_press_that_is_replayed_counts_once(world: World, name: str) -> None:
    talk = world.talk()
    await world.channel.room.step()
    made = action(name, talk, ts=world.slack.roots()[0]["ts"])
    for _ in range(2):
        assert (await world.send(made)).status_code == 200
    await world.settled()
    await world.channel.room.step()
    said = [
        m.body["text"]
        for m in world.desk.history(talk)
        if m.author == "system" and m.body.get("text")
    ]
    assert len(said) == len(set(said))
    assert len(world.slack.views) == (name == "reply")
    assert len(world.looking.asked) == (name == "recheck")


async def test_events_out_of_order_are_each_answered(world: World) -> None:
    for number in (2, 1, 3):
        mention = event("<@U_BOT> settings", id=f"Ev{number}", ts="1764000000.000600")
        assert (await world.send(mention)).status_code == 200
    await until(lambda: len(world.slack.messages) == 3, "all are answered")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "application/json"),
        ("not json", "application/json"),
        ("[1]", "application/json"),
        ('{"type": "event_callback"}', "application/json"),
        ("payload=%7Bnot", FORM),
        (urlencode({"payload": json.dumps({"type": "block_actions"})}), FORM),
        (urlencode({"payload": json.dumps({"type": "view_submission", "view": {}})}), FORM),
    ],
)
async def test_a_malformed_request_breaks_nothing(world: World, body: str, kind: str) -> None:
    assert (await world.send((body, kind))).status_code < 500
    await world.send(event("<@U_BOT> settings"))
    await until(lambda: world.slack.messages, "the next one is answered")


async def test_a_stranger_is_told_nothing_about_customers(world: World) -> None:
    talk = world.talk("my secret words")
    number = world.desk.cases_of(talk)[0].number
    for text in (f"case {number}", "check example.com", "status", "what about example.com?"):
        await world.send(event(f"<@U_BOT> {text}", id=f"Ev{text}", user="U_EVE"))
    await until(lambda: len(world.slack.messages) == 4, "each is answered")
    assert all("support group" in m["text"] for m in world.slack.messages)
    assert world.looking.asked == []


async def test_the_reply_command_opens_the_window_with_the_text(world: World) -> None:
    talk = world.talk()
    number = world.desk.cases_of(talk)[0].number
    await world.send(command(f"reply {number} Grüß Gott, wir sind dran"))
    await until(lambda: world.slack.views, "the window opens")
    preview = (await world.send(submit(world.slack.views[0], text="Grüß Gott"))).json()
    assert world.bodies(talk) == []
    assert "Grüß Gott" in str(preview["view"]["blocks"])
