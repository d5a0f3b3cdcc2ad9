"""After a result: first aid step by step, what changed, solved, rating, a person in the end."""

import pytest

from qiq.talk.model import Ask, Order
from tests.talk.conftest import Play, brings


def third_party(play: Play) -> Play:
    play.finds = [brings("third_party", party="client_software", cause="mail.client.unknown")]
    return play.hears("email_cannot_connect", "Outlook, rosebakery.example",
                      domain="rosebakery.example", client="outlook")  # fmt: skip


def test_steps_come_one_at_a_time_never_twice_and_end_with_a_person(play: Play):
    third_party(play)
    steps = [say.args["step"] for say in play.says if "step" in say.args]
    for _ in range(play.house.steps):
        play.hears("problem_persists", "still not working")
        assert play.acted[1:3] == ["action_check_start", "action_check"]
        assert "utter_same_result" in play.said
        steps += [say.args["step"] for say in play.says if "step" in say.args]
    assert play.acted[-1] == "action_hand_over"
    assert len(steps) == len(set(steps)) == play.house.steps


def test_what_changed_is_said(play: Play):
    third_party(play)
    play.finds = [brings("host_fault", cause="mail.imap.refused")]
    play.hears("problem_persists", "it is still broken")
    assert play.said == ["utter_checking_again", "utter_changed_result", "[text]",
                         "utter_host_fault"]  # fmt: skip


def test_solved_closes_the_case_and_asks_for_one_tap(play: Play):
    third_party(play)
    play.hears("problem_solved", "it works now")
    assert play.said == ["utter_solved", "utter_ask_rating"]
    closed = [n for t in play.turns for n in t.notes if n.order is Order.CLOSE]
    assert [(n.case, n.value) for n in closed] == [("QIQ-TEST2", "solved")]
    play.hears("inform", "4 ★", press=True, pick="stars:4")
    assert play.said == ["utter_rated"]
    assert [(n.order, n.value) for n in play.turns[0].notes] == [(Order.RATE, "4")]


def test_a_rating_may_be_typed_or_ignored(play: Play):
    third_party(play).hears("affirm", "yes")
    play.hears("nlu_fallback", "5")
    assert play.said == ["utter_rated"]
    third_party(play).hears("problem_solved", "fixed!")
    play.hears("site_down", "now my site is down")
    assert play.said[0] == "utter_checking_website"


def test_a_fault_of_the_domain_says_what_to_change_and_checks_again_when_told(play: Play):
    play.finds = [brings("dns", cause="dns.mx.elsewhere"), brings("all_clear")]
    play.hears("email_cannot_receive", "no mail, rosebakery.example", domain="rosebakery.example")
    assert play.said[-1] == "utter_ask_changed"
    assert play.titles == ["Check again", "Talk to a person"]
    play.hears("affirm", "done")
    assert "utter_changed_result" in play.said
    assert play.said[-1] == "utter_mended"


def test_what_is_not_certain_is_never_a_dead_end(play: Play):
    play.finds = [brings("inconclusive", cause="account.unverified")]
    play.hears("email_mailbox_full", "anna@rosebakery.example", email="anna@rosebakery.example")
    assert play.talk.ask is Ask.PERSON
    assert "Talk to a person" in play.titles
    play.hears("deny", "no")
    assert play.said == ["utter_without_person", "utter_step_first_clear"]


def test_why_shows_the_evidence(play: Play):
    third_party(play)
    play.hears("ask_why", "show me the evidence")
    assert "✓ müller.example answers" in play.says[0].args["evidence"]


def test_anger_is_met_with_sympathy_and_a_person(play: Play):
    third_party(play)
    play.hears("complain_service", "this is ridiculous")
    assert play.said[0] == "utter_sympathy"
    assert "Talk to a person" in play.titles


def test_the_kept_problem_is_taken_up_when_the_first_is_solved(play: Play):
    third_party(play)
    play.finds = [brings("dns", cause="dns.x")]
    play.hears("dns_problem", "also the domain points elsewhere")
    play.hears("problem_solved", "that works now")
    assert play.said == ["utter_solved_one", "utter_ask_next"]
    play.hears("affirm", "yes")
    assert play.talk.active.intent == "email_cannot_connect"
    assert play.acted[-1] == "action_check"


def ours(play: Play) -> Play:
    play.finds = [brings("host_fault", cause="mail.imap.refused")]
    return play.hears("email_cannot_connect", "imap refused, info@rosebakery.example",
                      domain="rosebakery.example")  # fmt: skip


@pytest.mark.parametrize("intent", ["site_slow", "ask_server_status", "nlu_fallback"])
@pytest.mark.parametrize(
    "words", ["How long will it take??", "any news?", "so when will it be fixed"]
)
def test_whoever_asks_how_long_hears_about_the_fault_that_is_ours(
    play: Play, intent: str, words: str
):
    ours(play)
    play.finds = [brings("host_fault", cause="mail.imap.refused")]
    play.hears(intent, words)
    assert play.said == ["utter_checking_again", "utter_same_result", "utter_host_fault_again"]


def test_how_long_is_about_our_fault_even_when_another_problem_came_after(play: Play):
    ours(play)
    play.finds = [brings("third_party", party="script")]
    play.hears("script_problem", "also my wordpress is white", domain="rosebakery.example")
    play.finds = [brings("host_fault", cause="mail.imap.refused")]
    play.hears("ask_server_status", "do you know how long it will take")
    assert play.said[-1] == "utter_host_fault_again"


@pytest.mark.parametrize(
    ("intent", "words", "answered"),
    [
        ("ask_human", "Any news? Get me a human", "action_hand_over"),
        ("ask_human", "I am still waiting, get me a human please", "action_hand_over"),
        ("complain_service", "This is a joke, still waiting!", "action_sympathise"),
    ],
)
def test_who_wants_a_person_or_is_angry_is_not_told_to_wait(
    play: Play, intent: str, words: str, answered: str
):
    ours(play)
    play.hears(intent, words)
    assert answered in play.acted


def test_a_second_fault_told_with_how_long_is_looked_at(play: Play):
    ours(play)
    play.finds = [brings("host_fault", cause="web.server.refused")]
    play.hears("site_down", "now my website rosebakery is offline too, when will it work")
    assert play.talk.active
    assert "site_down" in [p.intent for p in play.talk.problems]


def test_a_good_result_never_hides_a_fault_of_ours_that_is_still_open(play: Play):
    ours(play)
    play.finds = [brings("all_clear")]
    play.hears("site_slow", "rosebakery.example is slow", domain="rosebakery.example")
    assert "utter_still_ours" in play.said
    assert play.said.index("utter_still_ours") == play.said.index("[text]") + 1


def test_who_wants_neither_code_nor_person_is_helped_along_all_the_same(play: Play):
    play.finds = [brings("inconclusive", cause="account.unverified")]
    play.hears("email_login_failed", "keeps asking for my password",
               domain="rosebakery.example", client="outlook")  # fmt: skip
    assert play.said[-1] == "utter_offer_verify"
    play.hears("deny", "no")
    assert play.said == ["utter_without_person", "utter_step_first_clear"]
