"""``Desk``: conversations, cases, incidents and deliveries behind one object."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from qiq.desk.buttons import Buttons
from qiq.desk.cases import Cases
from qiq.desk.channels import ChannelMemory
from qiq.desk.codes import Codes
from qiq.desk.files import Files
from qiq.desk.handover import Handovers
from qiq.desk.incidents import Incidents
from qiq.desk.leases import Leases
from qiq.desk.migrate import upgrade
from qiq.desk.outbox import Outbox
from qiq.desk.privacy import Privacy
from qiq.desk.receipts import Receipts
from qiq.desk.store import BUSY_SECONDS, translated
from qiq.desk.stuck import StuckTalks
from qiq.desk.tickets import Tickets
from qiq.desk.turns import Turns
from qiq.desk.types import utc_now
from qiq.desk.unknown import UnknownErrors
from qiq.settings import Settings
from qiq.settings.brand import Hours


class Desk(
    Handovers,
    Incidents,
    Cases,
    Turns,
    Outbox,
    Buttons,
    Codes,
    Files,
    Privacy,
    Tickets,
    ChannelMemory,
    Leases,
    StuckTalks,
    Receipts,
    UnknownErrors,
):
    """Opened by the gateway, the action server and the command line alike.

    Every method is one transaction and may be called from any thread. An existing database is
    brought up to date on opening. Raises ``StoreUnavailable`` when it cannot be used.
    """

    def __init__(
        self,
        database_url: str,
        *,
        hours: Hours | None = None,
        case_prefix: str = "QIQ",
        incident_customers: int = 3,
        incident_minutes: int = 15,
        now: Callable[[], datetime] = utc_now,
        busy_seconds: float = BUSY_SECONDS,
        migrate: bool = True,
    ) -> None:
        _make_folder(database_url)
        super().__init__(database_url, now=now, busy_seconds=busy_seconds)
        self.hours = hours or Hours()
        self.case_prefix = case_prefix
        self.incident_customers = incident_customers
        self.incident_minutes = incident_minutes
        if migrate:
            with translated():
                upgrade(self.engine)

    @classmethod
    def from_settings(
        cls, settings: Settings, database_url: str, *, busy_seconds: float = BUSY_SECONDS
    ) -> Desk:
        """The desk as ``hosting.yml`` wants it."""
        made = cls(
            database_url,
            hours=settings.hours,
            case_prefix=settings.brand.case_prefix,
            incident_customers=settings.desk.incident_customers,
            incident_minutes=settings.desk.incident_minutes,
            busy_seconds=busy_seconds,
        )
        made.ticket_system = settings.desk.tickets.system if settings.desk.tickets else None
        return made


def _make_folder(database_url: str) -> None:
    url = make_url(database_url)
    if url.drivername.startswith("sqlite") and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
