"""Cases: one problem of one customer, with everything that was found and tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from qiq.desk.model import Case, DiagnosisRecord, StepRecord
from qiq.desk.schema import cases, diagnoses, steps
from qiq.desk.store import Store
from qiq.desk.types import new_case_number

NUMBER_TRIES = 8


class Cases(Store):
    """Opened by the dialogue, read by staff."""

    case_prefix = "QIQ"

    def open_case(self, conversation_id: str, intent: str, domain: str | None, text: str) -> Case:
        """A new case with a number of its own; ``text`` is the complaint, redacted."""
        for _ in range(NUMBER_TRIES):
            number = new_case_number(self.case_prefix)
            try:
                with self.write() as connection:
                    connection.execute(
                        insert(cases).values(
                            number=number,
                            conversation_id=conversation_id,
                            intent=intent,
                            domain=domain,
                            text=text,
                            state="open",
                            goodwill_used=0,
                            opened_at=self.now(),
                        )
                    )
            except IntegrityError:
                if self.case(number) is None:
                    raise KeyError(conversation_id) from None
                continue
            found = self.case(number)
            assert found is not None
            return found
        raise RuntimeError("no free case number found; use another case_prefix")

    def case(self, number: str) -> Case | None:
        """The case with this number (any letter case), or None."""
        with self.read() as connection:
            row = connection.execute(
                select(cases).where(cases.c.number == number.strip().upper())
            ).first()
        return _case(row) if row else None

    def cases_of(self, conversation_id: str) -> list[Case]:
        """Every case of a conversation, oldest first."""
        return self._cases(cases.c.conversation_id == conversation_id)

    def open_cases(self, days: int = 30) -> list[Case]:
        """Cases that are not closed and were opened lately, oldest first."""
        since = self.now() - timedelta(days=days)
        return self._cases(cases.c.closed_at.is_(None) & (cases.c.opened_at >= since))

    def _cases(self, condition: Any) -> list[Case]:
        with self.read() as connection:
            rows = connection.execute(
                select(cases).where(condition).order_by(cases.c.opened_at)
            ).all()
        return [_case(row) for row in rows]

    def record_diagnosis(
        self, case: str | Case, payload: Mapping[str, Any], staff_text: str
    ) -> None:
        """Keeps a diagnosis with its evidence; the case carries the newest verdict."""
        number = number_of(case)
        with self.write() as connection:
            connection.execute(
                insert(diagnoses).values(
                    case_number=number,
                    payload=dict(payload),
                    staff_text=staff_text,
                    at=self.now(),
                )
            )
            connection.execute(
                update(cases)
                .where(cases.c.number == number)
                .values(verdict=payload.get("verdict"), cause=payload.get("cause"))
            )

    def diagnoses(self, case: str | Case) -> list[DiagnosisRecord]:
        """Every diagnosis of a case, oldest first."""
        with self.read() as connection:
            rows = connection.execute(
                select(diagnoses)
                .where(diagnoses.c.case_number == number_of(case))
                .order_by(diagnoses.c.n)
            ).all()
        return [DiagnosisRecord(r.case_number, r.payload, r.staff_text, r.at) for r in rows]

    def record_step(self, case: str | Case, step_id: str, helped: bool | None = None) -> int:
        """A first-aid step was given (or answered). Returns the goodwill steps used so far."""
        number = number_of(case)
        with self.write() as connection:
            known = connection.execute(
                update(steps)
                .where(steps.c.case_number == number, steps.c.step_id == step_id)
                .values(helped=helped)
            )
            if known.rowcount == 0:
                connection.execute(
                    insert(steps).values(
                        case_number=number, step_id=step_id, helped=helped, at=self.now()
                    )
                )
                connection.execute(
                    update(cases)
                    .where(cases.c.number == number)
                    .values(goodwill_used=cases.c.goodwill_used + 1)
                )
            row = connection.execute(
                select(cases.c.goodwill_used).where(cases.c.number == number)
            ).one()
        return int(row.goodwill_used)

    def steps(self, case: str | Case) -> list[StepRecord]:
        """First-aid steps given in a case, in order."""
        with self.read() as connection:
            rows = connection.execute(
                select(steps).where(steps.c.case_number == number_of(case)).order_by(steps.c.n)
            ).all()
        return [StepRecord(row.step_id, row.helped, row.at) for row in rows]

    def close_case(self, case: str | Case, outcome: str) -> None:
        """Ends a case (``solved``, ``referred``, ``repaired``, ``cancelled`` …); closing a
        closed case changes nothing."""
        with self.write() as connection:
            close(connection, number_of(case), outcome, self.now())

    def reopen_case(self, case: str | Case) -> None:
        """The trouble is back: the same case goes on."""
        self._change_case(case, state="open", outcome=None, closed_at=None)

    def rate(self, case: str | Case, stars: int) -> None:
        """The customer's rating, 1 to 5; a later one replaces an earlier one."""
        if not 1 <= stars <= 5:
            raise ValueError(f"stars must be 1 to 5, not {stars}")
        self._change_case(case, stars=stars)

    def claim_case(self, case: str | Case, staff: str) -> bool:
        """Somebody works on it. False when somebody else already does."""
        with self.write() as connection:
            done = connection.execute(
                update(cases)
                .where(
                    cases.c.number == number_of(case),
                    cases.c.claimed_by.is_(None) | (cases.c.claimed_by == staff),
                )
                .values(claimed_by=staff)
            )
        return done.rowcount == 1

    def _change_case(self, case: str | Case, **values: Any) -> None:
        with self.write() as connection:
            connection.execute(
                update(cases).where(cases.c.number == number_of(case)).values(**values)
            )


def close(connection: Connection, number: str, outcome: str, now: Any) -> None:
    """Closes a case within the caller's transaction, once."""
    connection.execute(
        update(cases)
        .where(cases.c.number == number, cases.c.closed_at.is_(None))
        .values(state="closed", outcome=outcome, closed_at=now)
    )


def number_of(case: str | Case) -> str:
    """The number of a case given either way."""
    return case.number if isinstance(case, Case) else case.strip().upper()


def _case(row: Row[Any]) -> Case:
    return Case(
        number=row.number,
        conversation_id=row.conversation_id,
        intent=row.intent,
        domain=row.domain,
        text=row.text,
        state=row.state,
        verdict=row.verdict,
        cause=row.cause,
        outcome=row.outcome,
        goodwill_used=row.goodwill_used,
        stars=row.stars,
        claimed_by=row.claimed_by,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
