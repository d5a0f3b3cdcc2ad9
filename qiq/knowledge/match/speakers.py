"""Who said a number: mail, FTP and web servers share three-digit codes.

A code counts only where the words around it tell whose it is; amounts, ports and version numbers
do not count at all.
"""

from __future__ import annotations

import re
from functools import cached_property

_ADDRESS = r"[\w.+-]+@[\w-]+\.\w+"
_CUES = {
    "smtp": re.compile(
        rf"(?i)smtp|\brcpt\b|mail from|{_ADDRESS}|bounc|undeliver|mailer-daemon|\bdelivery\b"
        r"|\bndr\b|e-?mails?\b|\bmails?\b|mailbox|recipient|\bsender\b|outlook|thunderbird|outbox"
        r"|returned to"
    ),
    "ftp": re.compile(
        r"(?i)filezilla|\bresponse:|\bPASV\b|\bMLSD\b|\bftps?\b|\bsftp\b|winscp|cyberduck"
        r"|(?-i:\bLIST\b|\bSTOR\b|\bRETR\b)|directory listing|file transfer"
    ),
    "http": re.compile(
        r"(?i)https?\b|\bpages?\b|browser|gateway|nginx|apache|web ?site|\bsites?\b|\burl\b|chrome"
        r"|firefox|safari|wordpress|woocommerce|joomla|cloudflare|check ?out|wp-admin"
        r"|\bplug-?ins?\b"
    ),
    "web": re.compile(
        r"(?i)wordpress|wp-|joomla|drupal|php|curl|\bplug-?ins?\b|dashboard|fatal error"
    ),
    "outlook": re.compile(r"(?i)outlook|office|microsoft"),
    "windows": re.compile(r"(?i)socket|winsock|wsa|outlook|\berror\b|\bcode\b"),
}
_AMOUNT_AFTER = re.compile(
    r"(?i)\s?(e-?mails|mails|messages|[kmgt]b\b|files|people|persons|users|visitors|products|euros?\b"
    r"|dollars|pounds|usd|gbp|eur\b|times|days|hours|hrs|min(ute)?s|sec(ond)?s|years?|pixels|px|orders"
    r"|customers|subscribers|contacts|%|k\b|ms\b|items|posts|images|photos|sites|accounts|domains"
    r"|mailboxes|recipients|addresses|plugins|words|lines|characters|metres|meters|miles|km\b|rows)"
)
_AMOUNT_BEFORE = re.compile(
    r"(?i)(?:[£$€]|\b(?:port|ports|over|about|around|than|nearly|almost|least|most|of|room|line|order"
    r"|invoice|ticket|case|model|version|roughly|approx\.?|extension|ext\.?|phone|number|no\.)) ?$"
)
_VERSION_BEFORE = re.compile(
    r"(?i)(?:version|ver\.?|\bv|build|release|wordpress|woocommerce|joomla!?|drupal|php|magento|mysql"
    r"|mariadb|moodle|nextcloud|laravel|prestashop|update[ds]?|upgrade[ds]?|elementor|divi|plugin"
    r"|thunderbird|firefox|chrome|android|ios|macos|kernel|to|from|section|chapter|step) ?$"
)
_DSN_BEFORE = re.compile(
    r"(?i)(?:\b[245]\d\d[ -]|#|status:? ?|smtp;? ?(?:[245]\d\d )?|error:? ?|code:? ?|dsn=)$"
)


class Scene:
    """One text and what the talk is about: tells who may have said a part of it.

    ``hint`` is words, or the name of an intent.
    """

    def __init__(self, text: str, hint: str = "") -> None:
        self.text = text
        self._hint = hint

    def speakers(self, start: int, end: int) -> frozenset[str]:
        """Who may have said ``text[start:end]``: the words near it decide, then all of them."""
        return _named(self.text[max(0, start - 100) : end + 100]) or self._anywhere

    @cached_property
    def _anywhere(self) -> frozenset[str]:
        return _named(self.text[:4000]) or _named(self._hint.replace("_", " "))


def _named(text: str) -> frozenset[str]:
    return frozenset(name for name, cue in _CUES.items() if cue.search(text))


def is_amount(text: str, start: int, end: int) -> bool:
    """True when the number counts things, or is a price or a port."""
    return bool(
        _AMOUNT_AFTER.match(text, end) or _AMOUNT_BEFORE.search(text[max(0, start - 14) : start])
    )


def is_version(text: str, start: int) -> bool:
    """True when what looks like an enhanced status code is a version number."""
    return bool(_VERSION_BEFORE.search(text[max(0, start - 16) : start]))


def said_as_status(text: str, start: int) -> bool:
    """True when an enhanced status code stands where a mail server puts it (RFC 3463 section 2)."""
    return bool(_DSN_BEFORE.search(text[max(0, start - 16) : start]))
