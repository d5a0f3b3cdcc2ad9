"""What is said about a quoted error, what is asked, and which checks it calls for."""

from __future__ import annotations

from qiq.knowledge import Knowledge


def test_a_known_error_is_explained_before_any_blame(known: Knowledge) -> None:
    reading = known.read_errors("Outlook says 0x800CCC0E")
    assert known.error("outlook-0x800ccc0e").meaning in reading.sentences[0]
    assert "mail" in reading.batteries
    assert "usually points" not in " ".join(reading.sentences)
    assert "mail program" in reading.side


def test_a_bare_number_becomes_a_question_with_choices(known: Knowledge) -> None:
    reading = known.read_errors("I get a 550")
    assert reading.sentences == ()
    assert "550" in reading.ask
    assert [entry for entry, _ in reading.choices] == ["smtp-550", "ftp-550"]


def test_several_errors_are_mentioned_after_the_first(known: Knowledge) -> None:
    text = (
        "554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org\n\n"
        "Since then my programs show other things too, I am at a loss what to make of them.\n\n"
        "Thunderbird on the other computer: Login to server mail.example.com failed."
    )
    reading = known.read_errors(text)
    said = " ".join(reading.sentences)
    assert len(reading.sentences) == 2
    assert known.error("smtp-554-blocklist").meaning in said
    assert known.error("tb-login-failed").meaning in said


def test_the_code_beside_a_sentence_is_not_explained_twice(known: Knowledge) -> None:
    text = "554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org"
    reading = known.read_errors(text)
    assert len(reading.sentences) == 1
    assert "mail_reputation" in reading.batteries


def test_an_unknown_error_is_admitted_and_read_as_far_as_possible(known: Knowledge) -> None:
    reading = known.read_errors("strange: 0x8ABCDEF0 at mail.example.com:993")
    assert "0x8ABCDEF0" in reading.sentences[0]
    assert reading.sentences[1].endswith("IMAP, mail.example.com, port 993.")
    assert reading.unknown[0].kind == "hex"


def test_a_mended_error_is_said_with_care(known: Knowledge) -> None:
    reading = known.read_errors("the conection to the server was interupted")
    assert reading.sentences[0].startswith("If I read it rightly")


def test_no_error_means_nothing_to_say(known: Knowledge) -> None:
    reading = known.read_errors("my mail does not work")
    assert (reading.sentences, reading.ask, reading.batteries) == ((), "", ())


def test_every_check_an_error_calls_for_is_a_battery_or_for_staff(known: Knowledge) -> None:
    idle = [g.id for g in known.check_groups.values() if not g.batteries and not g.staff]
    assert idle == []


def test_variants_take_turns(known: Knowledge) -> None:
    said = {known.say("error.meaning", turn=turn, meaning="x") for turn in (0, 1)}
    assert len(said) == 2
