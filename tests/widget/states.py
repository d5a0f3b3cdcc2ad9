"""Every state the chat can be seen in: for the accessibility tests and the pictures of the docs."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from . import samples
from .chat import Chat
from .serving import Served

Reach = Callable[[Chat, Served], None]
QUESTION = "Outlook can't see the mail server of müller.example\nError 0x800CCC0E"
STORY = "We tested it from outside a moment ago. Nothing is wrong with your Outlook."


def _open(chat: Chat, served: Served) -> None:
    chat.open()
    served.until(lambda gateway: gateway.talks and gateway.talk.lines)
    expect(chat.page.locator("qiq-chat h2")).to_have_text("Würfel Hosting")


def _ask(chat: Chat, served: Served) -> None:
    _open(chat, served)
    chat.say(QUESTION)
    served.until(lambda gateway: gateway.talk.events)
    served.say("I am testing the mail service of müller.example now. It takes a few seconds.")
    expect(chat.text("It takes a few seconds.")).to_be_visible()
    expect(chat.text("Waiting to be sent")).to_have_count(0)


def _closed(chat: Chat, served: Served) -> None:
    expect(chat.launcher).to_be_visible()


def _unread(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    chat.button("Close the chat").click()
    served.say("It works again.")
    expect(chat.page.locator("qiq-chat .unread")).to_have_text("1")


def _checking(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    for check in samples.CHECKS[:5]:
        served.tell(type="progress", check=check)
    expect(chat.text("5 tests done")).to_be_visible()


def _typing(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    served.tell(type="typing", on=True)
    expect(chat.text("Assistant is writing…")).to_be_visible()


def _host_fault(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    text = f"{samples.HEADLINE}\n\n{STORY}"
    served.say(text, custom=samples.diagnosis(), buttons=samples.BUTTONS)
    expect(chat.page.get_by_role("article")).to_be_visible()


def _details(chat: Chat, served: Served) -> None:
    _host_fault(chat, served)
    chat.text("7 tests").click()
    chat.text("Not run: the customer is not verified.").scroll_into_view_if_needed()


def _third_party(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    served.say("Our servers work.", custom=samples.third_party(), buttons=samples.BUTTONS)
    expect(chat.page.get_by_role("article")).to_be_visible()


def _settings(chat: Chat, served: Served) -> None:
    _open(chat, served)
    served.say("Here is what your mail program needs.", custom=samples.SETTINGS)
    expect(chat.text("Outgoing mail (SMTP)")).to_be_visible()


def _waiting(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    served.state("waiting", position=2, wait_minutes=5)
    expect(chat.button("Back to the assistant")).to_be_visible()


def _person(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    served.state("person", name="Zoë")
    served.say("Hello, Zoë here. I am looking at it with you.", author="staff", name="Zoë")
    expect(chat.text("I am looking at it with you.")).to_be_visible()


def _offline(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    chat.page.context.set_offline(True)
    chat.say("Are you still there?")
    expect(chat.offline).to_be_visible()


def _refused(chat: Chat, served: Served) -> None:
    _open(chat, served)
    error = {"code": "too_long", "text": "That is too long for one message."}
    served.call(lambda: setattr(served.gateway.faults, "refuse", error))
    chat.say("A very long text")
    expect(chat.button("Send again")).to_be_visible()


def _menu(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    chat.button("More options").click()
    expect(chat.button("Save the conversation")).to_be_visible()


def _rating(chat: Chat, served: Served) -> None:
    _ask(chat, served)
    chat.menu("Rate this chat")
    expect(chat.button("5 stars out of 5")).to_be_visible()


def _contact(chat: Chat, served: Served) -> None:
    _open(chat, served)
    served.say(
        "Our team is back tomorrow at 9:00. Where may we answer?", custom={"type": "contact_form"}
    )
    expect(chat.page.get_by_label("Your email address")).to_be_visible()


def _picture(chat: Chat, served: Served) -> None:
    _open(chat, served)
    with chat.page.expect_file_chooser() as chooser:
        chat.button("Attach a screenshot").click()
    file = {"name": "error.png", "mimeType": "image/png", "buffer": samples.png()}
    chooser.value.set_files([file])  # type: ignore[list-item]
    chat.say("This is what I see")
    expect(chat.page.get_by_role("img", name="Screenshot: error.png")).to_be_visible()
    with chat.page.expect_file_chooser() as chooser:
        chat.button("Attach a screenshot").click()
    chooser.value.set_files([file])  # type: ignore[list-item]
    expect(chat.button("Remove error.png")).to_be_visible()


STATES: dict[str, Reach] = {
    "closed": _closed,
    "unread": _unread,
    "open": _open,
    "checking": _checking,
    "typing": _typing,
    "host fault": _host_fault,
    "details": _details,
    "third party": _third_party,
    "settings": _settings,
    "waiting": _waiting,
    "person": _person,
    "offline": _offline,
    "refused": _refused,
    "menu": _menu,
    "rating": _rating,
    "contact": _contact,
    "picture": _picture,
}


def reach(state: str, chat: Chat, served: Served) -> None:
    """Brings a freshly loaded, closed chat into the named state."""
    STATES[state](chat, served)
