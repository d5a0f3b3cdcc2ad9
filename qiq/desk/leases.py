"""Work that one process of several does: whose it is now, until when."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from qiq.desk.schema_channels import leases
from qiq.desk.store import Store


class Leases(Store):
    """``name`` is the work, ``owner`` the process."""

    def lease(self, name: str, owner: str, seconds: float) -> bool:
        """Takes or renews it; False while it is somebody else's."""
        now = self.now()
        free = or_(leases.c.owner == owner, leases.c.until < now)
        with self.read() as connection:
            row = connection.execute(select(leases).where(leases.c.name == name)).first()
        if row is not None and row.owner != owner and row.until >= now:
            return False
        values = {"owner": owner, "until": now + timedelta(seconds=seconds)}
        try:
            with self.write() as connection:
                if row is None:
                    connection.execute(insert(leases).values(name=name, **values))
                    return True
                taken = connection.execute(
                    update(leases).where(leases.c.name == name, free).values(**values)
                )
        except IntegrityError:  # somebody was quicker
            return False
        return taken.rowcount == 1

    def give_back(self, name: str, owner: str) -> None:
        """At an orderly end: the next one need not wait."""
        with self.write() as connection:
            connection.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))
