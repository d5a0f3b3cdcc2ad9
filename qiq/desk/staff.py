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

    def __init__(self, staff: str) -> None:
        super().__init__(f"{staff} has the talk; ask them to release it first")
        self.staff = staff


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

    def case_of(self, conversation_id: str) -> Case | None:
        """The newest case of a talk."""
        cases = self.desk.cases_of(conversation_id)
        return cases[-1] if cases else None

    def claim(self, conversation_id: str) -> None:
        """Takes the talk: from now the bot is silent. Raises ``Taken``."""
        before = self.desk.conversation(conversation_id)
        if not self.desk.join_person(conversation_id, self.name):
            now = self.desk.conversation(conversation_id)
            raise Taken((now.staff if now else None) or "somebody")
        case = self.case_of(conversation_id)
        if case is not None:
            self.desk.claim_case(case, self.name)
        if before is None or before.holder != "person":
            self._system(conversation_id, "system.person_joined", name=self.name)

    def reply(
        self,
        conversation_id: str,
        text: str,
        *,
        key: str | None = None,
        custom: Mapping[str, Any] | None = None,
    ) -> Message:
        """Writes to the customer in their own channel; takes the talk first when needed."""
        self.claim(conversation_id)
        body = {"text": text, "name": self.name, **({"custom": custom} if custom else {})}
        key = key or f"staff:{new_id('k')}"
        return self.desk.append(conversation_id, "staff", "message", body, key=key)

    def release(self, conversation_id: str) -> None:
        """Gives the talk back to the bot."""
        before = self.desk.conversation(conversation_id)
        if self.desk.back_to_bot(conversation_id) and before and before.holder == "person":
            self._system(conversation_id, "system.person_left", name=before.staff or self.name)

    def resolve(
        self, conversation_id: str, outcome: str = "solved", case: Case | None = None
    ) -> None:
        """Closes a case (the newest), tells the customer so, and gives the talk back."""
        case = case or self.case_of(conversation_id)
        if case is not None and case.closed_at is None:
            self.desk.close_case(case, outcome)
            self._system(conversation_id, "system.resolved", case=case.number)
        self.release(conversation_id)

    def _system(self, conversation_id: str, key: str, **args: str) -> None:
        text = self.say(key, **args)
        self.desk.append(
            conversation_id, "system", "message", {"text": text}, key=f"staff:{new_id('k')}"
        )
