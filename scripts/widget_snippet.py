"""Prints the line that puts the chat on a website.

Use: python scripts/widget_snippet.py https://chat.example
"""

from __future__ import annotations

import base64
import hashlib
import sys
from pathlib import Path
from urllib.parse import urlsplit

SCRIPT = Path(__file__).parents[1] / "widget" / "dist" / "widget.js"


def integrity(script: Path = SCRIPT) -> str:
    """The hash a browser checks the script against (Subresource Integrity, W3C)."""
    digest = hashlib.sha384(script.read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode('ascii')}"


def snippet(url: str) -> str:
    """The script tag for a gateway at `url`. Raises ValueError when `url` is no web address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or set(url) & set("\"'<> "):
        raise ValueError(f"{url!r} is no web address. Give the gateway's: https://chat.example")
    return (
        f'<script src="{url.rstrip("/")}/widget.js" integrity="{integrity()}"'
        ' crossorigin="anonymous" async></script>'
    )


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Give the gateway's public address: https://chat.example", file=sys.stderr)
        return 2
    try:
        print(snippet(arguments[0]))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
