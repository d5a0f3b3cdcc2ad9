"""An error nobody has described is admitted, and what can be read from it is read."""

from __future__ import annotations

from qiq.knowledge import Knowledge


def test_host_port_and_protocol_are_read(known: Knowledge) -> None:
    text = "IMAP: NS_ERROR_WEIRD_FAILED while talking to mail.example.com:993"
    (found,) = known.unknown_errors(text, known.match_errors(text))
    assert (found.kind, found.text) == ("constant", "NS_ERROR_WEIRD_FAILED")
    assert (found.host, found.port, found.protocol) == ("mail.example.com", 993, "imap")


def test_a_port_alone_tells_the_protocol(known: Knowledge) -> None:
    (found,) = known.unknown_errors("error 0x8ABCDEF0 on port 465")
    assert (found.kind, found.port, found.protocol) == ("hex", 465, "smtp")


def test_the_class_of_an_unknown_status_is_told(known: Knowledge) -> None:
    (found,) = known.unknown_errors("the mail came back: 451 4.9.77 no idea")
    assert (found.kind, found.text, found.code_class) == ("dsn", "4.9.77", "temporary")


def test_a_quoted_sentence_that_sounds_wrong_is_kept(known: Knowledge) -> None:
    (found,) = known.unknown_errors('It says "The flux capacitor could not be started" today')
    assert (found.kind, found.text) == ("quoted", "The flux capacitor could not be started")


def test_what_is_known_is_not_reported_as_unknown(known: Knowledge) -> None:
    text = "error (0x800CCC0F): 'The connection to the server was interrupted'"
    assert known.unknown_errors(text, known.match_errors(text)) == []
