"""Receipts behind unguessable links that expire. Only a digest of the link is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from qiq.desk.schema_channels import receipts
from qiq.desk.store import Store


@dataclass(frozen=True)
class ReceiptRecord:
    """One diagnosis to show to a helper."""

    payload: Mapping[str, Any]
    tested_at: datetime
    expires_at: datetime


class Receipts(Store):
    """Issued with a diagnosis; whoever has the link may read it until it expires."""

    def issue_receipt(self, payload: Mapping[str, Any], days: int = 30) -> str:
        """The token of a new receipt: 160 random bits, not kept in readable form."""
        token = secrets.token_urlsafe(20)
        now = self.now()
        with self.write() as connection:
            connection.execute(delete(receipts).where(receipts.c.expires_at < now))
            connection.execute(
                insert(receipts).values(
                    digest=_digest(token),
                    case_number=payload.get("case"),
                    payload=dict(payload),
                    tested_at=now,
                    expires_at=now + timedelta(days=days),
                )
            )
        return token

    def receipt(self, token: str) -> ReceiptRecord | None:
        """The receipt, or None when the token is wrong or too old."""
        with self.read() as connection:
            row = connection.execute(
                select(receipts).where(
                    receipts.c.digest == _digest(token), receipts.c.expires_at > self.now()
                )
            ).first()
        return ReceiptRecord(row.payload, row.tested_at, row.expires_at) if row else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
