from tests.channels.messenger_world import messengers
from tests.channels.slack_world import world

__all__ = ["messengers", "world"]
