"""Checks of how other mail servers see the host and the domain."""

from qiq.checks.reputation import caa, dkim, dmarc, listed, reverse, spf_check

SPECS = (
    *listed.SPECS, *reverse.SPECS, *spf_check.SPECS, *dkim.SPECS, *dmarc.SPECS, *caa.SPECS,
)  # fmt: skip
