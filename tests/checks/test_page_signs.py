"""What a page's text gives away, and what it does not."""

from __future__ import annotations

import pytest

from qiq.checks import cdn
from qiq.checks.web import signs

ORDINARY = [
    "<h1>Bäckerei Müller</h1><p>Wir sind wegen Umbau bis Montag geschlossen.</p>",
    "<title>How to fix a database error</title><p>When a site fails, check the password.</p>",
    "<p>Our account of the journey. The hotel had suspended its service.</p>",
    "<p>It works! Our new coffee machine is here.</p>",
    "<p>We hack wood, not computers. Maintenance of boats.</p>",
    "<p>Ask your pharmacist about viagra.</p>",
    "",
]


@pytest.mark.parametrize("body", ORDINARY)
def test_ordinary_pages_give_no_sign(body: str) -> None:
    assert signs.trouble(body) is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<h1>Error establishing a database connection</h1>", "database"),
        ("PDOException: SQLSTATE[HY000] [2002] Connection refused", "database"),
        ("<b>Fatal error</b>:  Uncaught Error: x() in /home/ä/x.php:41", "php_fatal"),
        ("Parse error: syntax error, unexpected '}' in index.php on line 3", "php_fatal"),
        ("There has been a critical error on this website.", "php_fatal"),
        ("Briefly unavailable for scheduled maintenance. Check back in a minute.", "maintenance"),
        ("<title>Welcome to nginx!</title>", "default"),
        ("<title>Apache2 Debian Default Page: It works</title>", "default"),
        ("<title>Index of /</title>", "default"),
        ("<h1>This Account has been suspended.</h1>", "suspended"),
        ("<?php require 'wp-load.php';", "php_source"),
        ("<h1>Hacked by Gh0stCrew</h1>", "hacked"),
        ("<a>cheap cialis</a>", "hacked"),
        ("This domain is parked free, courtesy of a registrar", "parked"),
        ("Your access to this site has been limited by the site owner", "prober_blocked"),
    ],
)
def test_signs_are_seen(body: str, kind: str) -> None:
    sign = signs.trouble(body)
    assert sign is not None
    assert sign.kind == kind


def test_a_program_and_its_version_are_read() -> None:
    found = signs.cms('<meta name="generator" content="WordPress 6.8.3">')
    assert found is not None
    assert (found.name, found.version) == ("WordPress", "6.8.3")


def test_signs_are_quoted_without_markup_and_shortened() -> None:
    sign = signs.trouble("<b>Fatal error</b>: " + "x" * 5000 + " in /a.php on line 1")
    assert sign is not None
    assert len(sign.text) <= 200
    assert "<" not in sign.text


def test_a_service_in_front_is_known_by_its_addresses() -> None:
    assert cdn.name_of(["104.16.1.1", "172.64.0.9"]) == "Cloudflare"
    assert cdn.name_of(["104.16.1.1", "192.0.2.10"]) is None
    assert cdn.name_of(["2606:4700::1"]) is None
    assert cdn.name_of([]) is None
