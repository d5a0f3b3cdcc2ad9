"""A second place to look from: another ``qiq agent``, asked over HTTPS with a token."""
