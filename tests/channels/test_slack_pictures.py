"""A customer's pictures appear in the thread; those of staff go out only on purpose."""

from __future__ import annotations

from typing import Any

import pytest

from qiq.desk.model import FileRecord
from tests.channels.fake_platforms import picture
from tests.channels.fake_slack import action, event, submit
from tests.channels.slack_world import World, until


def customer_sends(world: World, talk: str, name: str = "f_shot") -> None:
    path = world.state / "files" / f"{name}.png"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(picture())
    record = FileRecord(name, talk, "image/png", 20, 10, f"files/{name}.png", world.desk.now())
    world.desk.add_file(record)
    custom = {"type": "file", "name": f"{name}.png", "url": f"/widget/files/{name}"}
    body = {"text": "", "custom": custom}
    world.desk.append(talk, "visitor", "message", body, key=name)


def shared(world: World) -> list[tuple[str, str]]:
    """Thread and name of each file that is in Slack."""
    return [
        (message["thread_ts"], file["name"])
        for message in world.slack.messages
        for file in message.get("files", [])
    ]


async def test_a_customers_screenshot_is_in_the_thread_once(world: World) -> None:
    talk = world.talk()
    await world.channel.room.step()
    customer_sends(world, talk)
    await world.channel.room.step()
    await world.channel.room.step()
    assert shared(world) == [(world.slack.roots()[0]["ts"], "f_shot.png")]
    assert any(file.get("data", b"").find(b"\x89PNG") >= 0 for file in world.slack.files.values())


async def test_a_lost_answer_does_not_double_the_screenshot(world: World) -> None:
    talk = world.talk()
    await world.channel.room.step()
    customer_sends(world, talk)
    world.slack.lose_answer_of = "files.completeUploadExternal"
    with pytest.raises(Exception, match="internal_error"):
        await world.channel.room.step()
    await world.channel.room.step()
    assert [name for _, name in shared(world)] == ["f_shot.png"]


async def test_a_file_in_the_thread_is_not_for_the_customer(world: World) -> None:
    talk = world.talk()
    await world.channel.room.step()
    ts = world.slack.roots()[0]["ts"]
    await world.send(event(kind="file_share", thread_ts=ts))
    await world.channel.room.step()
    assert [m for m in world.desk.history(talk) if m.author == "staff"] == []


def slack_file(world: World, data: bytes, **more: Any) -> dict[str, Any]:
    """A file that staff put into the Reply window."""
    world.slack.files["F9"] = {"name": "panel.png", "length": len(data), "data": data, **more}
    return {"id": "F9", "name": "panel.png", "mimetype": "image/png", "size": len(data)}


async def window(world: World, talk: str) -> dict[str, Any]:
    await world.send(action("reply", talk))
    await until(lambda: world.slack.views, "the window opens")
    return world.slack.views[-1]


async def test_a_picture_in_the_reply_window_is_shown_first_and_then_sent(world: World) -> None:
    talk = world.talk()
    view = await window(world, talk)
    file = slack_file(world, picture())
    preview = (await world.send(submit(view, text="Look here.", file=file))).json()
    assert "panel.png" in str(preview["view"]["blocks"])
    assert world.kept == []
    await world.send(submit(preview["view"]))
    await until(lambda: world.bodies(talk), "it is sent")
    (sent,) = [m.body for m in world.desk.history(talk) if m.author == "staff"]
    assert (sent["text"], sent["custom"]["type"]) == ("Look here.", "file")
    assert world.kept == [picture()]


@pytest.mark.parametrize(
    ("change", "says"),
    [({"mimetype": "application/x-msdownload"}, "Only pictures"), ({"size": 10**9}, "too large")],
)
async def test_what_is_no_small_picture_is_refused_in_the_window(
    world: World, change: dict[str, Any], says: str
) -> None:
    view = await window(world, world.talk())
    file = slack_file(world, picture()) | change
    answer = (await world.send(submit(view, text="Look.", file=file))).json()
    assert answer["response_action"] == "errors"
    assert says in answer["errors"]["file"]


@pytest.mark.parametrize(
    "there",
    [
        {"data": b"MZ this is a program"},
        {"data": picture(), "url": "https://elsewhere.example/x.png"},
    ],
)
async def test_content_decides_and_the_token_goes_nowhere_else(
    world: World, there: dict[str, Any]
) -> None:
    talk = world.talk()
    view = await window(world, talk)
    file = slack_file(world, **there)
    preview = (await world.send(submit(view, text="Look.", file=file))).json()["view"]
    await world.send(submit(preview))
    await until(lambda: world.slack.ephemerals, "staff are told")
    assert "*not* sent" in str(world.slack.ephemerals[0])
    assert world.bodies(talk) == []


async def test_a_reply_too_long_for_slack_to_carry_is_refused_in_the_window(world: World) -> None:
    view = await window(world, world.talk())
    answer = (await world.send(submit(view, text='"\n' * 1250))).json()
    assert "too long" in answer["errors"]["reply"]


async def test_words_whose_picture_cannot_be_sent_are_given_back(world: World) -> None:
    view = await window(world, world.talk())
    file = slack_file(world, b"MZ this is a program")
    preview = (await world.send(submit(view, text="Press the *red* button.", file=file))).json()
    await world.send(submit(preview["view"]))
    await until(lambda: world.slack.ephemerals, "staff are told")
    assert "red" in str(world.slack.ephemerals[0])


async def test_words_for_a_talk_that_somebody_else_has_are_given_back(world: World) -> None:
    talk = world.talk()
    view = await window(world, talk)
    await world.staff.claim(talk, "Lee")
    preview = (await world.send(submit(view, text="Press the red button."))).json()
    answer = (await world.send(submit(preview["view"]))).json()
    assert "Lee has this talk" in str(answer)
    assert "Press the red button." in str(answer)


async def test_no_picture_is_kept_for_a_talk_that_somebody_else_has(world: World) -> None:
    talk = world.talk()
    view = await window(world, talk)
    await world.staff.claim(talk, "Lee")
    file = slack_file(world, picture())
    preview = (await world.send(submit(view, text="Press here.", file=file))).json()
    await world.send(submit(preview["view"]))
    await until(lambda: world.slack.ephemerals, "staff are told")
    assert world.kept == []
    assert "Press here." in str(world.slack.ephemerals[0])


@pytest.mark.parametrize("author", ["bot", "system"])
async def test_a_picture_that_nobody_typed_is_a_line_as_well(world: World, author: Any) -> None:
    talk = world.talk()
    custom = {"type": "file", "name": "guide.png", "url": "/widget/files/guide"}
    body = {"text": "Where to press", "custom": custom}
    world.desk.append(talk, author, "message", body, key="guide")
    await world.channel.room.step()
    assert any("Where to press" in line for line in world.slack.thread())
