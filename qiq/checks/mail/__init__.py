"""Checks of the host's mail services."""

from qiq.checks.mail import service

SPECS = (*service.SPECS,)
