"""The pretend DNS: zones, authoritative servers, a parent and a resolver."""
