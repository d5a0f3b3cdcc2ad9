"""Evidence in, one verdict out. Nothing here opens a socket."""

from qiq.verdict.judge import catalogue, judge
from qiq.verdict.model import (
    Certainty,
    Code,
    Complaint,
    Incident,
    Party,
    Standing,
    Verdict,
)  # fmt: skip

__all__ = [
    "Certainty", "Code", "Complaint", "Incident", "Party", "Standing", "Verdict", "catalogue",
    "judge",
]  # fmt: skip
