"""Teams and disclosures for tests: Bu Ina and Pak Umar read at the inspectorate, Bu Gita and Pak Made at the centre."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from agencies.actor import Actor
from agencies.models import Agency, Decree, Role, TeamMember
from complaints import disclosures
from complaints.models import Disclosure
from tests.world import LONG_AGO, World

# Wednesday 20 May 2026, 09.00 in Jakarta.
NOW = datetime.datetime(2026, 5, 20, 2, 0, tzinfo=datetime.UTC)
SECRET = "Zqbisik"
STORY = f"{SECRET}cerita: setoran tiap bulan diminta dari pemborong, dicatat di buku biru."


@dataclass
class Teams:
    ina: Actor
    umar: Actor
    gita: Actor
    made: Actor


def decree_of(agency: Agency) -> Decree:
    return Decree.objects.get_or_create(
        agency=agency, number=f"SK {agency.pk}/WBS", defaults={"decided_on": LONG_AGO, "about": "Tim pengungkapan"}
    )[0]


def seat(who: Actor) -> TeamMember:
    """A seat in the team of the office they act for, since long."""
    assert who.user is not None
    assert who.agency is not None
    return TeamMember.objects.create(user=who.user, agency=who.agency, decree=decree_of(who.agency), starts_on=LONG_AGO)


def staffed(world: World) -> Teams:
    made = Teams(
        ina=world.officer("Ina Kartika", world.inspektorat),
        umar=world.officer("Umar Bakri", world.inspektorat),
        gita=world.officer("Gita Savitri", world.root, Role.OBSERVER),
        made=world.officer("Made Wirawan", world.root, Role.NATIONAL),
    )
    for who in (made.ina, made.umar, made.gita, made.made):
        seat(who)
    return made


def told(world: World, body: str = STORY, *, now: datetime.datetime = NOW, **more: Any) -> tuple[Disclosure, str]:
    values: dict[str, Any] = {
        "accused": world.dinas_pu,
        "place": world.sukasari,
        "who": disclosures.Who(f"{SECRET}nama Wulan", f"{SECRET}kontak 0812"),
    }
    title = more.pop("title", f"{SECRET}judul setoran")
    return disclosures.receive(disclosures.Told(title, body), now=now, **{**values, **more})
