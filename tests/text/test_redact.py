"""No secret a customer types may reach storage, a log or a colleague."""

import pytest

from qiq.text.redact import redact

SECRETS = [
    ("my password is Hunter2!", "Hunter2!"),
    ("my password is sunshine", "sunshine"),
    ("password: geheim123", "geheim123"),
    ("Password:\nletmein", "letmein"),
    ("pw=abc123 and it fails", "abc123"),
    ("p/w is Tr0ub4dor", "Tr0ub4dor"),
    ('the password is "correct horse battery"', "correct horse battery"),
    ("password for info@example.com is Müller99", "Müller99"),
    ("I changed my password to Sommer2026 and now nothing works", "Sommer2026"),
    ("username bob password swordfish", "swordfish"),
    ("login: info@example.com pass: Zebra-9", "Zebra-9"),
    ("password Qwerty123! doesn't work", "Qwerty123!"),
    ("I use Qwerty123! as my password", "Qwerty123!"),
    ("info@example.com:S3cret99", "S3cret99"),
    ("info@example.com / S3cret99", "S3cret99"),
    ("Passwort: Blumen", "Blumen"),
    ("mon mot de passe est Fleur75", "Fleur75"),
    ("mi contraseña es Gato22", "Gato22"),
    ("mijn wachtwoord is Fiets88", "Fiets88"),
    ("connecting to ftp://bob:pa55word@example.com/", "pa55word"),
    ("< a1 LOGIN info@example.com hunter22", "hunter22"),
    ('a1 LOGIN "info@example.com" "hun ter"', "hun ter"),
    ("Command: PASS hunter22", "hunter22"),
    ("> PASS hunter22", "hunter22"),
    ("AUTH PLAIN AGluZm9AZXhhbXBsZS5jb20AaHVudGVyMg==", "AGluZm9AZXhhbXBsZS5jb20AaHVudGVyMg"),
    ("define('DB_PASSWORD', 'd8#kk2');", "d8#kk2"),
    ("Authorization: Bearer abcdefghijklmnop1234", "abcdefghijklmnop1234"),
    ("my card is 4111 1111 1111 1111 exp 12/28", "4111 1111 1111 1111"),
    ("paid with 5500-0000-0000-0004", "5500-0000-0000-0004"),
    ("amex 378282246310005", "378282246310005"),
    ("IBAN DE89 3704 0044 0532 0130 00", "3704 0044 0532 0130"),
    ("cvv 123", "123"),
    ("the verification code is 482913", "482913"),
    ("my code is 482 913", "482 913"),
    ("OTP: 482913", "482913"),
    ("pin 4821", "4821"),
    ("482913", "482913"),
    ("token xoxb-1234567890-abcdefgh", "xoxb-1234567890-abcdefgh"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "eyJhbGciOiJIUzI1NiJ9"),
    ("-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----", "MIIEvQ"),
    ("password= hunter2password= hunter3", "hunter2"),
]

INNOCENT = [
    "Outlook keeps asking for my password",
    "my password is not accepted",
    "the password is correct, webmail works with it",
    "password is wrong it says",
    "I reset my password and it is still rejected",
    "Password: incorrect",
    "it says password required",
    "password field is empty",
    "my password was working yesterday",
    "how do I change my password for info@example.com?",
    "550 5.7.1 relaying denied",
    "0x800CCC0E on port 993",
    "SMTP error code 550",
    "error code: 554 5.2.2 mailbox full",
    "The code is 550",
    "call me on 0161 496 0000",
    "my invoice 2026-11-0042 for 120.50",
    "the address 192.0.2.17 is blocked",
    "IMAP server imap.example.com:993 timed out",
    "Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)",
    "it happened on 2026-11-23 at 10:05:33",
    "Message-ID <20261123100533.12345678901234@mail.example.com>",
    "mailto info@example.com / webmail does not open",
    "I passed the parcel to him",
    "we are in compass house",
    "password: ********",
    "Can I pass on the login to my webmaster?",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_a_secret_is_gone_and_named(text, secret):
    result = redact(text)
    assert secret not in result.text
    assert result.kinds
    assert "removed]" in result.text


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_sentence_is_left_alone(text):
    assert redact(text).text == text


def test_redacting_twice_changes_nothing_more():
    for text, _ in SECRETS:
        once = redact(text).text
        assert redact(once).text == once


def test_what_stands_around_a_secret_stays():
    assert redact("my password is Hunter2! and Outlook fails on example.com").text == (
        "my password is [password removed] and Outlook fails on example.com"
    )


@pytest.mark.parametrize(
    "noise", ["password " * 8000, "a" * 100_000, "1 " * 50_000, "x@y." * 20_000]
)
@pytest.mark.timeout(20)
def test_a_huge_message_does_not_hang(noise):
    redact(noise)
