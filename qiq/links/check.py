"""Asks every address once, gently: few at a time, one at a time per site, with a pause."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
import requests.adapters

from qiq.links.collect import Link
from qiq.links.model import Found, State
from qiq.links.robots import AGENT, Robots

_LASTING = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
_NO_HEAD = (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.FORBIDDEN)
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@dataclass(frozen=True)
class Manners:
    """How gently to ask.

    ``sites_at_once`` sites are asked side by side, ``pause`` seconds lie between two questions to
    the same site, and ``timeout`` seconds are given to each answer.
    """

    sites_at_once: int = 4
    pause: float = 1.0
    timeout: float = 15.0
    trust_roots: str | None = None


class _OwnRoots(requests.adapters.HTTPAdapter):
    """Trusts one PEM file, whatever the environment says: requests lets REQUESTS_CA_BUNDLE win."""

    def __init__(self, roots: str) -> None:
        self._roots = roots
        super().__init__()

    def send(self, request: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        return super().send(request, **{**kwargs, "verify": self._roots})


def check_links(
    links: Iterable[Link], manners: Manners | None = None, tell: Callable[[Found], None] = print
) -> list[Found]:
    """Asks every address; ``tell`` hears of each as it comes in. Never raises for a bad address."""
    manners = manners or Manners()
    sites: dict[str, list[Link]] = {}
    for link in links:
        sites.setdefault(urlsplit(link.url).netloc, []).append(link)
    with ThreadPoolExecutor(manners.sites_at_once) as pool:
        runs = [pool.submit(_site, of_site, manners, tell) for of_site in sites.values()]
        return [found for run in runs for found in run.result()]


def _site(links: list[Link], manners: Manners, tell: Callable[[Found], None]) -> list[Found]:
    """All addresses of one site, one after the other over one kept connection."""
    found = []
    with requests.Session() as session:
        session.headers["User-Agent"] = f"{AGENT}/1.0 (checks whether help pages still exist)"
        if manners.trust_roots:
            session.mount("https://", _OwnRoots(manners.trust_roots))
        session.max_redirects = 8
        rules = Robots(session, manners.timeout).read(links[0].url)
        for link in links:
            if rules is None or not rules.can_fetch(AGENT, link.url):
                result = Found(link, State.NOT_ASKED, "robots.txt does not allow it")
            else:
                time.sleep(max(manners.pause, float(rules.crawl_delay(AGENT) or 0)))
                result = _ask(session, link, manners.timeout)
            tell(result)
            found.append(result)
    return found


def _ask(session: requests.Session, link: Link, timeout: float) -> Found:
    try:
        answer = session.head(link.url, timeout=timeout, allow_redirects=True)
        if answer.status_code in (*_NO_HEAD, *_GONE):  # some sites only answer GET rightly
            answer = session.get(link.url, timeout=timeout, stream=True)
            answer.close()
    except requests.exceptions.SSLError as err:
        return Found(link, State.CANNOT_TELL, f"certificate: {_short(err)}")
    except requests.TooManyRedirects:
        return Found(link, State.GONE, "redirects in a circle")
    except requests.RequestException as err:
        return Found(link, State.CANNOT_TELL, f"no answer: {_short(err)}")
    return _judge(link, answer)


def _judge(link: Link, answer: requests.Response) -> Found:
    if answer.status_code in _GONE:
        return Found(link, State.GONE, f"status {answer.status_code}")
    if not answer.ok:
        return Found(link, State.CANNOT_TELL, f"status {answer.status_code}")
    lasting = bool(answer.history) and all(h.status_code in _LASTING for h in answer.history)
    if lasting:
        return Found(link, State.MOVED, moved_to=answer.url)
    if answer.history and _is_start(answer.url) and not _is_start(link.url):
        return Found(link, State.MOVED, "now leads to the start page", answer.url)
    return Found(link, State.OK)


def _is_start(url: str) -> bool:
    return urlsplit(url).path in ("", "/")


def _short(err: Exception) -> str:
    return type(err).__name__
