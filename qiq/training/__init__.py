"""Trains the assistant when, and only when, what it is made from has changed."""

from qiq.training.fingerprint import fingerprint
from qiq.training.train import TrainingFailed, current_model, train

__all__ = ["TrainingFailed", "current_model", "fingerprint", "train"]
