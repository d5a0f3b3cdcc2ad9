"""A custom action whose failure is reported instead of swallowed."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import Event, FollowupAction

from bot import turn

logger = logging.getLogger(__name__)


class WatchedRemoteAction(RemoteAction):
    """Rasa's remote action with a validator made once and failures noted on the turn.

    Stock Rasa builds the validator anew for each answer (most of a turn's time), and drops a
    failing action with a line in the log: the customer sees nothing.
    """

    async def run(self, *args: Any, **kwargs: Any) -> list[Event]:
        """The action's events; when it failed, the turn ends here and says so."""
        try:
            return await super().run(*args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception as error:  # Rasa would swallow it; the customer must be told
            turn.failed(turn.ACTION_SERVER)
            logger.error("Action %s failed: %s", self.name(), _reason(error))
            return [FollowupAction(ACTION_LISTEN_NAME)]

    def _validate_action_result(self, result: Any) -> bool:
        _validator().validate(result)
        return True


@lru_cache(maxsize=1)
def _validator() -> Draft7Validator:
    schema = RemoteAction.action_response_format_spec()
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def _reason(error: Exception) -> str:
    """Kind and HTTP status only: an answer's text may repeat what a customer wrote."""
    cause = error.__cause__ or error
    status = getattr(cause, "status", None)
    return type(cause).__name__ + (f" (HTTP {status})" if status else "")
