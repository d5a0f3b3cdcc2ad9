"""Checks of the host's mail services."""

from qiq.checks.mail import accepted, canary, service

SPECS = (*service.SPECS, *canary.SPECS, *accepted.SPECS)
