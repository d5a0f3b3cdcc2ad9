"""The core journeys in Firefox. Its headless window has no focus, so keys are events made here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from . import samples
from .firefox import Firefox
from .serving import Served

pytestmark = pytest.mark.browser

ROOT = "document.querySelector('qiq-chat').shadowRoot"
TEXTS = f"[...{ROOT}.querySelectorAll('.items .msg .text')].map(one => one.textContent)"
KEY = "{}.dispatchEvent(new KeyboardEvent('keydown', {{key: '{}', bubbles: true}}))".format
OPEN = f"!{ROOT}.querySelector('.panel').hidden"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    if shutil.which("firefox-esr") is None and not os.environ.get("CI"):
        pytest.skip("Firefox is not installed; Debian's package is firefox-esr")
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.close()


@pytest.fixture
def talk(firefox: Firefox, served: Served) -> Firefox:
    """The host's page under its strict policy, the chat opened."""
    firefox.goto(served.url)
    firefox.until(
        "Boolean(document.querySelector('qiq-chat')?.shadowRoot?.querySelector('.launch'))"
    )
    firefox.evaluate(f"{ROOT}.querySelector('.launch').click()")
    firefox.until(OPEN)
    served.until(lambda gateway: any(talk.lines for talk in gateway.talks.values()))
    return firefox


def say(firefox: Firefox, text: str) -> None:
    firefox.evaluate(
        f"(field => (field.value = {text!r}, field.dispatchEvent(new Event('input')),"
        f" {KEY('field', 'Enter')}))({ROOT}.querySelector('textarea'))"
    )


def shows(firefox: Firefox, *texts: str) -> None:
    wanted = list(texts)
    firefox.until(f"({TEXTS}).join('|') === {'|'.join(wanted)!r} ")


def test_a_talk_survives_a_reload(talk: Firefox, served: Served) -> None:
    say(talk, "Müller hier")
    served.until(lambda gateway: gateway.talk.events)
    served.say("Hello back")
    shows(talk, "Müller hier", "Hello back")
    talk.goto(served.url)
    shows(talk, "Müller hier", "Hello back")


def test_what_is_written_while_the_server_is_down_is_sent_when_it_is_back(
    talk: Firefox, served: Served
) -> None:
    served.stop()
    talk.until(f"!{ROOT}.querySelector('.bar.offline').hidden")
    say(talk, "still there?")
    shows(talk, "still there?")
    served.start()
    served.until(lambda gateway: gateway.talk.events)
    talk.until(f"{ROOT}.querySelector('.bar.offline').hidden")
    assert [event["text"] for event in served.gateway.talk.events] == ["still there?"]


def test_a_diagnosis_is_a_card_and_strangers_words_stay_words(
    talk: Firefox, served: Served
) -> None:
    served.say(samples.ATTACK, custom=samples.diagnosis(headline=samples.ATTACK))
    talk.until(f"{ROOT}.querySelector('article h3')?.textContent === 'The fault is on our side'")
    assert talk.evaluate("window.hacked ?? null") is None
    assert talk.evaluate(f"{ROOT}.querySelectorAll('img, script').length") == 0


def test_escape_closes_it(talk: Firefox) -> None:
    field = f"{ROOT}.querySelector('textarea')"
    talk.evaluate(KEY(field, "Escape"))
    talk.until(f"!({OPEN})")
