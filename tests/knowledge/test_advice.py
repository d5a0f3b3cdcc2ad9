"""The right door and the right first step for a complaint."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from qiq.knowledge import Knowledge, load
from qiq.talk import table

PARTIES = (
    "client_software",
    "antivirus_firewall",
    "network_isp",
    "recipient_server",
    "script",
    "dns",
)
VENDORS = sorted(load().referrals)


@dataclass(frozen=True)
class Complaint:
    """The part of a complaint that advice depends on."""

    intent: str = "email_cannot_connect"
    client: str | None = None
    os: str | None = None
    antivirus: str | None = None
    app: str | None = None
    browser: str | None = None
    isp: str | None = None
    error_ids: tuple[str, ...] = ()


def doors(known: Knowledge, party: str, **named: object) -> list[str]:
    return [r.id for r in known.referrals_for(party, Complaint(**named))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("party", "named", "first"),
    [
        ("client_software", {"client": "outlook-new-windows"}, "microsoft-outlook-new"),
        ("client_software", {"client": "outlook"}, "microsoft-outlook-classic"),
        ("client_software", {"client": "outlook", "os": "macos"}, "microsoft-outlook-mac"),
        ("client_software", {"client": "outlook", "os": "ios-18"}, "microsoft-outlook-mobile"),
        ("client_software", {"client": "thunderbird"}, "mozilla-thunderbird"),
        ("client_software", {"client": "apple-mail", "os": "ios"}, "apple-mail"),
        ("client_software", {"browser": "google-chrome"}, "google-chrome"),
        ("client_software", {}, "mail-client"),
        ("antivirus_firewall", {"antivirus": "avast"}, "avast"),
        ("antivirus_firewall", {"antivirus": "avira"}, "antivirus"),
        ("antivirus_firewall", {}, "antivirus"),
        ("network_isp", {}, "isp"),
        ("script", {"app": "wordpress"}, "wordpress"),
        ("script", {"app": "contact-form-7"}, "developer"),
        ("recipient_server", {"app": "gmail"}, "recipient-provider"),
        ("dns", {}, "registrar"),
    ],
)
def test_the_nearest_door_comes_first(
    party: str, named: dict[str, str], first: str, known: Knowledge
) -> None:
    assert doors(known, party, **named)[0] == first


@pytest.mark.parametrize("party", ["host", "customer_account"])
def test_our_own_side_sends_nobody_away(party: str, known: Knowledge) -> None:
    assert doors(known, party, client="outlook") == []


@pytest.mark.parametrize("client", ["opera-mail", "windows-mail", "postbox"])
def test_a_discontinued_program_is_called_that_and_followed_by_where_to_move(
    client: str, known: Knowledge
) -> None:
    found = known.referrals_for("client_software", Complaint(client=client))
    assert not found[0].active
    assert "no longer" in found[0].advice or "no updates" in found[0].advice
    assert found[1].active
    assert "Thunderbird" in known.client(client).advice


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_vendor_has_a_door_or_says_how_to_find_one(vendor: str, known: Knowledge) -> None:
    referral = known.referral(vendor)
    assert referral.doors() or referral.advice
    assert known.referrals_for_entity("vendor", vendor)[0].id == vendor


def test_every_name_people_use_leads_to_a_door(known: Knowledge) -> None:
    kinds = ("client", "antivirus", "app", "isp", "vendor")
    missing = [
        (kind, alias.id)
        for kind in kinds
        for alias in known.aliases[kind]
        if not known.referrals_for_entity(kind, alias.id)
    ]
    assert missing == []


def test_a_number_is_only_given_for_a_country_where_it_was_read(known: Knowledge) -> None:
    business = known.referral("microsoft-365")
    assert business.phone_in("gb") == "0800 032 6417"
    assert business.phone_in(None) is None
    assert known.referral("microsoft-outlook-classic").phone_in("GB") is None
    assert known.referral("apple-mail").phone_in("US") is None


def test_guide_comes_before_forum_and_contact(known: Knowledge) -> None:
    outlook = known.referral("microsoft-outlook-classic")
    setting_up = outlook.doors(setting_up=True)
    assert setting_up[0] == outlook.guide
    assert setting_up.index(outlook.forum) < setting_up.index(outlook.contact)  # type: ignore[arg-type]
    assert outlook.doors()[0] == outlook.support


@pytest.mark.parametrize("party", PARTIES)
def test_every_third_party_has_first_aid_for_every_intent(party: str, known: Knowledge) -> None:
    for intent in ("email_cannot_send", "email_login_failed", "site_down", "script_problem", ""):
        steps = known.first_aid(party, Complaint(intent=intent))
        assert len(steps) >= 2
        assert all(step.worked for step in steps)
        assert len({step.id for step in steps}) == len(steps)


def test_what_was_named_exactly_decides_the_steps(known: Knowledge) -> None:
    def first(**named: str) -> list[str]:
        return [s.id for s in known.first_aid("client_software", Complaint(**named))]

    assert "outlook-safe-mode" in first(client="outlook-classic-windows")
    assert "cloud-fetch" in first(client="outlook-new-windows")
    assert "connection-doctor" in first(client="apple-mail", os="macos")
    assert "private-relay-off" in first(client="apple-mail", os="ios")
    assert "move-to-other" in first(client="opera-mail", intent="")


def test_the_steps_of_a_quoted_error_come_first(known: Knowledge) -> None:
    quoted = Complaint(intent="email_cannot_send", error_ids=("outlook-0x800ccc18",))
    first = [step.id for step in known.first_aid("client_software", quoted)][:3]
    assert first == list(known.error("outlook-0x800ccc18").first_aid)[:3]
    assert "spa-off" in first


@pytest.mark.parametrize(
    "script",
    [
        *("wordpress", "woocommerce", "joomla", "drupal", "magento", "prestashop"),
        *("moodle", "nextcloud", "laravel"),
    ],
)
def test_each_script_says_who_looks_after_it_and_where_to_find_help(
    script: str, known: Knowledge
) -> None:
    found = known.script(script)
    assert found.maintained_by
    assert found.host_does
    assert found.host_does_not
    assert len(found.guidance) >= 4
    assert found.find_help
    assert found.referrals


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("is WordPress your job?", "script"),
        ("do you install WordPress for me", "script_install"),
        ("can you configure Outlook on my laptop", "mail_program"),
        ("who renews my domain", "domain"),
        ("is my router your job", "network"),
        ("terms and conditions please", "terms"),
        ("do you do web design", "website_design"),
    ],
)
def test_questions_of_scope_find_their_line(question: str, topic: str, known: Knowledge) -> None:
    found = known.find_scope(question)
    assert found is not None
    assert found.id == topic
    assert found.best_effort


@pytest.mark.parametrize("question", ["What do you support?", "whose fault is it"])
def test_a_question_about_everything_names_no_single_line(question: str, known: Knowledge) -> None:
    assert known.find_scope(question) is None


def test_a_thing_the_table_does_not_name_is_found_by_its_kind(known: Knowledge) -> None:
    assert known.find_scope("Mailbird") is None
    found = known.find_scope("is Mailbird your job", kinds=["client"])
    assert found is not None
    assert found.id == "mail_program"


def test_no_answer_of_the_policy_ends_with_a_refusal(known: Knowledge) -> None:
    for line in known.scopes.values():
        assert line.best_effort, line.id
        assert "not our problem" not in f"{line.answer} {line.best_effort}".lower()


def test_every_complaint_that_is_checked_has_first_aid_of_its_own(known: Knowledge) -> None:
    checked = {intent for intent in table.complaints() if table.is_checked(intent)}
    named = {
        intent for rule in known.troubles if rule.party == "unknown" for intent in rule.intents
    }
    assert checked - named == set()


def test_a_full_mailbox_is_not_mended_by_another_device(known: Knowledge) -> None:
    steps = known.first_aid("unknown", Complaint(intent="email_mailbox_full"))
    assert [s.id for s in steps][:2] == ["check-mailbox-space", "empty-mailbox"]
