"""One-time codes by e-mail: six digits, ten minutes, five tries. Only a digest is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, insert, select, update

from qiq.desk.counting import Counting
from qiq.desk.schema import codes

MINUTES = 10
TRIES = 5
PER_HOUR = 3
HOUR = 3600.0

Outcome = Literal["right", "wrong", "over"]


@dataclass(frozen=True)
class Pending:
    """A verification that is going on: waiting for an address, or for the code."""

    email: str
    expires_at: datetime

    @property
    def wants_email(self) -> bool:
        return not self.email


@dataclass(frozen=True)
class CodeCheck:
    """What became of a typed code. ``domains`` only when it was right."""

    outcome: Outcome
    email: str = ""
    domains: tuple[str, ...] = ()
    tries_left: int = 0


class Codes(Counting):
    """Verification of one conversation at a time."""

    def ask_for_email(self, conversation_id: str) -> None:
        """From now the next address typed in this conversation starts a verification."""
        self._put(conversation_id, "", "", ())

    def new_code(self, conversation_id: str, email: str, domains: Sequence[str]) -> str:
        """A fresh code; an older one of this conversation stops working.

        With no ``domains`` the code can never be right: an address that is not on file is
        handled like any other, so that nobody can find out which addresses are.
        """
        code = f"{secrets.randbelow(1_000_000):06d}"
        self._put(conversation_id, email, _digest(conversation_id, code), domains)
        return code

    def _put(self, conversation_id: str, email: str, digest: str, domains: Sequence[str]) -> None:
        with self.write() as connection:
            connection.execute(delete(codes).where(codes.c.conversation_id == conversation_id))
            connection.execute(
                insert(codes).values(
                    conversation_id=conversation_id,
                    email=email,
                    digest=digest,
                    domains=list(domains),
                    tries=0,
                    expires_at=self.now() + timedelta(minutes=MINUTES),
                )
            )

    def pending_code(self, conversation_id: str) -> Pending | None:
        """What this conversation waits for, or None."""
        with self.read() as connection:
            row = connection.execute(
                select(codes).where(codes.c.conversation_id == conversation_id)
            ).first()
        if row is None or row.expires_at < self.now():
            return None
        return Pending(row.email, row.expires_at)

    def try_code(self, conversation_id: str, typed: str) -> CodeCheck:
        """Compares a typed code; every look counts, and a right code works once."""
        with self.write() as connection:
            row = connection.execute(
                update(codes)
                .where(
                    codes.c.conversation_id == conversation_id,
                    codes.c.tries < TRIES,
                    codes.c.expires_at >= self.now(),
                    codes.c.digest != "",
                )
                .values(tries=codes.c.tries + 1)
                .returning(codes)
            ).first()
            if row is None:
                return CodeCheck("over")
            digest = _digest(conversation_id, typed)
            if row.domains and hmac.compare_digest(digest, row.digest):
                connection.execute(delete(codes).where(codes.c.conversation_id == conversation_id))
                return CodeCheck("right", row.email, tuple(row.domains))
        left = TRIES - row.tries
        return CodeCheck("wrong" if left else "over", tries_left=left)

    def may_ask_code(self, *subjects: str, per_hour: int = PER_HOUR) -> bool:
        """Counts a request against each subject (address, visitor); only digests are kept."""
        asked = [one for one in subjects if one]
        return not self.take(*asked, most=per_hour, seconds=HOUR)


def _digest(conversation_id: str, code: str) -> str:
    # Bound to the conversation: the same code of another talk has another digest.
    return hashlib.sha256(f"{conversation_id}:{code}".encode()).hexdigest()
