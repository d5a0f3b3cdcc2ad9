"""Checks of a website, and of the host's own pages."""

from qiq.checks.web import connect, house, page, search, versions

SPECS = (*connect.SPECS, *page.SPECS, *search.SPECS, *versions.SPECS, *house.SPECS)
