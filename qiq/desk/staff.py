"""What a person of the host does with a talk: the same from Slack and from the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qiq.desk.desk import Desk
from qiq.desk.model import Case, Message
from qiq.desk.types import new_id

Say = Callable[..., str]


class NoSuchCase(Exception):
    """There is no case with this number."""

    def __init__(self, number: str) -> None:
        super().__init__(f"there is no case {number}; `qiq case list` shows the open ones")


class Taken(Exception):
    """Another person has the talk."""

    def __init__(self, number: str, staff: str) -> None:
        super().__init__(f"{staff} has the talk of {number}; ask them to release it first")


@dataclass(frozen=True)
class Staff:
    """One person at the desk. ``say`` gives the customer-facing sentences."""

    desk: Desk
    name: str
    say: Say

    def case(self, number: str) -> Case:
        """Raises ``NoSuchCase``."""
        found = self.desk.case(number)
        if found is None:
            raise NoSuchCase(number)
        return found

    def claim(self, number: str) -> None:
        """Takes the talk: from now the bot is silent. Raises ``NoSuchCase`` and ``Taken``."""
        case = self.case(number)
        conversation = self.desk.conversation(case.conversation_id)
        already = conversation is not None and conversation.holder == "person"
        if not self.desk.join_person(case.conversation_id, self.name):
            raise Taken(case.number, conversation.staff or "somebody" if conversation else "")
        self.desk.claim_case(case, self.name)
        if not already:
            self._system(case.conversation_id, "system.person_joined", name=self.name)

    def reply(self, number: str, text: str, key: str | None = None) -> Message:
        """Writes to the customer in their own channel; takes the talk first when needed."""
        self.claim(number)
        body: Mapping[str, Any] = {"text": text, "name": self.name}
        return self.desk.append(
            self.case(number).conversation_id,
            "staff",
            "message",
            body,
            key=key or f"staff:{new_id('k')}",
        )

    def release(self, number: str) -> None:
        """Gives the talk back to the bot."""
        case = self.case(number)
        if self.desk.back_to_bot(case.conversation_id):
            self._system(case.conversation_id, "system.person_left", name=self.name)

    def resolve(self, number: str, outcome: str = "solved") -> None:
        """Closes the case and gives the talk back."""
        self.desk.close_case(self.case(number), outcome)
        self.release(number)

    def _system(self, conversation_id: str, key: str, **args: str) -> None:
        text = self.say(key, **args)
        self.desk.append(
            conversation_id, "system", "message", {"text": text}, key=f"staff:{new_id('k')}"
        )
