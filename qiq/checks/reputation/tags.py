"""``tag=value; tag=value`` lists of DKIM and DMARC (RFC 6376 section 3.2)."""

from __future__ import annotations


def tags(text: str) -> dict[str, str]:
    """The tags in order, names in lower case. Raises ``ValueError`` on what is not a tag list."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        if not equals or not name.strip():
            raise ValueError(f"'{part.strip()[:60]}' is not of the form name=value")
        if name.strip().lower() in found:
            raise ValueError(f"'{name.strip()[:20]}' is given twice")
        found[name.strip().lower()] = value.strip()
    return found
