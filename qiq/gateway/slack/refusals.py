"""What Slack refuses, and what it means: for one message, for its channel, or for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from qiq.desk import StoreUnavailable

LONGEST_PAUSE = 60.0
MESSAGE_GONE = frozenset({"message_not_found", "thread_not_found", "cant_update_message"})
CHANNEL_GONE = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
FOR_ALL = frozenset({
    "ratelimited", "rate_limited", "invalid_auth", "not_authed", "account_inactive",
    "token_revoked", "token_expired", "missing_scope", "not_allowed_token_type", "access_denied",
    "team_access_not_granted", "org_login_required", "ekm_access_denied", "team_added_to_org",
    "internal_error", "fatal_error", "service_unavailable", "request_timeout", "unknown",
})  # fmt: skip
"""https://docs.slack.dev/reference/methods/chat.postMessage#errors"""


def concerns_all(error: Exception) -> bool:
    """Whether the next message would meet the same: Slack or the store away, our token refused."""
    if isinstance(error, SlackApiError):
        return error_of(error) in FOR_ALL
    away = (StoreUnavailable, SlackClientError, aiohttp.ClientError, OSError, TimeoutError)
    return isinstance(error, away)


def bug(error: Exception) -> Exception | None:
    """``error`` when it is a mistake of ours, whose traceback is wanted in the log."""
    return None if isinstance(error, SlackApiError) or concerns_all(error) else error


def error_of(error: Exception) -> str:
    """Slack's own name of what is wrong; of anything else its kind, without its words."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    return str(error.response.get("error", "unknown")) if error.response is not None else "unknown"


def retry_after(error: Exception) -> float | None:
    """Seconds Slack asks us to wait, when it does."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    value = str(headers.get("Retry-After", ""))
    return float(value) if value.isdecimal() else None


class Patience:
    """What failed is tried again after growing pauses and holds nobody up. Seconds."""

    def __init__(self, first: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.first = first
        self.clock = clock
        self._failed: dict[str, tuple[float, float]] = {}

    def ready(self, key: str) -> bool:
        """Whether it may be tried now."""
        return key not in self._failed or self._failed[key][0] <= self.clock()

    def failed(self, key: str) -> None:
        """Later, then: twice as long as the last time."""
        pause = min(LONGEST_PAUSE, self._failed.get(key, (0.0, self.first))[1] * 2)
        self._failed[key] = (self.clock() + pause, pause)

    def worked(self, key: str) -> None:
        """The next failure starts with a short pause again."""
        self._failed.pop(key, None)
