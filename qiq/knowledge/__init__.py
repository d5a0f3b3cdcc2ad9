"""What the product knows: referrals, errors, mail programs, scripts, scope and wording.

``load()`` gives one frozen ``Knowledge``. Runs on Python 3.10 too (standard library and PyYAML), as
the language understanding uses it.
"""

from __future__ import annotations

from qiq.knowledge.problems import KnowledgeError
from qiq.knowledge.store import Knowledge, load

__all__ = ["Knowledge", "KnowledgeError", "load"]
