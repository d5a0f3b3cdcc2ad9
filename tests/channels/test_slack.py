"""Staff see every fault in Slack, help the customer from there, and never by accident."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from qiq.gateway.slack import blocks, modals
from qiq.gateway.slack.looking import Wanted
from tests.channels.fake_slack import action, command, event, serving, submit
from tests.channels.slack_world import EVIL, until


async def test_a_host_fault_is_posted_once_in_the_channel_of_its_topic(world):
    world.talk()
    await world.channel.room.step()
    await world.channel.room.step()
    (root,) = world.slack.roots()
    assert root["channel"] == "C_MAIL"
    shown = str(root["blocks"])
    for text in ("Our server is at fault", "Outlook fails", "mail.imap.refused", "IMAP refuses"):
        assert text in shown
    names = [
        e["action_id"] for b in root["blocks"] if b["type"] == "actions" for e in b["elements"]
    ]
    assert names == ["qiq_claim", "qiq_reply", "qiq_recheck", "qiq_resolve", "qiq_snooze"]


async def test_every_button_that_is_shown_has_a_listener(world):
    world.talk()
    await world.channel.room.step()
    for root in world.slack.roots():
        for block in root["blocks"]:
            for element in block.get("elements", []):
                if element["type"] == "button":
                    sent = action(element["action_id"].removeprefix("qiq_"), element["value"])
                    assert (await world.send(sent)).status_code == 200


async def test_words_of_strangers_cannot_call_the_channel_or_make_links(world):
    world.talk(EVIL)
    await world.channel.room.step()
    shown = str(world.slack.messages)
    assert "<!channel>" not in shown
    assert "<https://evil" not in shown
    assert "&lt;!channel&gt;" in shown


async def test_what_the_customer_writes_appears_in_the_thread_once(world):
    talk = world.talk()
    await world.channel.room.step()
    world.desk.append(talk, "visitor", "message", {"text": "hello? anyone?"}, key="v2")
    await world.channel.room.step()
    await world.channel.room.step()
    assert [t for t in world.slack.thread() if "anyone?" in t] == ["*Customer:* hello? anyone?"]


async def test_claim_reply_resolve(world):
    talk = world.talk()
    await world.channel.room.step()
    ts = world.slack.roots()[0]["ts"]

    await world.send(action("claim", talk, ts=ts))
    await until(lambda: world.desk.conversation(talk).holder == "person", "Jo has the talk")
    await world.channel.room.step()
    assert "Jo has the talk" in str(world.slack.updates[-1]["blocks"])

    await world.send(action("reply", talk, ts=ts))
    await until(lambda: world.slack.views, "the window opens")
    preview = (await world.send(submit(world.slack.views[0], text="We are *on* it."))).json()
    assert preview["response_action"] == "update"
    assert world.bodies(talk) == []

    for _ in range(2):
        await world.send(submit(preview["view"]))
    assert world.bodies(talk) == ["We are *on* it."]
    await world.channel.room.step()
    assert any("Sent to the customer by Jo" in text for text in world.slack.thread())

    await world.send(action("resolve", talk, ts=ts))
    await until(lambda: world.desk.conversation(talk).holder == "bot", "the bot has it again")
    assert world.desk.open_alerts() == []
    assert world.desk.cases_of(talk)[0].outcome == "resolved_by_staff"
    await world.channel.room.step()
    assert len(world.slack.roots()) == 1


async def test_what_staff_write_in_a_thread_stays_among_staff(world):
    talk = world.talk()
    await world.channel.room.step()
    ts = world.slack.roots()[0]["ts"]
    words = {"type": "message", "text": "this customer is a pain", "thread_ts": ts}
    assert (await world.send(event(id="Ev9", **words))).status_code == 200
    await world.channel.room.step()
    assert "pain" not in str([m.body for m in world.desk.history(talk)])


async def test_two_people_cannot_have_one_talk(world):
    talk = world.talk()
    await world.channel.room.step()
    await world.send(action("claim", talk, user="U_JO"))
    await until(lambda: world.desk.conversation(talk).staff == "Jo")
    await world.send(action("claim", talk, user="U_LEE"))
    await until(lambda: world.slack.ephemerals)
    assert "Jo already has this talk" in world.slack.ephemerals[0]["text"]
    assert world.desk.conversation(talk).staff == "Jo"


async def test_a_stranger_in_the_workspace_may_not_write_to_customers(world):
    talk = world.talk()
    await world.send(action("claim", talk, user="U_EVE"))
    await until(lambda: world.slack.ephemerals)
    assert "support group" in world.slack.ephemerals[0]["text"]
    view = {"private_metadata": modals.Draft(talk, "hi", "k").packed()}
    await world.send(submit(view, user="U_EVE"))
    assert world.bodies(talk) == []
    assert world.desk.conversation(talk).holder == "bot"


async def test_recheck_answers_in_the_thread(world):
    talk = world.talk()
    await world.channel.room.step()
    await world.send(action("recheck", talk, ts=world.slack.roots()[0]["ts"]))
    await until(lambda: any("refuses connections" in t for t in world.slack.thread()))
    assert world.looking.asked == [Wanted("example.com", "mail", by="U_JO")]


async def test_snooze_is_shown_and_ends(world):
    talk = world.talk()
    await world.channel.room.step()
    await world.send(action("snooze", talk))
    await until(lambda: world.desk.post(f"c:{talk}").snoozed_until is not None)
    await world.channel.room.step()
    assert "Snoozed until" in str(world.slack.updates[-1]["blocks"])
    world.desk.change_post(f"c:{talk}", snoozed_until=world.desk.now())
    await world.channel.room.step()
    assert "The snooze is over and this is still open." in world.slack.thread()


async def test_slack_down_loses_nothing_and_posts_once(world):
    world.talk()
    world.slack.down = True
    task = asyncio.create_task(world.channel.room.run())
    await until(lambda: world.slack.calls.count("chat.postMessage") >= 1)
    assert world.slack.messages == []
    world.slack.down = False
    await until(lambda: world.slack.roots(), "Slack is back")
    task.cancel()
    await world.channel.room.step()
    assert len(world.slack.roots()) == 1


async def test_an_answer_lost_on_the_way_does_not_double_the_alert(world):
    world.talk()
    world.slack.lose_answer_of = "chat.postMessage"
    with pytest.raises(Exception, match="internal_error"):
        await world.channel.room.step()
    await world.channel.room.step()
    assert len(world.slack.roots()) == 1


async def test_a_rate_limit_is_waited_for(world):
    world.talk()
    world.slack.rate_limit = 1
    await world.channel.room.step()
    assert len(world.slack.roots()) == 1


@pytest.mark.parametrize("sign", [{"secret": "wrong"}, {"age": 600}, {"age": -600}])
async def test_unsigned_and_replayed_requests_are_refused(world, sign):
    answer = await world.send(event(), **sign)
    assert answer.status_code == 401
    assert world.slack.messages == []


async def test_an_event_sent_twice_is_answered_once(world):
    await world.send(event())
    await world.send(event(), retry=True)
    await until(lambda: world.slack.messages)
    await asyncio.sleep(0.05)
    assert len(world.slack.messages) == 1


@pytest.mark.parametrize(
    "more", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"edited": {}, "subtype": "x"}]
)
async def test_bots_and_edits_are_ignored(world, more):
    await world.send(event(id=f"Ev{more}", **more))
    await asyncio.sleep(0.05)
    assert world.slack.messages == []


@pytest.mark.parametrize(
    ("text", "seen", "asked"),
    [
        (
            "<@U_BOT> check <http://example.com|example.com>",
            "refuses connections",
            Wanted("example.com", "all", by="U_JO"),
        ),
        (
            "<@U_BOT> what is wrong with mail on example.com?",
            "refuses",
            Wanted("example.com", "mail", by="U_JO"),
        ),
        (
            "<@U_BOT> anything wrong with example.org, they say it bounces",
            "disk 90 of 100 MB",
            Wanted("example.org", "all", "email_bounced", "U_JO"),
        ),
        (
            "<@U_BOT> what's wrong with mail on server 1?",
            "suspended: unpaid",
            Wanted("on-mail1.example", "mail", by="U_JO"),
        ),
        ("<@U_BOT> what's wrong with mail on server 3?", "The servers in hosting.yml are", None),
        ("<@U_BOT> is there an outage?", "0 incidents open", None),
        ("<@U_BOT> settings", "mail.qiq.example port 993 SSL/TLS", None),
        ("<@U_BOT> case QIQ-NOPE1", "There is no case", None),
        ("<@U_BOT> sing a song", "I did not understand", None),
        ("<@U_BOT>", "/qiq check DOMAIN", None),
    ],
)
async def test_staff_ask_in_plain_words(world, text, seen, asked):
    world.looking.intents = {
        "is there an outage?": "ask_server_status",
        "anything wrong with example.org, they say it bounces": "email_bounced",
    }
    await world.send(event(text))
    await until(lambda: world.slack.messages)
    assert seen in world.slack.messages[0]["text"]
    assert world.looking.asked == ([asked] if asked else [])


async def test_a_command_is_answered_at_once_and_fully_later(world):
    answers: list[str] = []

    async def respond(request: Request) -> PlainTextResponse:
        answers.append((await request.json())["text"])
        return PlainTextResponse("ok")

    async with serving(Starlette(routes=[Route("/r", respond, methods=["POST"])])) as url:
        done = await world.send(command("check example.com mail", response_url=f"{url}/r"))
        assert done.status_code == 200
        await until(lambda: len(answers) == 2)
    assert "Checking example.com" in answers[0]
    assert "refuses connections" in answers[1]


async def test_incidents_by_command_need_the_right(world):
    answers: list[str] = []

    async def respond(request: Request) -> PlainTextResponse:
        answers.append((await request.json())["text"])
        return PlainTextResponse("ok")

    async with serving(Starlette(routes=[Route("/r", respond, methods=["POST"])])) as url:
        opening = "incident open mail.imap.refused mail1 Mail is down"
        await world.send(command(opening, user="U_EVE", response_url=f"{url}/r"))
        await until(lambda: len(answers) == 1)
        assert world.desk.open_incidents() == []
        await world.send(command(opening, response_url=f"{url}/r"))
        await until(lambda: len(answers) == 2)
        (incident,) = world.desk.open_incidents()
        await world.send(command(f"incident close {incident.id} repaired", response_url=f"{url}/r"))
        await until(lambda: len(answers) == 3)
    assert world.desk.open_incidents() == []


def test_text_of_strangers_is_escaped_to_the_letter():
    assert "<" not in blocks.escape("<@U1> & <!here>")
    assert blocks.escape("a*b").replace("\u200b", "") == "a*b"
