"""Autoconfig, Autodiscover and Apple profiles, mounted on the gateway."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from starlette.routing import BaseRoute

from qiq.autoconfig import apple
from qiq.autoconfig import routes as autoconfig
from qiq.gateway.house import House
from qiq.hosting import adapter_for
from qiq.hosting.model import HostingError

log = logging.getLogger(__name__)


def routes(house: House) -> Sequence[BaseRoute]:
    """What mail programs ask. Raises ``apple.BadKey`` when the signing key is no good."""
    adapter = adapter_for(house.settings)

    async def hosted(domain: str) -> bool:
        try:
            return await adapter.domain(domain) is not None
        except HostingError as error:
            log.error("the hosting panel could not be asked: %s", error)
            return False

    signing = house.settings.mail.profile_signing
    signer = None
    if signing is not None:
        resolve = house.settings.resolve
        signer = apple.Signer.load(resolve(signing.certificates), resolve(signing.key))
    return autoconfig.routes(house.settings, hosted, signer)
