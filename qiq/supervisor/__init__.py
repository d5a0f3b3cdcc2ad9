"""Starts the parts of the product, keeps them alive, and ends them all together.

Knows processes, ports and health pages, nothing of what the parts do.
"""

from qiq.supervisor.part import HttpReady, LineReady, Part, Patience
from qiq.supervisor.supervisor import Supervisor

__all__ = ["HttpReady", "LineReady", "Part", "Patience", "Supervisor"]
