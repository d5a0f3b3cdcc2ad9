"""What the decisions may consult of the host: facts and settings, never a store or a socket."""

from __future__ import annotations

from dataclasses import dataclass

from qiq.knowledge import Knowledge
from qiq.settings import Settings
from qiq.settings.brand import Brand


@dataclass(frozen=True)
class House:
    """The host's settings and what the project knows."""

    settings: Settings
    knowledge: Knowledge

    @property
    def brand(self) -> Brand:
        return self.settings.brand

    @property
    def steps(self) -> int:
        """First-aid steps a case may cost."""
        return self.settings.goodwill.steps

    @property
    def own_site(self) -> str:
        """The host's own site: a page there says nothing about the customer's domain."""
        return str(self.brand.site).split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")

    def names_of(self, server: str) -> frozenset[str]:
        """Every name of the server that has this one: its id and its host names."""
        for one in self.settings.servers:
            if server == one.id or server in one.names:
                return frozenset((one.id, *one.names))
        return frozenset((server,))
