"""Tests that need an IPv6 address of this machine's own."""

from __future__ import annotations

import os

import pytest

from lab.hosts import has_ipv6

HOW = (
    "this machine has no IPv6 loopback address (::1), so nothing about IPv6 was tested; "
    "to switch it on: sysctl -w net.ipv6.conf.lo.disable_ipv6=0"
)


def ipv6_needed() -> None:
    """Leaves the test out where there is no IPv6; in continuous integration that is a failure."""
    if has_ipv6():
        return
    if os.environ.get("CI"):
        pytest.fail(HOW)
    pytest.skip(HOW)
