"""Checks of a domain's records and of the host's own names."""

from qiq.checks.dns import address, host_name, mx

SPECS = (*host_name.SPECS, *address.SPECS, *mx.SPECS)
