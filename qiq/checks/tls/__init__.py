"""Checks of certificates and encryption."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    # The mail checks import the handshake from this folder, so the list is put together late.
    if name == "SPECS":
        from qiq.checks.tls import certificate, house, issuer, site

        return (*certificate.SPECS, *site.SPECS, *issuer.SPECS, *house.SPECS)
    raise AttributeError(name)
