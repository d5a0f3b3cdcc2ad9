"""The action server as it is, but for a clock that a script can put forward for one conversation.

``python -m tests.conversations.actions_with_clock --port N``; the seconds to add are in the file
``$QIQ_STATE/days/<conversation>``.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from actions import clock
from actions.__main__ import main


def _shifted(conversation: str) -> float:
    shift = Path(os.environ["QIQ_STATE"]) / "days" / conversation
    return time.time() + (float(shift.read_text()) if shift.is_file() else 0.0)


if __name__ == "__main__":
    clock.now = _shifted
    main()
