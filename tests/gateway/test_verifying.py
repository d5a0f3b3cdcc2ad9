"""Customers prove who they are: a token of the customer area, or a code by e-mail."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from qiq.gateway.verify.token import BadToken, Tokens
from qiq.settings.desk import Jwt
from tests.gateway.conftest import Stage, Theatre, serving, settings_with, until
from tests.gateway.test_widget import page, session

SECRET = "a shared secret of at least thirty-two bytes"
ISSUER = "https://my.qiq.example"


class OneAccount:
    """``ann@example.com`` is the contact of ``example.com``."""

    async def domains_of(self, email: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
        known = email == "ann@example.com" and "example.com" in candidates
        return ("example.com",) if known else ()


async def ask(stage: Stage, who: str = "Ann") -> Any:
    conversation = stage.house.desk.open_conversation("rest", who)
    await stage.house.reception.verify(conversation, f"verify-{who}")
    return conversation


async def code_of(stage: Stage) -> str:
    async def sent() -> bool:
        return bool(stage.mail.sent)

    await until(sent)
    to, _, text = stage.mail.sent[-1]
    assert to == "ann@example.com"
    return re.search(r"\b(\d{6})\b", text)[1]  # type: ignore[index]


async def test_the_right_code_verifies_and_is_never_kept(theatre: Theatre) -> None:
    async with theatre.open(accounts=OneAccount()) as stage:
        conversation = await ask(stage)
        assert (await stage.say("It is Ann@Example.com"))[-1]["text"] == stage.words("verify.sent")
        code = await code_of(stage)
        reply = await stage.say(f"the code is {code[:3]} {code[3:]}")
        assert reply[-1]["text"] == stage.words("verify.right")
        assert stage.house.desk.verified_domains(conversation.id) == ("example.com",)
        assert code not in json.dumps(await stage.events())
        await stage.say("what about my mailbox?")
        visitor = stage.rasa.heard[0]["metadata"]["visitor"]
        assert visitor["verified_domains"] == ["example.com"]


async def test_the_widgets_own_frame_starts_it(theatre: Theatre) -> None:
    async with theatre.open(accounts=OneAccount()) as stage:
        opened = await session(stage)
        async with page(stage, opened["token"]) as ann:
            await ann.send(type="verify", id="k-1")
            [_, asked] = await ann.read(2, "message")
            assert asked["text"] == stage.words("verify.ask_email")
            await ann.send(type="message", id="k-2", text="ann@example.com")
            assert (await ann.read(2, "message"))[-1]["text"] == stage.words("verify.sent")
            await ann.send(type="message", id="k-3", text=await code_of(stage))
            assert (await ann.read(2, "message"))[-1]["text"] == stage.words("verify.right")
        verified = stage.house.desk.verified_domains(opened["conversation"])
        assert verified == ("example.com",)


async def test_an_unknown_address_gets_the_same_answers(theatre: Theatre) -> None:
    async with theatre.open(accounts=OneAccount()) as stage:
        said: dict[str, list[str]] = {}
        for who, address in (("Ann", "ann@example.com"), ("Bob", "bob@example.com")):
            await ask(stage, who)
            first = (await stage.say(address, who))[-1]["text"]
            second = (await stage.say("000 000", who))[-1]["text"]
            said[who] = [first, second]
        assert said["Ann"] == said["Bob"]
        await code_of(stage)
        assert len(stage.mail.sent) == 1


async def test_five_tries_then_a_new_code(theatre: Theatre) -> None:
    async with theatre.open(accounts=OneAccount()) as stage:
        conversation = await ask(stage)
        await stage.say("ann@example.com")
        code = await code_of(stage)
        wrong = "111111" if code != "111111" else "222222"
        for left in (4, 3, 2, 1):
            reply = await stage.say(wrong)
            assert reply[-1]["text"] == stage.words("verify.wrong", tries=str(left))
        assert (await stage.say(wrong))[-1]["text"] == stage.words("verify.over")
        assert (await stage.say(code))[-1]["text"] == stage.words("verify.over")
        assert stage.house.desk.verified_domains(conversation.id) == ()


async def test_asking_too_often_is_slowed_down(theatre: Theatre) -> None:
    async with theatre.open(accounts=OneAccount()) as stage:
        await ask(stage)
        for _ in range(3):
            assert (await stage.say("ann@example.com"))[-1]["text"] == stage.words("verify.sent")
        reply = await stage.say("ann@example.com")
        assert reply[-1]["text"] == stage.words("verify.too_often", minutes="60")


async def test_another_question_meanwhile_goes_to_the_bot(theatre: Theatre) -> None:
    async with theatre.open(accounts=OneAccount()) as stage:
        await ask(stage)
        [*_, reply] = await stage.say("what do you support?")
        assert reply["text"] == "You said: what do you support?"


def claims(**changes: Any) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "aud": "qiq",
        "exp": int(time.time()) + 300,
        "sub": "4711",
        "email": "ann@example.com",
        "domains": ["example.com", "Müller.example"],
        **changes,
    }


async def test_the_customer_areas_token_verifies(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIQ_JWT_SECRET", SECRET)
    settings = settings_with(desk={"jwt": {"issuer": ISSUER, "secret_env": "QIQ_JWT_SECRET"}})
    async with theatre.open(settings=settings) as stage:
        token = jwt.encode(claims(), SECRET, algorithm="HS256")
        got = await stage.client.post("/widget/session", json={"customer": token})
        conversation = got.json()["conversation"]
        assert stage.house.desk.verified_domains(conversation) == ("example.com", "müller.example")
        forged = jwt.encode(claims(), SECRET + "x", algorithm="HS256")
        got = await stage.client.post("/widget/session", json={"customer": forged})
        assert stage.house.desk.verified_domains(got.json()["conversation"]) == ()


async def test_a_second_customer_at_one_computer_does_not_read_the_firsts_talk(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIQ_JWT_SECRET", SECRET)
    settings = settings_with(desk={"jwt": {"issuer": ISSUER, "secret_env": "QIQ_JWT_SECRET"}})
    async with theatre.open(settings=settings) as stage:

        async def enter(token: str, **who: Any) -> dict[str, Any]:
            customer = jwt.encode(claims(**who), SECRET, algorithm="HS256")
            body = {"token": token, "customer": customer}
            got: dict[str, Any] = (await stage.client.post("/widget/session", json=body)).json()
            return got

        ann = await enter("")
        again = await enter(ann["token"], exp=int(time.time()) + 600)
        assert again["conversation"] == ann["conversation"], "a fresh token of the same customer"
        bob = await enter(
            ann["token"], sub="4712", email="bob@example.org", domains=["example.org"]
        )
        assert bob["conversation"] != ann["conversation"]
        assert stage.house.desk.verified_domains(ann["conversation"])[0] == "example.com"
        nameless = await enter(ann["token"], email=None, domains=["example.org"])
        assert nameless["conversation"] not in (ann["conversation"], bob["conversation"])


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"exp": 1_000_000},
        {"exp": None},
        {"domains": "example.com"},
    ],
)
async def test_a_token_that_is_not_for_us_is_refused(changes: dict[str, Any]) -> None:
    tokens = Tokens(Jwt(issuer=ISSUER), SECRET)
    body = {key: value for key, value in claims(**changes).items() if value is not None}
    with pytest.raises(BadToken):
        await tokens.customer(jwt.encode(body, SECRET, algorithm="HS256"))


async def test_unsigned_tokens_are_refused() -> None:
    with pytest.raises(BadToken):
        await Tokens(Jwt(issuer=ISSUER), SECRET).customer(
            jwt.encode(claims(), None, algorithm="none")
        )


async def test_keys_are_followed_when_they_rotate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qiq.gateway.verify.token.JWKS_PAUSE", 0.0)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("old", "new")}
    published = ["old"]

    async def jwks(_: Request) -> Response:
        algorithm = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256)
        shown = [
            {**json.loads(algorithm.to_jwk(keys[name].public_key())), "kid": name, "alg": "ES256"}
            for name in published
        ]
        return JSONResponse({"keys": shown})

    def signed(name: str) -> str:
        return jwt.encode(claims(), keys[name], algorithm="ES256", headers={"kid": name})

    async with serving(Starlette(routes=[Route("/keys", jwks)])) as url:
        tokens = Tokens(Jwt(issuer=ISSUER, jwks_url=f"{url}/keys"), None)
        assert (await tokens.customer(signed("old"))).email == "ann@example.com"
        with pytest.raises(BadToken):
            await tokens.customer(signed("new"))
        published[:] = ["new"]
        assert (await tokens.customer(signed("new"))).subject == "4711"
        with pytest.raises(BadToken):
            await tokens.customer(signed("old"))


async def test_a_public_key_is_no_shared_secret() -> None:
    tokens = Tokens(Jwt(issuer=ISSUER, jwks_url="http://127.0.0.1:1/keys"), None)
    with pytest.raises(BadToken):
        await tokens.customer(jwt.encode(claims(), SECRET, algorithm="HS256"))
