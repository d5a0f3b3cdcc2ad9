"""Log lines of Rasa without what customers wrote.

Rasa's structured lines carry messages, slots and, with a traceback, all local variables. What is
kept of them is the event's name and Rasa's own explanation.
"""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

KEPT = ("level", "event", "event_info")


def configure() -> None:
    """Call it after Rasa has configured its logging."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.add_log_level,
            _drop_details,
            structlog.processors.KeyValueRenderer(key_order=KEPT, drop_missing=True),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.getLogger("rasa").setLevel(logging.INFO)


def _drop_details(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in line.items() if name in KEPT}
