"""Checks of a website."""

from qiq.checks.web import connect, page

SPECS = (*connect.SPECS, *page.SPECS)
