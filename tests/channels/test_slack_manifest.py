"""The app manifest asks for what the code needs, and for nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "docs" / "slack-manifest.yml").read_text(encoding="utf-8"))
SOURCES = sorted((ROOT / "qiq" / "gateway" / "slack").glob("*.py"))
CALL = re.compile(r"client\.((?:chat|conversations|files|users|usergroups|views|auth)_\w+)")

SCOPES = {
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history"},
    "conversations_replies": {"channels:history", "groups:history"},
    "files_upload_v2": {"files:write"},
    "files_info": {"files:read"},
    "users_info": {"users:read"},
    "usergroups_users_list": {"usergroups:read"},
    "views_open": set(),
    "auth_test": set(),
}
"""Slack's reference of each method."""
LISTENS = {"app_mention": {"app_mentions:read"}, "command": {"commands"}}


def code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def test_the_scopes_are_those_of_the_methods_that_are_called() -> None:
    called = set(CALL.findall(code()))
    assert called == set(SCOPES), "a method without its scope here, or one that is not called"
    needed = set().union(*(SCOPES[name] for name in called), *LISTENS.values())
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_what_the_code_listens_to_is_subscribed() -> None:
    assert MANIFEST["settings"]["event_subscriptions"]["bot_events"] == ["app_mention"]
    assert [one["command"] for one in MANIFEST["features"]["slash_commands"]] == ["/qiq"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True


def test_each_address_of_the_manifest_is_the_route() -> None:
    urls = re.findall(r"https://\S+", (ROOT / "docs" / "slack-manifest.yml").read_text())
    paths = {url.partition("bot.qiq.example")[2] for url in urls if "bot.qiq.example" in url}
    assert paths == {"/webhooks/slack"}
