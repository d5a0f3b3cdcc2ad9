"""One call from a complaint to a diagnosis."""

from qiq.diagnosis.diagnose import diagnose
from qiq.diagnosis.diagnosis import Diagnosis, check_line
from qiq.diagnosis.subject import Subject

progress_line = check_line

__all__ = ["Diagnosis", "Subject", "check_line", "diagnose", "progress_line"]
