"""A message's way, over the REST shape."""

from __future__ import annotations

from typing import Any

from tests.gateway.conftest import FakeRasa, Theatre, line


async def test_a_message_is_answered_and_kept(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        [reply] = await stage.say("Grüße, ich sehe den Server nicht")
        assert reply["text"] == "You said: Grüße, ich sehe den Server nicht"
        kinds = [(e["author"], e["seq"]) for e in await stage.events()]
        assert kinds == [("visitor", 1), ("bot", 2)]


async def test_rasa_gets_the_body_of_the_contract(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        await stage.say("hello")
        [body] = stage.rasa.heard
        assert body["conversation"].startswith("c_")
        assert body["message"].startswith("m_")
        assert (body["text"], body["press"]) == ("hello", None)
        assert body["metadata"]["channel"] == "rest"
        assert body["metadata"]["visitor"]["verified_domains"] == []


async def test_every_reply_of_a_turn_comes_back(theatre: Theatre) -> None:
    async def three(rasa: FakeRasa, body: dict[str, Any]) -> Any:
        for n in range(3):
            yield line(type="message", text=f"line {n}", custom={"type": "referral", "n": n})
        yield line(type="end", ok=True)

    async with theatre.open(FakeRasa(three)) as stage:
        replies = await stage.say("hello")
        assert [r["text"] for r in replies] == ["line 0", "line 1", "line 2"]
        assert replies[2]["custom"] == {"type": "referral", "n": 2}
        assert all(r["recipient_id"] == "Ann" for r in replies)


async def test_a_button_goes_out_as_an_id_and_comes_back_as_its_press(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        [reply] = await stage.say("hello")
        [button] = reply["buttons"]
        assert button["payload"].startswith("b_")
        await stage.say(button["payload"])
        assert stage.rasa.heard[1]["text"] == "Ja, bitte"
        assert stage.rasa.heard[1]["press"] == {
            "intent": "affirm",
            "entities": {"domain": "example.com"},
        }


async def test_a_button_without_a_press_is_its_title(theatre: Theatre) -> None:
    async def plain(rasa: FakeRasa, body: dict[str, Any]) -> Any:
        yield line(type="message", text="?", buttons=[{"title": "My website", "press": None}])
        yield line(type="end", ok=True)

    async with theatre.open(FakeRasa(plain)) as stage:
        [reply] = await stage.say("hello")
        await stage.say(reply["buttons"][0]["payload"])
        assert (stage.rasa.heard[1]["text"], stage.rasa.heard[1]["press"]) == ("My website", None)


async def test_another_visitors_button_does_nothing(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        [reply] = await stage.say("hello", "Ann")
        [refused] = await stage.say(reply["buttons"][0]["payload"], "Bob")
        assert refused["text"] == stage.words("system.unknown_button")
        assert len(stage.rasa.heard) == 1


async def test_text_that_looks_like_an_intent_stays_text(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        await stage.say('/affirm{"domain": "example.com"}')
        assert stage.rasa.heard[0]["press"] is None


async def test_secrets_never_reach_rasa_or_the_desk(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        replies = await stage.say("my password is Tr0ub4dor&3 and it fails")
        assert "Tr0ub4dor" not in stage.rasa.heard[0]["text"]
        assert "Tr0ub4dor" not in str(await stage.events())
        assert replies[0]["text"] == stage.words("system.removed", brand="QiQ")


async def test_two_visitors_are_two_conversations(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        await stage.say("from Ann", "Ann")
        await stage.say("from Bob", "Bob")
        assert "Ann" not in str(await stage.events("Bob"))
        assert stage.rasa.heard[0]["conversation"] != stage.rasa.heard[1]["conversation"]


async def test_a_wrong_body_names_the_field(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        for body, field in (
            ({"message": "x"}, "sender"),
            ({"sender": "a", "message": 1}, "message"),
        ):
            got = await stage.client.post("/webhooks/rest/webhook", json=body)
            assert got.status_code == 400
            assert got.json()["error"].startswith(f"{field}: must be")


async def test_model_parse_is_rasas_own_answer(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        got = await stage.client.post("/model/parse", json={"text": "hello"})
        assert got.json()["intent"]["name"] == "greet"


async def test_health_ready_and_the_demo_page(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        assert (await stage.client.get("/health")).json() == {"ok": True}
        assert (await stage.client.get("/ready")).json()["parts"] == {"rasa": True, "store": True}
        page = await stage.client.get("/")
        assert '<script src="/widget.js" data-open async></script>' in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
        assert "demo/lab.js" not in page.text
