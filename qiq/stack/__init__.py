"""The parts of the product as the supervisor starts them, and the environment they share."""

from qiq.stack.options import Options
from qiq.stack.parts import parts

__all__ = ["Options", "parts"]
