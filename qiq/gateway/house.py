"""The gateway's parts, put together once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qiq.desk import Desk, Message
from qiq.desk.places import DataPlaces
from qiq.desk.store import BUSY_SECONDS
from qiq.gateway.hub import Hub
from qiq.gateway.intake import Intake
from qiq.gateway.limits import Limit
from qiq.gateway.rasa import Rasa
from qiq.gateway.reading import reader_for
from qiq.gateway.reception import Reception
from qiq.gateway.sessions import Sessions, session_secret
from qiq.gateway.spool import Spool
from qiq.gateway.troubles import NUDGE_SECONDS, Troubles
from qiq.gateway.turns import Turns
from qiq.gateway.verify.conversation import Accounts, Post, Verification
from qiq.gateway.verify.token import Tokens
from qiq.gateway.words import Say
from qiq.settings import Settings


@dataclass(frozen=True)
class Places:
    """Where the other parts are; the supervisor says so in the environment."""

    state: Path
    database_url: str
    rasa_url: str
    internal_token: str
    internal_url: str
    lab_url: str | None = None
    lab_token: str | None = None
    tracker_url: str | None = None

    @classmethod
    def from_environment(cls, settings: Settings) -> Places:
        """Raises ``ValueError`` naming the variable that is missing."""
        token = os.environ.get("QIQ_INTERNAL_TOKEN", "")
        if not token:
            raise ValueError("QIQ_INTERNAL_TOKEN is not set; start the gateway with `qiq run`")
        data = DataPlaces.find(settings)
        return cls(
            state=data.state,
            database_url=data.database_url,
            tracker_url=data.tracker_url,
            rasa_url=os.environ.get("QIQ_RASA_URL") or "http://127.0.0.1:5006",
            internal_token=token,
            internal_url=os.environ.get("QIQ_GATEWAY_INTERNAL_URL") or "http://127.0.0.1:5007",
            lab_url=os.environ.get("QIQ_LAB_URL") or None,
            lab_token=os.environ.get("QIQ_LAB_TOKEN") or None,
        )


@dataclass(frozen=True)
class House:
    """What channels and workers are handed."""

    settings: Settings
    places: Places
    say: Say
    desk: Desk
    hub: Hub
    rasa: Rasa
    troubles: Troubles
    turns: Turns
    intake: Intake
    reception: Reception
    sessions: Sessions
    post: Post
    tokens: Tokens | None
    message_limit: Limit
    session_limit: Limit


def build(
    settings: Settings,
    places: Places,
    say: Say,
    accounts: Accounts,
    post: Post,
    *,
    rasa_silence_seconds: float = 25.0,
    nudge_seconds: float = NUDGE_SECONDS,
    busy_seconds: float = BUSY_SECONDS,
) -> House:
    """Puts the parts together. Opens (and upgrades) the database."""
    desk = Desk.from_settings(settings, places.database_url, busy_seconds=busy_seconds)
    hub = Hub(desk)
    rasa = Rasa(places.rasa_url, places.internal_token, silence_seconds=rasa_silence_seconds)
    troubles = Troubles(desk, hub, say, nudge_seconds=nudge_seconds)
    turns = Turns(desk, rasa, hub, troubles, public_url=settings.channels.public_url)

    def stored(message: Message) -> None:
        turns.kick(message)

    intake = Intake(desk, Spool(places.state / "kept.jsonl"), settings.limits.message_chars, stored)
    brand = settings.brand.name
    verification = Verification(desk, intake, troubles, say, accounts, post, brand)
    return House(
        settings=settings,
        places=places,
        say=say,
        desk=desk,
        hub=hub,
        rasa=rasa,
        troubles=troubles,
        turns=turns,
        intake=intake,
        reception=Reception(
            desk,
            intake,
            troubles,
            hub,
            say,
            verification,
            brand,
            reader=reader_for(settings, places.state, desk, say),
        ),
        sessions=Sessions(session_secret(places.state), settings.channels.widget.session_days),
        post=post,
        tokens=Tokens.from_settings(settings),
        message_limit=Limit("messages", settings.limits.messages_per_minute, 60, desk),
        session_limit=Limit("sessions", settings.limits.sessions_per_address_per_hour, 3600, desk),
    )
