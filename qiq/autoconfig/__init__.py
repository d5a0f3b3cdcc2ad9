"""Settings that set themselves up: what mail programs ask for by themselves.

Mozilla autoconfig, Microsoft Autodiscover (POX and v2 JSON), SRV records (RFC 6186, RFC 8314) and
Apple configuration profiles, all from ``mail`` of ``hosting.yml``. Nothing here knows whether a
mailbox exists, and no answer depends on it.
"""

from qiq.autoconfig.address import Address, BadAddress, parse_address

__all__ = ["Address", "BadAddress", "parse_address"]
