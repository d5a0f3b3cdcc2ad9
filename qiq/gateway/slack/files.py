"""A picture staff put into the Reply window, fetched from Slack's own servers only."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

HOSTS = ("files.slack.com",)
SECONDS = 20.0


class NoFile(Exception):
    """Slack did not hand the file out."""


async def fetch(client: AsyncWebClient, file_id: str, max_bytes: int) -> bytes:
    """The bytes of a file. Raises ``NoFile``; the token goes to no other host."""
    try:
        found = (await client.files_info(file=file_id)).get("file") or {}
    except SlackApiError as error:
        raise NoFile from error
    url = str(found.get("url_private_download") or "")
    if not _is_slack(url, client.base_url) or int(found.get("size") or 0) > max_bytes:
        raise NoFile
    data = bytearray()
    headers = {"Authorization": f"Bearer {client.token}"}
    try:
        async with (
            httpx.AsyncClient(timeout=SECONDS, trust_env=False) as web,
            web.stream("GET", url, headers=headers) as answer,
        ):
            async for part in answer.aiter_bytes():
                data += part
                if len(data) > max_bytes:
                    raise NoFile
    except httpx.HTTPError as error:
        raise NoFile from error
    if not answer.is_success:
        raise NoFile
    return bytes(data)


def _is_slack(url: str, api: str) -> bool:
    parts, ours = urlsplit(url), urlsplit(api)
    if (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc):
        return True  # the API address of the settings: Slack itself, or a test
    return parts.scheme == "https" and parts.hostname in HOSTS
