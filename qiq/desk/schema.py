"""The desk's tables. A change needs a migration in ``migrations/versions``; a test compares."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from qiq.desk.types import Utc

metadata = MetaData()

ID = String(40)
NUMBER = String(24)
KEY = String(200)

conversations = Table(
    "conversations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("address", String(200), nullable=False),
    Column("visitor", ID, nullable=False, index=True),
    Column("holder", String(10), nullable=False, default="bot"),
    Column("staff", String(100)),
    Column("email", String(254), index=True),
    Column("verified_domains", JSON, nullable=False, default=list),
    Column("verified_until", Utc),
    Column("page", Text),
    Column("country", String(2)),
    Column("last_seq", Integer, nullable=False, default=0),
    Column("opened_at", Utc, nullable=False),
    Column("active_at", Utc, nullable=False, index=True),
    UniqueConstraint("channel", "address", name="uq_conversations_address"),
)

messages = Table(
    "messages",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("id", ID, nullable=False, unique=True),
    Column("conversation_id", ID, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("author", String(10), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("body", JSON, nullable=False),
    Column("key", KEY, nullable=False),
    Column("at", Utc, nullable=False),
    UniqueConstraint("conversation_id", "seq", name="uq_messages_seq"),
    UniqueConstraint("conversation_id", "key", name="uq_messages_key"),
)

turns = Table(
    "turns",
    metadata,
    Column("message_id", ID, ForeignKey("messages.id"), primary_key=True),
    Column("conversation_id", ID, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("press", JSON),
    Column("ip", String(45)),
    Column("state", String(10), nullable=False, default="pending"),
    Column("tries", Integer, nullable=False, default=0),
    Column("told", Boolean, nullable=False, default=False),
    Column("next_at", Utc, nullable=False),
    Column("owner", ID),
    Column("leased_until", Utc),
    Index("ix_turns_state", "state", "conversation_id", "seq"),
)

buttons = Table(
    "buttons",
    metadata,
    Column("id", ID, primary_key=True),
    Column("conversation_id", ID, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("press", JSON, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("conversation_id", ID, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("intent", String(60), nullable=False),
    Column("domain", String(253)),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False, default="open"),
    Column("verdict", String(20)),
    Column("cause", String(80)),
    Column("outcome", String(40)),
    Column("goodwill_used", Integer, nullable=False, default=0),
    Column("stars", Integer),
    Column("claimed_by", String(100)),
    Column("opened_at", Utc, nullable=False, index=True),
    Column("closed_at", Utc),
)

diagnoses = Table(
    "diagnoses",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("case_number", NUMBER, ForeignKey("cases.number"), nullable=False, index=True),
    Column("payload", JSON, nullable=False),
    Column("staff_text", Text, nullable=False),
    Column("at", Utc, nullable=False),
)

steps = Table(
    "steps",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("case_number", NUMBER, ForeignKey("cases.number"), nullable=False),
    Column("step_id", String(80), nullable=False),
    Column("helped", Boolean),
    Column("at", Utc, nullable=False),
    UniqueConstraint("case_number", "step_id", name="uq_steps_step"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("key", KEY, nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("case_number", NUMBER),
    Column("conversation_id", ID),
    Column("text", Text, nullable=False),
    Column("state", String(10), nullable=False, default="open"),
    Column("staff", String(100)),
    Column("at", Utc, nullable=False),
    Column("posted_at", Utc),
    Column("ended_at", Utc),
)

watches = Table(
    "watches",
    metadata,
    Column("case_number", NUMBER, ForeignKey("cases.number"), primary_key=True),
    Column("conversation_id", ID, ForeignKey("conversations.id"), nullable=False),
    Column("cause", String(80), nullable=False),
    Column("complaint", JSON, nullable=False),
    Column("subject", JSON, nullable=False),
    Column("state", String(10), nullable=False, default="watching"),
    Column("tries", Integer, nullable=False, default=0),
    Column("passes", Integer, nullable=False, default=0),
    Column("next_at", Utc, nullable=False, index=True),
    Column("since", Utc, nullable=False),
    Column("leased_until", Utc),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", ID, primary_key=True),
    Column("cause", String(80), nullable=False),
    Column("server", String(100), nullable=False),
    Column("title", Text, nullable=False),
    Column("state", String(10), nullable=False, default="open"),
    Column("manual", Boolean, nullable=False, default=False),
    Column("opened_at", Utc, nullable=False),
    Column("closed_at", Utc),
    Index("ix_incidents_open", "state", "cause", "server"),
)

incident_updates = Table(
    "incident_updates",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("incident_id", ID, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("by", String(100), nullable=False),
    Column("at", Utc, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("case_number", NUMBER, ForeignKey("cases.number"), nullable=False),
    Column("conversation_id", ID, ForeignKey("conversations.id"), nullable=False),
    Column("cause", String(80), nullable=False),
    Column("server", String(100), nullable=False),
    Column("incident_id", ID, ForeignKey("incidents.id"), index=True),
    Column("at", Utc, nullable=False),
    UniqueConstraint("case_number", "cause", "server", name="uq_reports_case"),
    Index("ix_reports_cause", "cause", "server", "at"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("conversation_id", ID, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("case_number", NUMBER),
    Column("reason", String(80), nullable=False),
    Column("summary", Text, nullable=False),
    Column("state", String(10), nullable=False, default="waiting"),
    Column("staff", String(100)),
    Column("contact", JSON),
    Column("asked_at", Utc, nullable=False),
    Column("taken_at", Utc),
    Column("ended_at", Utc),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", ID, primary_key=True),
    Column("key", KEY, nullable=False, unique=True),
    Column("channel", String(20), nullable=False),
    Column("address", String(200), nullable=False),
    Column("body", JSON, nullable=False),
    Column("state", String(10), nullable=False, default="due"),
    Column("tries", Integer, nullable=False, default=0),
    Column("next_at", Utc, nullable=False),
    Column("leased_until", Utc),
    Column("error", Text),
    Column("remote_id", String(200)),
    Column("at", Utc, nullable=False),
    Index("ix_outbox_due", "state", "next_at"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("case_number", NUMBER, ForeignKey("cases.number"), primary_key=True),
    Column("system", String(20), primary_key=True),
    Column("remote_id", String(200)),
    Column("state", String(20), nullable=False, default="queued"),
)

files = Table(
    "files",
    metadata,
    Column("id", ID, primary_key=True),
    Column("conversation_id", ID, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("mime", String(20), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("at", Utc, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("conversation_id", ID, ForeignKey("conversations.id"), primary_key=True),
    Column("email", String(254), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("domains", JSON, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("expires_at", Utc, nullable=False),
)

# What limits count (qiq.desk.counting).
counted = Table(
    "counted",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("subject", String(64), nullable=False),
    Column("at", Utc, nullable=False, index=True),
    Index("ix_counted_subject_at", "subject", "at"),
)
