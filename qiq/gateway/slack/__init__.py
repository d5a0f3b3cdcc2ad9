"""Slack for the host's staff, on ``slack_bolt`` and ``slack_sdk``."""
