"""``hosting.yml``: the one file a host edits."""

from qiq.settings.loader import Problem, SettingsError, load
from qiq.settings.model import MissingSecret, Settings

__all__ = ["MissingSecret", "Problem", "Settings", "SettingsError", "load"]
