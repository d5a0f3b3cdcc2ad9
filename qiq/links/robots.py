"""What a site allows programs to ask (RFC 9309), looked up once per site."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import requests

AGENT = "qiq-links"
_MOST_BYTES = 500_000  # RFC 9309 section 2.5: at least 500 KiB must be parsed, more need not be


class Robots:
    """Rules of one site at a time; a site without rules, or whose rules fail, allows everything.

    A server error on robots.txt means "assume everything is disallowed" (RFC 9309 section 2.3.1.4).
    """

    def __init__(self, session: requests.Session, timeout: float) -> None:
        self._session = session
        self._timeout = timeout

    def read(self, url: str) -> RobotFileParser | None:
        """The rules of the site of ``url``; None when it must not be asked just now."""
        parts = urlsplit(url)
        rules = RobotFileParser()
        try:
            answer = self._session.get(
                f"{parts.scheme}://{parts.netloc}/robots.txt", timeout=self._timeout, stream=True
            )
            with answer:
                if answer.status_code >= 500:
                    return None
                body = answer.raw.read(_MOST_BYTES, decode_content=True) if answer.ok else b""
        except requests.RequestException:
            body = b""  # the page itself will say what is wrong with the site
        rules.parse(body.decode("utf-8", "replace").splitlines())
        return rules
