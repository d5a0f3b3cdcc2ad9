"""The server health receipt: what was tested, from where, with what result, to show to a helper."""

from qiq.receipts.model import Receipt, build

__all__ = ["Receipt", "build"]
