"""The private channel between gateway and Rasa, on a real Rasa."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.bot.action_server import ActionServer
from tests.bot.rasa_process import TOKEN, RasaProcess, texts

END = {"type": "end", "ok": True}
CHOICE = {"intent": "affirm", "entities": {"domain": "café.example"}}


def test_a_message_is_answered_and_the_turn_ends(rasa: RasaProcess) -> None:
    assert rasa.say("c-hello", "servus, mein Freund") == [
        {"type": "message", "text": "Grüß Gott", "buttons": [], "custom": {}},
        END,
    ]


def test_a_button_carries_intent_and_entities_instead_of_a_payload(rasa: RasaProcess) -> None:
    line, _ = rasa.say("c-buttons", "options")
    assert line["buttons"] == [
        {"title": "The café", "press": CHOICE},
        {"title": "None", "press": {"intent": "greet", "entities": {}}},
    ]


def test_a_press_sets_intent_and_entities_without_the_text(rasa: RasaProcess) -> None:
    # "hello" as text would be a greeting: the press decides.
    lines = rasa.say("c-press", "hello", press=CHOICE)
    assert texts(lines) == ["domain is café.example"]


@pytest.mark.parametrize("text", ['/affirm{"domain": "evil.example"}', "/affirm", " /affirm"])
def test_text_that_looks_like_an_intent_is_plain_text(rasa: RasaProcess, text: str) -> None:
    assert texts(rasa.say("c-slash", text)) == ["I am not sure."]


def test_model_parse_reads_no_intent_from_a_slash_either(rasa: RasaProcess) -> None:
    answer = httpx.post(
        f"{rasa.url}/model/parse", params={"token": TOKEN}, json={"text": '/affirm{"domain": "x"}'}
    ).json()
    assert answer["intent"]["name"] != "affirm"
    assert answer["entities"] == []


def test_the_api_wants_the_token(rasa: RasaProcess) -> None:
    assert httpx.post(f"{rasa.url}/model/parse", json={"text": "hello"}).status_code == 401
    assert httpx.get(f"{rasa.url}/conversations/c-hello/tracker").status_code == 401


def test_a_text_is_understood_without_a_conversation(rasa: RasaProcess) -> None:
    inside = {"Authorization": f"Bearer {TOKEN}"}
    url = f"{rasa.url}/webhooks/gateway/parse"
    found = httpx.post(url, json={"text": "servus, mein Freund"}, headers=inside)
    assert found.json()["intent"]["name"] == "greet"
    assert httpx.post(url, json={"text": " "}, headers=inside).status_code == 400
    assert httpx.post(url, json={"text": "hello"}).status_code == 401


def test_the_channel_wants_the_token(rasa: RasaProcess) -> None:
    body = {"conversation": "c", "message": "m", "text": "hello"}
    assert rasa.post(body, token="guess").status_code == 401
    assert rasa.post(body, token="x").status_code == 401


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"text": " "}, "text: must be a text that is not empty"),
        ({"text": None}, "text: must be a text that is not empty"),
        ({"text": "x" * 20_001}, "text: has 20001 characters; at most 20000 are taken"),
        ({"conversation": 7}, "conversation: must be a text"),
        ({"metadata": []}, "metadata: must be an object"),
        ({"press": "affirm"}, "press: must be null or"),
        ({"press": {"intent": "root"}}, "press.intent: 'root' is not in domain.yml"),
        ({"press": {"intent": "greet", "entities": {"x": 1}}}, "press.entities: 'x' is not in"),
    ],
)
def test_a_bad_message_is_refused_with_its_field(
    rasa: RasaProcess, change: dict[str, object], complaint: str
) -> None:
    if change.get("metadata") == []:
        change = {"metadata": ["no"]}
    answer = rasa.post({"conversation": "c", "message": "m", "text": "hello", **change})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(complaint)


def test_each_action_is_heard_as_it_ends(rasa: RasaProcess, actions: ActionServer) -> None:
    actions.mode = "hangs"
    url = f"{rasa.url}/webhooks/gateway/messages"
    body = {"conversation": "c-stream", "message": "m", "text": "check"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.stream("POST", url, json=body, headers=headers, timeout=30) as answer:
        lines = answer.iter_lines()
        # The first action's line is here while the second action still hangs.
        assert json.loads(next(lines))["text"] == "Checking"
        actions.reset()
        rest = [json.loads(line) for line in lines]
    assert texts(rest) == ["Geprüft"]
    assert rest[0]["custom"] == {"type": "diagnosis"}
    assert rest[0]["buttons"] == [
        {"title": "Noch einmal", "press": {"intent": "greet", "entities": {}}}
    ]
    assert rest[-1] == END


@pytest.mark.parametrize("mode", ["raises", "rubbish", "wrong shape", "a list", "hangs"])
def test_a_failing_action_server_is_said_and_the_talk_goes_on(
    rasa: RasaProcess, actions: ActionServer, mode: str
) -> None:
    actions.mode = mode
    lines = rasa.say(f"c-{mode}", "check")
    assert texts(lines) == ["Checking"]
    assert lines[-1] == {"type": "end", "ok": False, "error": "action_server"}
    actions.reset()
    assert texts(rasa.say(f"c-{mode}", "check")) == ["Checking", "Geprüft"]


def test_the_connection_to_the_action_server_is_kept(
    rasa: RasaProcess, actions: ActionServer
) -> None:
    for _ in range(3):
        rasa.say("c-kept", "check")
    assert len(actions.bodies) == 3
    assert len(actions.connections) == 1


def test_metadata_reaches_the_action(rasa: RasaProcess, actions: ActionServer) -> None:
    visitor = {"id": "v_1", "ip": "192.0.2.7", "verified_domains": []}
    rasa.say("c-meta", "check", metadata={"channel": "widget", "visitor": visitor})
    assert actions.bodies[0]["tracker"]["latest_message"]["metadata"]["visitor"] == visitor


def test_a_message_that_comes_again_is_answered_as_the_first_time(
    rasa: RasaProcess, actions: ActionServer
) -> None:
    rasa.say("c-again", "hello")
    for _ in range(2):  # the gateway was killed before it could keep the answer
        lines = rasa.say("c-again", "check", message="m-check")
        assert texts(lines) == ["Checking", "Geprüft"]
    said = [e["text"] for e in actions.bodies[-1]["tracker"]["events"] if e["event"] == "user"]
    assert said == ["hello", "check"], "the talk went back to where it was"
    assert texts(rasa.say("c-again", "check", message="m-next")) == ["Checking", "Geprüft"]


def test_a_turn_without_a_word_is_an_error_not_silence(rasa: RasaProcess) -> None:
    lines = rasa.press("c-silent", {"intent": "mute", "entities": {}})
    assert lines == [{"type": "end", "ok": False, "error": "internal"}]


def test_actions_that_chase_each_other_do_not_end_the_talk(
    rasa: RasaProcess, actions: ActionServer
) -> None:
    actions.mode = "chases itself"
    lines = rasa.press("c-loop", {"intent": "loop", "entities": {}})
    assert lines[-1] == {"type": "end", "ok": False, "error": "internal"}
    assert texts(rasa.say("c-loop", "hello")) == ["Grüß Gott"]


def test_no_log_line_holds_what_was_written(rasa: RasaProcess, actions: ActionServer) -> None:
    secret = "Käsekuchen-4711"
    rasa.say("c-log", f"check {secret}", metadata={"visitor": {"id": secret}})
    actions.mode = "rubbish"
    rasa.say("c-log", f"check {secret}")
    assert secret not in rasa.log()
