"""Tables of channels and receipts, beside the desk's own."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table

from qiq.desk.schema import KEY, NUMBER, metadata
from qiq.desk.types import Utc

seen = Table(
    "seen",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("at", Utc, nullable=False, index=True),
)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("address", String(200), primary_key=True),
    Column("at", Utc, nullable=False),
)

posts = Table(
    "posts",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("room", String(80), nullable=False),
    Column("ts", String(40)),
    Column("digest", String(64)),
    Column("mirrored", Integer, nullable=False, default=0),
    Column("snoozed_until", Utc),
    Column("at", Utc, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("case_number", NUMBER, index=True),
    Column("payload", JSON, nullable=False),
    Column("tested_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False, index=True),
)
