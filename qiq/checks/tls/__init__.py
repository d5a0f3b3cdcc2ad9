"""Checks of certificates and encryption."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qiq.checks.registry import Spec


def __getattr__(name: str) -> tuple[Spec, ...]:
    # The mail checks import the handshake from this folder, so the list is put together late.
    if name == "SPECS":
        from qiq.checks.tls import certificate, house, issuer, site

        return (*certificate.SPECS, *site.SPECS, *issuer.SPECS, *house.SPECS)
    raise AttributeError(name)
