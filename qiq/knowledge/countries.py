"""Which country a customer is in, as far as it can be told: for telephone numbers and products."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qiq.knowledge.load.files import Files

_NUMBER = re.compile(r"(?:^|:)\+(\d{7,15})$")
_TAG = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z]{4})?-([a-zA-Z]{2})\b")


@dataclass(frozen=True)
class Country:
    """``id`` is the ISO 3166 code; ``exact`` names match only as written."""

    id: str
    name: str
    prefix: str
    names: tuple[str, ...]
    exact: tuple[str, ...]


class Countries:
    """Those of ``knowledge/countries.yml``."""

    def __init__(self, countries: Mapping[str, Country]) -> None:
        self._countries = countries
        prefixes = {c.prefix: c.id for c in countries.values() if c.prefix}
        self._prefixes = sorted(prefixes.items(), key=lambda pair: -len(pair[0]))

    def name(self, id: str) -> str:
        """What people call it; the code itself when it is not in the file."""
        found = self._countries.get(id)
        return found.name if found else id

    def named(self, text: str) -> str:
        """The country a text names, or an empty string: "us" is no country, "US" is one."""
        plain = " ".join(word.strip(".") for word in re.findall(r"[\w.]+", text))
        lower = f" {plain.lower()} "
        for one in self._countries.values():
            if any(_abbreviated(name, plain) for name in one.exact):
                return one.id
            if any(f" {name} " in lower for name in one.names):
                return one.id
        return ""

    def of_number(self, address: str) -> str:
        """The country of a telephone number (``+44…``, ``whatsapp:+44…``), or an empty string."""
        found = _NUMBER.search(address)
        if not found:
            return ""
        return next((id for prefix, id in self._prefixes if found[1].startswith(prefix)), "")


def _abbreviated(name: str, text: str) -> bool:
    """ "in the UK", "UK number": not "5 GB", and nothing in a text that shouts ("CONTACT US")."""
    words = text.split()
    return any(
        word == name and (at == 0 or not (words[at - 1].isupper() or words[at - 1][-1].isdigit()))
        for at, word in enumerate(words)
    )


def of_languages(header: str) -> str:
    """The first region in an ``Accept-Language`` header (RFC 9110, 12.5.4), or an empty string.

    American English says nothing: most browsers have it wherever they are.
    """
    found = (match[0] for match in _TAG.finditer(header[:200]) if match[0].lower() != "en-us")
    tag = next(found, "")
    return tag.rpartition("-")[2].upper()


def load_countries(files: Files) -> Countries:
    """``countries.yml``."""
    result = {}
    for id, f in files.entries("countries.yml"):
        result[id] = Country(
            id, f.text("name"), f.text("prefix", ""), f.texts("names"), f.texts("exact")
        )
        f.done()
    return Countries(result)
