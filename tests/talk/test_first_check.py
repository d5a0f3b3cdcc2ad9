"""From a complaint to the first check: ask only what nobody said yet, at most twice."""

from tests.talk.conftest import Play, brings


def test_a_complaint_with_its_domain_is_checked_at_once(play: Play):
    play.finds = [brings("host_fault")]
    play.hears("email_cannot_connect", "Outlook can't reach rosebakery.example",
               domain="rosebakery.example", client="outlook")  # fmt: skip
    assert play.acted == ["action_complain", "action_check_start", "action_check"]
    assert play.said == ["utter_checking_email", "[text]", "utter_host_fault"]
    assert play.says[1].custom["verdict"] == "host_fault"


def test_only_the_domain_is_asked_for_and_the_rest_is_remembered(play: Play):
    play.finds = [brings("third_party", party="client_software")]
    play.hears("email_cannot_connect", "Outlook can't see the server", client="outlook")
    assert play.said == ["utter_ask_domain_email"]
    play.hears("inform", "müller.example", domain="müller.example")
    assert play.acted[-1] == "action_check"
    assert play.talk.active.domain == "müller.example"
    assert play.talk.active.details.client == "outlook"


def test_an_address_is_as_good_as_a_domain(play: Play):
    play.finds = [brings("all_clear")]
    play.hears("email_login_failed", "password refused")
    assert play.said == ["utter_ask_email_first"]
    play.hears("inform", "anna@müller.example", email="anna@müller.example")
    assert (play.talk.active.domain, play.talk.active.email) == (
        "müller.example",
        "anna@müller.example",
    )


def test_a_detail_given_before_any_complaint_is_kept(play: Play):
    play.finds = [brings("host_fault")]
    play.hears("inform", "rosebakery.example", domain="rosebakery.example")
    assert play.said == ["utter_what_about_domain"]
    play.hears("site_down", "the site is down")
    assert play.acted[-1] == "action_check"
    assert play.talk.active.domain == "rosebakery.example"


def test_a_program_and_a_domain_need_no_question_but_what_happens(play: Play):
    play.finds = [brings("all_clear")]
    play.hears("inform", "Thunderbird", client="thunderbird-desktop")
    assert play.said == ["utter_ask_what_email"]
    play.hears("inform", "anna@example.com", email="anna@example.com")
    assert play.acted[-1] == "action_check"


def test_a_program_its_error_and_an_address_tell_the_complaint(play: Play):
    play.finds = [brings("third_party", party="antivirus_firewall")]
    play.hears("inform", "Outlook says 0x800CCC0E for anna@example.com, I have Norton",
               client="outlook", email="anna@example.com", antivirus="norton",
               error_code="outlook-800ccc0e")  # fmt: skip
    assert play.talk.active.intent == "email_cannot_connect"
    assert play.acted[-1] == "action_check"


def test_a_name_nobody_can_know_is_no_complaint(play: Play):
    """A bakery's name is a word the understanding may take for anything."""
    play.hears("email_cannot_receive", "no mail")
    play.hears("site_not_updating", "oldmill")
    assert play.said == ["utter_ask_ending"]


def test_a_word_that_names_a_trouble_is_no_name(play: Play):
    play.hears("email_cannot_receive", "no mail")
    play.hears("site_hacked", "hacked")
    assert play.said == ["utter_noted_both", "utter_ask_domain"]


def test_gmail_named_in_passing_is_not_the_domain(play: Play):
    play.hears("email_bounced", "mails to bob@gmail.com come back", email="bob@gmail.com",
               domain="gmail.com")  # fmt: skip
    assert play.said == ["utter_ask_domain_email"]


def test_not_knowing_the_domain_is_fine_and_ends_at_the_servers_and_a_person(play: Play):
    play.hears("email_cannot_receive", "no mail")
    play.hears("dont_know", "I don't know")
    assert play.said == ["utter_where_is_domain"]
    assert "Talk to a person" in play.titles
    play.hears("dont_know", "no idea")
    assert play.acted[-1] == "action_server_status"


def test_a_bare_word_is_tried_as_a_domain(play: Play):
    play.finds = [brings("not_hosted", did_you_mean=("rosebakery.example",))]
    play.hears("site_down", "site down")
    play.hears("out_of_scope", "rosebakary")
    assert play.said == ["utter_ask_ending"]
    play.hears("inform", "rosebakary.example", domain="rosebakary.example")
    assert play.said[-1] == "utter_ask_confirm_domain"
    assert "rosebakery.example" in play.titles
    play.finds = [brings("host_fault")]
    play.hears("affirm", "yes")
    assert play.talk.active.domain == "rosebakery.example"
    assert play.says[-2].custom["verdict"] == "host_fault"


def test_a_domain_not_hosted_here_leads_to_another_try_then_a_person(play: Play):
    play.finds = [brings("not_hosted")]
    play.hears("site_down", "other.example is down", domain="other.example")
    assert play.said[-1] == "utter_ask_other_domain"
    play.hears("inform", "third.example", domain="third.example")
    assert play.said[-1] == "utter_ask_person_domain"
    play.hears("affirm", "yes")
    assert play.acted[-1] == "action_hand_over"


def test_all_clear_asks_one_question_and_checks_again_with_the_answer(play: Play):
    play.finds = [brings("all_clear"), brings("third_party", party="client_software")]
    play.hears("email_cannot_connect", "rosebakery.example", domain="rosebakery.example")
    assert play.said[-1] == "utter_ask_client"
    play.hears("inform", "thunderbird", client="thunderbird-desktop")
    assert play.acted == ["action_answer", "action_check_start", "action_check"]
    assert play.talk.active.details.client == "thunderbird-desktop"


def test_two_problems_are_checked_one_after_the_other_the_urgent_first(play: Play):
    from dataclasses import replace

    from tests.talk.conftest import understood

    play.finds = [brings("host_fault"), brings("third_party", party="client_software")]
    both = understood("email_cannot_send", "cannot send and the site is down, rosebakery.example",
                      domain="rosebakery.example")  # fmt: skip
    play.message(replace(both, others=(("site_down", ""), ("ftp_problem", ""))))
    assert play.said[0] == "utter_checking_both"
    verdicts = [say.custom["verdict"] for say in play.says if say.custom]
    assert verdicts == ["host_fault", "third_party"]
    assert "utter_kept" in play.said
    assert [p.intent for p in play.talk.problems][:1] == ["email_cannot_send"]


def test_a_name_that_is_not_ours_is_said_once_for_two_problems(play: Play):
    play.finds = [brings("not_hosted"), brings("all_clear"), brings("all_clear")]
    play.hears("email_bounced", "mails come back")
    play.hears("site_error", "and my website shows an error too, otherhost.example",
               domain="otherhost.example")  # fmt: skip
    assert play.said == ["utter_checking_both", "utter_result_about", "utter_ask_other_domain"]
    play.hears("inform", "example.org", domain="example.org")
    assert [p.domain for p in play.talk.problems] == ["example.org", "example.org"]
