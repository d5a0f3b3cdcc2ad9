"""The receipt as a page: no script, no inline style, everything escaped."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from qiq.receipts.model import Receipt

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template("receipt.html.j2")


def render(receipt: Receipt, token: str) -> str:
    """HTML of the receipt; ``token`` names the PDF beside it."""
    return _template().render(receipt=receipt, w=receipt.words, token=token)


def stylesheet() -> bytes:
    """``receipt.css``, served by the bot itself: no inline style is needed."""
    return (TEMPLATES / "receipt.css").read_bytes()
