"""An error the customer quotes is explained before the checks, and never used to blame."""

from __future__ import annotations

from tests.talk.conftest import Play, brings

REFUSED = "Outlook shows 0x800CCC0E for rosebakery.example"


def texts(play: Play) -> list[str]:
    return [say.text for say in play.says if say.text]


def test_a_quoted_error_is_explained_before_the_checks(play: Play):
    play.finds = [brings("host_fault", party="host")]
    play.hears("email_cannot_connect", REFUSED, domain="rosebakery.example",
               error_code="outlook-0x800ccc0e")  # fmt: skip
    assert play.house.knowledge.error("outlook-0x800ccc0e").meaning in texts(play)[0]
    assert "usually points" not in " ".join(texts(play))


def test_the_explanation_does_not_swallow_the_question(play: Play):
    play.hears("email_cannot_send", "it says 550 5.1.1 in the bounce", error_code="dsn-5-1-1")
    assert "no such mailbox" in texts(play)[0]
    assert play.said[-1].startswith("utter_ask_domain")


def test_where_it_points_is_said_once_and_only_when_the_checks_agree(play: Play):
    play.finds = [brings("third_party", party="client_software")]
    play.hears("email_cannot_connect", REFUSED, domain="rosebakery.example",
               error_code="outlook-0x800ccc0e")  # fmt: skip
    assert sum("usually points" in text for text in texts(play)) == 1
    play.hears("problem_persists", "still broken")
    assert not any("usually points" in text for text in texts(play))


def test_a_bare_number_without_a_complaint_asks_who_said_it(play: Play):
    play.hears("nlu_fallback", "I get a 550")
    assert "550" in texts(play)[0]
    pressed = play.says[0].buttons[0]
    assert (pressed.intent, pressed.entities) == ("email_bounced", {"error_code": "smtp-550"})


def test_an_unknown_error_is_admitted(play: Play):
    play.hears("email_cannot_connect", "it shows 0x8ABCDEF0 on port 993")
    assert "0x8ABCDEF0" in texts(play)[0]
    assert "port 993" in texts(play)[1]


def test_what_was_admitted_is_handed_to_the_desk(play: Play):
    play.finds = [brings("all_clear")]
    play.hears("email_cannot_connect", "it shows 0x8ABCDEF0 on port 993")
    assert [one.text for turn in play.turns for one in turn.unknown] == ["0x8ABCDEF0"]
    play.hears("inform", "müller.example", domain="müller.example")
    assert not any(turn.unknown for turn in play.turns)


def test_what_is_explained_is_not_noted_as_unknown(play: Play):
    play.hears("email_cannot_connect", REFUSED)
    assert not any(turn.unknown for turn in play.turns)


def test_a_port_beside_the_error_that_is_not_ours_is_pointed_out(play: Play):
    play.hears("email_cannot_connect", "0x8ABCDEF0 on imap port 994", port="994", protocol="IMAP")
    assert "993 with SSL/TLS" in texts(play)[2]
    play.hears("cancel", "cancel").hears("email_cannot_connect", "0x8ABCDEF0 on imap port 993",
                                         port="993", protocol="IMAP")  # fmt: skip
    assert "SSL/TLS" not in " ".join(texts(play))


def test_a_message_without_an_error_gets_no_lecture(play: Play):
    play.hears("email_cannot_connect", "my mail is blacklisted and does not work")
    assert texts(play) == []


def test_an_error_pasted_when_asked_for_is_explained_too(play: Play):
    play.finds = [brings("all_clear")]
    play.hears("email_cannot_send", "I cannot send mail", domain="rosebakery.example")
    assert play.said[-1] == "utter_ask_error"
    play.hears("inform", "550 5.1.1 user unknown", error_code="dsn-5-1-1")
    assert "no such mailbox" in texts(play)[0]
    assert play.acted[-1] == "action_check"


def test_a_recipient_at_gmail_is_not_what_was_checked(play: Play):
    play.finds = [brings("third_party", party="client_software")]
    play.hears("email_cannot_send", "Outlook, rosebakery.example", domain="rosebakery.example",
               client="outlook")  # fmt: skip
    play.hears("inform", "gmail.com", domain="gmail.com")
    assert play.said[0] == "utter_noted"
    play.hears("inform", "rosebakery.example", domain="rosebakery.example")
    assert play.said[0] == "utter_already_known"
