"""Tables of channels, receipts, and what is counted or kept beside the desk's own."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, String, Table, Text

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

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("until", Utc, nullable=False),
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

unknown_errors = Table(
    "unknown_errors",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("host", String(253)),
    Column("port", Integer),
    Column("protocol", String(20)),
    Column("code_class", String(10), nullable=False),
    Column("count", Integer, nullable=False),
    Column("first_at", Utc, nullable=False),
    Column("last_at", Utc, nullable=False, index=True),
)
