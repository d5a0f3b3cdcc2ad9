"""Repairs: whatever the customer does in between, the talk answers and comes back."""

from dataclasses import replace

import pytest

from qiq.talk.model import Ask
from tests.talk.conftest import Play, brings, understood


def asked_for_domain(play: Play) -> Play:
    return play.hears("email_cannot_receive", "I get no mail")


def given_a_step(play: Play) -> Play:
    play.finds = [brings("third_party", party="client_software")]
    return play.hears("email_cannot_connect", "Outlook, müller.example", domain="müller.example",
                      client="outlook")  # fmt: skip


@pytest.mark.parametrize(
    ("intent", "text", "first"),
    [
        ("thank", "thanks", "utter_thanks"),
        ("greet", "hello?", "utter_greet_again"),
        ("bot_challenge", "are you a robot", "utter_bot"),
        ("ask_capabilities", "what can you do", "utter_capabilities"),
        ("ask_scope", "what do you support", "utter_scope_all"),
        ("out_of_scope", "what is the weather in Paris", "utter_out_of_scope"),
        ("complain_service", "this is ridiculous", "utter_sympathy"),
        ("ask_why", "why do you ask?", "utter_why_domain"),
        ("email_setup", "what are the settings", "utter_settings"),
    ],
)
def test_an_interruption_is_answered_and_the_question_comes_back(
    play: Play, intent: str, text: str, first: str
):
    asked_for_domain(play)
    play.hears(intent, text)
    assert play.said[0] == first
    assert play.said[-1] == "utter_ask_domain"
    assert play.talk.ask is Ask.DOMAIN


@pytest.mark.parametrize(
    "text", ["say that again", "Sorry, can you repeat that please?", "pardon?"]
)
def test_say_that_again_says_the_last_replies_again(play: Play, text: str):
    asked_for_domain(play)
    play.hears("out_of_scope", text)
    assert play.said == ["utter_again", "utter_ask_domain_email"]
    play.hears("nlu_fallback", text)
    assert play.said == ["utter_again", "utter_ask_domain_email"]


@pytest.mark.parametrize("text", ["give me a minute", "hold on please", "brb", "I'll try that"])
def test_a_customer_who_needs_a_minute_is_not_asked_anything(play: Play, text: str):
    asked_for_domain(play)
    play.hears("out_of_scope", text)
    assert play.said == ["utter_wait"]
    assert play.talk.ask is Ask.DOMAIN


def test_a_corrected_domain_is_checked_again(play: Play):
    play.finds = [brings("all_clear")]
    play.hears("site_down", "example.com is down", domain="example.com")
    play.hears("correct_detail", "no, example.org", domain="example.org")
    assert play.said[:2] == ["utter_corrected", "utter_checking_website"]
    assert play.talk.active.domain == "example.org"


def test_a_correction_without_the_detail_asks_for_it(play: Play):
    asked_for_domain(play)
    play.hears("inform", "rosebakery.example", domain="rosebakery.example") if play.finds else None
    play.hears("correct_detail", "no, that is wrong")
    assert play.said == ["utter_ask_correction"]


def test_a_change_of_mind_replaces_what_was_not_yet_checked(play: Play):
    asked_for_domain(play)
    play.hears("site_down", "actually it is the website")
    assert [p.intent for p in play.talk.problems] == ["site_down"]


def test_a_second_problem_while_asked_is_added_not_lost(play: Play):
    asked_for_domain(play)
    play.hears("site_down", "and the website is down too")
    assert {p.intent for p in play.talk.problems} == {"email_cannot_receive", "site_down"}
    assert play.said[0] == "utter_noted_both"


def test_a_new_problem_after_a_result_is_taken_up_and_the_old_one_kept(play: Play):
    given_a_step(play)
    play.finds = [brings("dns")]
    play.hears("dns_problem", "now the domain shows the wrong server")
    assert play.talk.active.intent == "dns_problem"
    assert play.talk.active.domain == "müller.example"
    assert play.talk.problems[1].intent == "email_cannot_connect"


def test_cancel_drops_the_problem_and_start_over_everything(play: Play):
    asked_for_domain(play)
    play.hears("cancel", "never mind")
    assert play.said == ["utter_cancelled_all"]
    asked_for_domain(play)
    play.hears("nlu_fallback", "start over")
    assert play.said == ["utter_start_over"]
    assert not play.talk.problems


