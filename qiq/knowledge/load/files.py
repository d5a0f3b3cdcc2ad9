"""The parsed files, and how a loader walks over the entries of one or several of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qiq.knowledge.fields import Fields
from qiq.knowledge.problems import Problems

PARTIES = (
    "host", "customer_account", "dns", "client_software", "antivirus_firewall", "network_isp",
    "recipient_server", "script", "unknown",
)  # fmt: skip


class Files:
    """Parsed YAML by relative path. ``problems`` collects what is wrong with it."""

    def __init__(self, parsed: Mapping[str, Any], problems: Problems) -> None:
        self.parsed = parsed
        self.problems = problems

    def named(self, name: str) -> list[str]:
        """The file ``name`` or the files below the folder ``name/``."""
        return [f for f in self.parsed if f == name or (name.endswith("/") and f.startswith(name))]

    def entries(self, name: str, *, required: bool = True) -> Iterator[tuple[str, Fields]]:
        """(id, fields) of every entry; an id may stand in one file only."""
        seen: dict[str, str] = {}
        names = self.named(name)
        if not names and required:
            self.problems.add(name, "(file)", "(all)", "is missing", "restore it from the project")
        for file in names:
            content = self.parsed[file]
            if not isinstance(content, Mapping):
                self.problems.add(file, "(file)", "(all)", "is not a mapping", "write 'id:' lines")
                continue
            for entry, data in content.items():
                if entry in seen:
                    self.problems.add(
                        file, entry, "(id)", f"is in {seen[entry]} too", "use another id"
                    )
                seen[entry] = file
                yield entry, Fields(file, entry, data, self.problems)
