"""Where a visitor seems to be reaches the talk: from the account, the number, or the browser."""

from __future__ import annotations

import time

import jwt
import pytest

from qiq.gateway.turns import _country_of
from tests.gateway.conftest import Theatre, settings_with

SECRET = "s" * 40


async def test_the_browsers_region_is_a_hint(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        headers = {"accept-language": "en-IE,en;q=0.8"}
        body = {"sender": "Ann", "message": "hello"}
        await stage.client.post("/webhooks/rest/webhook", json=body, headers=headers)
        assert stage.rasa.heard[0]["metadata"]["visitor"]["country"] == "IE"


async def test_nothing_known_is_no_country(theatre: Theatre) -> None:
    async with theatre.open() as stage:
        await stage.say("hello")
        assert stage.rasa.heard[0]["metadata"]["visitor"]["country"] is None


async def test_the_account_of_a_signed_in_customer_comes_before_the_browser(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIQ_JWT_SECRET", SECRET)
    issuer = "https://www.qiq.example"
    settings = settings_with(desk={"jwt": {"issuer": issuer, "secret_env": "QIQ_JWT_SECRET"}})
    claims = {"iss": issuer, "aud": "qiq", "exp": int(time.time()) + 300, "sub": "1",
              "domains": ["müller.example"], "country": "nz"}  # fmt: skip
    async with theatre.open(settings=settings) as stage:
        customer = jwt.encode(claims, SECRET, algorithm="HS256")
        headers = {"accept-language": "de-DE"}
        got = await stage.client.post(
            "/widget/session", json={"customer": customer}, headers=headers
        )
        found = stage.house.desk.conversation(got.json()["conversation"])
        assert found is not None
        assert found.country == "NZ"


def test_a_messengers_number_is_turned_into_its_country_and_stays_here() -> None:
    assert _country_of("whatsapp:+6421555012") == "NZ"
    assert _country_of("U024BE7LH") is None
