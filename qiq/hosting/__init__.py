"""What the host knows: accounts, servers, blocks. One adapter per kind of control panel."""

from qiq.hosting.adapters import adapter_for
from qiq.hosting.model import Block, DomainFacts, Hosting, HostingError, MailboxFacts, Usage

__all__ = [
    "Block", "DomainFacts", "Hosting", "HostingError", "MailboxFacts", "Usage", "adapter_for",
]  # fmt: skip
