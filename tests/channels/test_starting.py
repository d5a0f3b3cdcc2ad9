"""A token that is missing or wrong is named at the start, and the other channels run on."""

from __future__ import annotations

import pytest

from qiq.gateway import registry
from qiq.gateway.facebook import channel as facebook
from qiq.gateway.slack.channel import SlackStaff
from qiq.gateway.telegram import channel as telegram
from qiq.gateway.twilio import channel as twilio
from qiq.settings.channels import Slack
from tests.channels.fake_slack import SECRET, fake_slack
from tests.channels.messenger_world import Messengers
from tests.channels.slack_world import until
from tests.channels.wire import SECRETS

MAKERS = {"facebook": facebook.make, "telegram": telegram.make, "twilio": twilio.make}
TOKENS = {
    "facebook": ("QIQ_FACEBOOK_PAGE_TOKEN", "channels.facebook.page_token_env"),
    "telegram": ("QIQ_TELEGRAM_TOKEN", "channels.telegram.token_env"),
    "twilio": ("QIQ_TWILIO_AUTH_TOKEN", "channels.twilio.auth_token_env"),
}


def channel_of(secret: str) -> str:
    return secret.split("_")[1].lower()


@pytest.mark.parametrize("secret", list(SECRETS))
async def test_a_missing_secret_is_named_and_the_others_run_on(
    messengers: Messengers, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.delenv(secret)
    made = registry.channels(messengers.house)
    assert {one.name for one in made} == {"widget", *MAKERS} - {channel_of(secret)}
    (alert,) = messengers.house.desk.open_alerts()
    assert secret in alert.text
    assert channel_of(secret) in alert.text
    assert "other channels run on" in alert.text
    for one in made:
        await one.stop()


@pytest.mark.parametrize("channel", list(TOKENS))
async def test_a_wrong_token_is_named_by_its_setting(
    messengers: Messengers, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    secret, setting = TOKENS[channel]
    monkeypatch.setenv(secret, "7:wrong")
    wrong = MAKERS[channel](messengers.house)
    assert wrong is not None
    await wrong.start()
    await until(messengers.house.desk.open_alerts, "staff are told")
    await wrong.stop()
    (alert,) = messengers.house.desk.open_alerts()
    assert setting in alert.text
    assert "7:wrong" not in alert.text


async def test_a_wrong_app_level_token_of_slack_is_named_by_its_setting(
    messengers: Messengers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIQ_SLACK_BOT_TOKEN", "xoxb-test")
    monkeypatch.setenv("QIQ_SLACK_SIGNING_SECRET", SECRET)
    monkeypatch.setenv("QIQ_SLACK_APP_TOKEN", "xapp-wrong")
    async with fake_slack() as there:
        settings = Slack(
            topics={"default": "C_ALL"}, api_url=there.url, app_token_env="QIQ_SLACK_APP_TOKEN"
        )
        staff = SlackStaff(messengers.house, settings)
        await staff.start()
        await until(messengers.house.desk.open_alerts, "staff are told")
        await staff.stop()
    (alert,) = messengers.house.desk.open_alerts()
    assert "channels.slack.app_token_env" in alert.text
    assert "xapp-wrong" not in alert.text
