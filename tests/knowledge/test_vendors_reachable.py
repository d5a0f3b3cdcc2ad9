"""Every maker and group can be asked for by name."""

from __future__ import annotations

from qiq.knowledge import Knowledge
from qiq.text.entities import extract

KINDS = ("vendor", "antivirus", "client", "app", "browser", "os", "isp")


def test_every_referral_is_reached_by_a_question_that_names_it(known: Knowledge) -> None:
    reached: set[str] = set()
    for entries in known.aliases.values():
        for name in (n for entry in entries for n in (*entry.names[:3], *entry.exact[:1])):
            for entity in extract(f"How can I contact {name}?"):
                if entity.type in KINDS and entity.id:
                    doors = known.referrals_for_entity(entity.type, entity.id)
                    reached.update(door.id for door in doors)
    assert set(known.referrals) - reached == set()