def test_not_understood_twice_then_a_person(play: Play):
    for _ in range(2):
        play.hears("nlu_fallback", "qwertz asdf yxcv")
        assert play.talk.ask is Ask.WHICH
        assert "Talk to a person" in play.titles
    play.hears("nlu_fallback", "qwertz asdf yxcv")
    assert play.acted[-1] == "action_hand_over"


def test_the_useful_question_is_made_from_the_ranking(play: Play):
    vague = replace(
        understood("nlu_fallback", "it is broken again since today"),
        ranking=(("email_cannot_receive", 0.2), ("site_down", 0.18), ("ftp_problem", 0.01)),
    )
    play.message(vague)
    assert play.says[0].args == {"first": "e-mail", "second": "your website"}
    play.hears("inform", "Your website", press=True, pick="group:website")
    assert play.talk.active.intent == "site_down"
    assert play.talk.active.text == "it is broken again since today"


def test_the_same_question_is_not_asked_for_ever(play: Play):
    asked_for_domain(play)
    for _ in range(4):
        play.hears("affirm", "yes")
        if play.acted[-1] == "action_hand_over":
            return
    raise AssertionError("never handed over")


@pytest.mark.parametrize("text", ["", "…", "🙈🙈", "???"])
def test_messages_without_words_are_answered(play: Play, text: str):
    play.hears("nlu_fallback", text)
    assert play.said == ["utter_no_words", "utter_ask_what"]


def test_a_thumb_is_an_answer(play: Play):
    given_a_step(play)
    play.hears("nlu_fallback", "👍")
    assert play.said[0] == "utter_solved"


@pytest.mark.parametrize("code", ["de", "fr", "es", "pl", "xx"])
def test_other_languages_get_a_kind_answer(play: Play, code: str):
    play.message(replace(understood("nlu_fallback", "meine mail geht nicht"), language=code))
    assert play.said == [f"utter_language_{code if code != 'xx' else 'other'}"]


def french(intent: str = "nlu_fallback", text: str = "je ne sais pas", **named: str):
    return replace(understood(intent, text, **named), language="fr")


def test_another_language_in_the_middle_keeps_the_question(play: Play):
    play.hears("email_cannot_connect", "Outlook cannot connect")
    play.message(french("dont_know"))
    assert play.said == ["utter_language_fr", "utter_ask_domain"]


def test_a_domain_named_in_another_language_is_checked(play: Play):
    play.finds = [brings("host_fault")]
    play.hears("email_cannot_connect", "Outlook cannot connect")
    play.message(french("inform", "mon domaine est example.com", domain="example.com"))
    assert play.said[:2] == ["utter_language_fr", "utter_checking_email"]


def test_who_stays_with_their_language_gets_a_person(play: Play):
    play.message(french())
    play.hears("nlu_fallback", "encore en panne")
    assert play.said == ["utter_language_fr"], "a few words that could be any are French as well"
    play.message(french())
    assert play.said == ["[action_hand_over]"]
    assert play.talk.reason == "language"


@pytest.mark.parametrize("text", ["hm", "ok", "I see", "Alright"])
def test_a_case_is_not_closed_on_a_word_that_only_says_heard(play: Play, text: str):
    given_a_step(play)
    play.hears("problem_solved", text)
    assert play.said == ["utter_wait"]
    assert not any(turn.notes for turn in play.turns)


@pytest.mark.parametrize("text", ["interesting", "it worked yesterday but not today", "so so"])
def test_success_that_nobody_put_in_words_is_asked_about(play: Play, text: str):
    given_a_step(play)
    play.hears("problem_solved", text)
    assert play.said == ["utter_anything_else_open"]
    assert not any(turn.notes for turn in play.turns)
    play.hears("problem_solved", "It works now", press=True)
    assert play.said[0] == "utter_solved"


@pytest.mark.parametrize("text", ["works now, thank you", "I can send again", "It's back!"])
def test_success_in_clear_words_closes_the_case(play: Play, text: str):
    given_a_step(play)
    play.hears("problem_solved", text)
    assert play.said[0] == "utter_solved"


def test_a_customer_who_comes_back_tomorrow_is_known(play: Play):
    given_a_step(play)
    play.clock += 20 * 3600
    play.hears("greet", "good morning")
    assert play.said == ["utter_ask_back"]
    play.hears("affirm", "yes, still")
    assert play.acted[-2:] == ["action_check_start", "action_check"]


def test_not_knowing_how_gets_the_step_again_and_not_the_next_one(play: Play):
    given_a_step(play)
    before = play.talk.active.steps
    play.hears("dont_know", "How do I do that?")
    assert play.said == ["utter_again", "utter_step_first"], "and not the whole result"
    assert play.talk.active.steps == before
