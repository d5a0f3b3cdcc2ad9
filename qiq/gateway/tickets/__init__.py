"""The host's own ticket system, told through the outbox: a webhook, WHMCS or Zammad."""

from qiq.gateway.tickets.channel import TicketChannel, make

__all__ = ["TicketChannel", "make"]
