"""Whose job is it? The policy's own line, our part of it first, and the door that fits."""

from __future__ import annotations

import pytest

from tests.talk.conftest import Play, brings

THINGS = {
    "is wordpress your job?": "The server underneath is our job",
    "who looks after SSL certificates?": "are our job",
    "is webmail your job?": "is our job",
    "whose job is my router": "Our part is that the server can be reached",
    "are you responsible for my domain renewal?": "Records on our name servers are our job",
    "do you look after backups": "putting it back for you is our job",
    "is cleaning my hacked site your job": "Keeping the server safe is our job",
    "is my printer your problem?": "Our part ends at the server",
    "who fixes my firewall": "decided by that program",
}


def policy(play: Play) -> str:
    (line,) = [say.args["answer"] for say in play.says if say.response == "utter_scope"]
    return line


@pytest.mark.parametrize("asked", THINGS)
def test_our_part_comes_first_whatever_the_question_was_taken_for(asked: str, play: Play):
    play.hears("webmail_problem", asked)
    assert THINGS[asked] in policy(play)
    assert play.said[1] in ("utter_scope_effort", "utter_scope_practice")


def test_a_complaint_that_claims_a_job_stays_a_complaint(play: Play):
    play.hears("site_down", "my shop has been down since Monday and mending it is your job")
    assert "utter_scope" not in play.said
    play.hears("cancel", "cancel").hears("site_down", "my site is gone, your job")
    assert "utter_scope" not in play.said


def test_a_thing_the_table_does_not_name_is_found_by_its_kind(play: Play):
    play.hears("ask_scope", "does your support cover Kaspersky?", antivirus="kaspersky")
    assert "decided by that program" in policy(play)
    assert any(say.custom and say.custom["referrals"][0]["id"] == "kaspersky" for say in play.says)


def test_doors_nobody_asked_for_by_name_come_without_their_makers_advice(play: Play):
    play.hears("ask_scope", "is my printer your job?")
    (doors,) = [say.args["doors"] for say in play.says if say.response == "utter_vendor_many"]
    assert "Windows 10" not in doors


def test_goodwill_is_explained_as_such(play: Play):
    play.hears("ask_scope", "what is best effort support?")
    assert "broken-egg policy" in policy(play)
    play.hears("ask_scope", "what do you support?")
    assert play.said[0] == "utter_scope_all"


def test_whose_fault_after_a_result_is_about_that_result(play: Play):
    play.finds = [brings("third_party", party="client_software")]
    play.hears("email_cannot_connect", "mail broken", domain="rosebakery.example")
    play.hears("ask_scope", "so whose fault is it?")
    assert play.said[0] == "utter_why_result"


def test_the_door_to_a_program_comes_before_its_vendor(play: Play):
    play.hears("ask_vendor_contact", "contact Microsoft about Outlook", vendor="microsoft",
               client="outlook")  # fmt: skip
    card = next(say.custom for say in play.says if say.custom)
    assert [r["id"] for r in card["referrals"]] == ["microsoft-outlook-classic", "microsoft"]
    assert "Which Outlook is it" in play.says[0].args["doors"]


def test_a_number_says_its_country_or_is_that_of_the_customer(play: Play):
    play.hears("ask_vendor_contact", "phone number of Microsoft 365?", vendor="microsoft-365")
    assert "(United Kingdom)" in play.says[0].args["door"]
    assert play.says[0].custom["referrals"][0]["phone"] is None
    play.hears("ask_vendor_contact", "and in New Zealand?", vendor="microsoft-365")
    assert "0800 194 197" in play.says[0].args["door"]
    assert "United" not in play.says[0].args["door"]
    assert play.says[0].custom["referrals"][0]["phone"] == "0800 194 197"


@pytest.mark.parametrize("client", ["windows-mail", "opera-mail", "postbox", "incredimail"])
def test_a_program_that_is_gone_is_told_at_once(client: str, play: Play):
    play.hears("email_cannot_connect", "my old program cannot connect", client=client)
    advice = play.house.knowledge.client(client).advice
    assert [say.text for say in play.says if say.text] == [advice]
