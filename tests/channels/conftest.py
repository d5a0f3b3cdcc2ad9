from tests.channels.slack_world import world

__all__ = ["world"]
