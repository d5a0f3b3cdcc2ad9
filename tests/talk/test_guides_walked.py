"""Set-up asked for in a customer's own words, walked through to the filled guide."""

from __future__ import annotations

import pytest

from qiq.talk.message import read
from qiq.text.entities import extract
from tests.talk.conftest import Play

ASKED = {
    "How do I set up anna@müller.example in out look classic on windows 10?": "File > Add Account",
    "set up the new Outlook for anna@müller.example": "Show more",
    "my address anna@müller.example into Outlook for Mac please": "Outlook > Settings",
    "outlook on my iphone, anna@müller.example": "Add mail account",
    "settings for thunder bird on my PC with windows 11, anna@müller.example": "Normal password",
    "k9 mail and anna@müller.example": "Edit configuration",
    "mac mail with anna@müller.example": "Other Mail Account",
    "iphone mail, iOS 18, anna@müller.example": "Settings > Apps > Mail",
    "iphone mail on iOS 16 for anna@müller.example": "Settings > Mail > Accounts",
    "gmail app on android anna@müller.example": "Add account > Other",
    "samsung email and anna@müller.example": "Manual setup",
    "em client, anna@müller.example": "special port (legacy)",
    "mail bird anna@müller.example": "Mailbird",
    "evolution mail on ubuntu, anna@müller.example": "TLS on a dedicated port",
    "opera mail for anna@müller.example": "no longer developed",
    "windows live mail anna@müller.example": "has ended",
}


@pytest.mark.parametrize("asked", ASKED)
def test_the_guide_of_the_program_asked_for_is_given(asked: str, play: Play):
    ranking = [{"name": "email_setup", "confidence": 0.9}, {"name": "greet", "confidence": 0.02}]
    found = [{"entity": e.type, "value": e.id or e.value, **dict(e.extra)} for e in extract(asked)]
    latest = {"intent": ranking[0], "intent_ranking": ranking, "entities": found, "text": asked}
    play.message(read(latest, now=play.clock))
    (guide,) = [say for say in play.says if say.response == "utter_guide"]
    said = f"{guide.args['title']} {guide.args['steps']}"
    assert ASKED[asked] in said
    assert "mail.qiq.example" in said
    assert "{" not in said
