"""Checks of a domain's records and of the host's own names."""

from qiq.checks.dns import (
    address,
    delegation,
    freshness,
    host_name,
    mail_name,
    mx,
    registration,
    self_setup,
)  # fmt: skip

SPECS = (
    *host_name.SPECS, *registration.SPECS, *delegation.SPECS, *address.SPECS, *mx.SPECS,
    *mail_name.SPECS, *freshness.SPECS, *self_setup.SPECS,
)  # fmt: skip
