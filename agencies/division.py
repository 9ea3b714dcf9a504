"""Who does what in a district: (bidang, pemda) → office, as a table its coordinator owns.

The table is read from `Agency.bidang`; where exactly one office carries a field, reports of that field and place go
there by themselves (case.md section 5). Writing goes through `offices.change`, an audit row each.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from agencies import areas, bidang, offices
from agencies.actor import Actor
from agencies.members import Refused
from agencies.models import Agency, AgencyQuerySet, Kind

OTHERS = "lainnya"


@dataclass(frozen=True)
class Row:
    """One field of work. `offices`: who carries it, those below another of them left out; one is as it should be."""

    code: str
    name: str
    offices: list[Agency]

    @property
    def by_place(self) -> bool:
        """Several, each with a territory of its own: a report's place says which (kecamatan)."""
        territories = [areas.territory(office) for office in self.offices]
        apart = sum(map(len, territories)) == len(frozenset().union(*territories))
        return len(self.offices) > 1 and all(territories) and apart

    @property
    def decided(self) -> bool:
        return len(self.offices) == 1 or self.by_place


@dataclass(frozen=True)
class CopyLine:
    """What another district's table would change here: `ours` carries the field now, `then` would."""

    code: str
    name: str
    theirs: Agency
    ours: list[Agency]
    then: Agency


def table(pemda: Agency, day: datetime.date) -> list[Row]:
    """Every field but "lainnya", by name. One statement."""
    carried = _carriers(pemda, day)
    return [Row(code, name, carried.get(code, [])) for code, name in _fields()]


def choices(pemda: Agency, day: datetime.date) -> list[Agency]:
    """The offices a field can be given to, by name: those directly below, and their own institutions."""
    return list(_within(pemda).active_on(day).select_related("parent").order_by("path_length", "name"))


def assign(pemda: Agency, code: str, office: Agency | None, *, by: Actor, day: datetime.date) -> None:
    """From now on this office alone carries the field; None: nobody does. Raises Refused, NotAllowed."""
    if code not in dict(_fields()):
        raise Refused(_("Bidang itu tidak dikenal."), "office")
    if office is not None and not _within(pemda).active_on(day).filter(pk=office.pk).exists():
        raise Refused(_("Pilih kantor yang masih ada di %(pemda)s.") % {"pemda": pemda.name}, "office")
    with transaction.atomic():
        carrying = _within(pemda).filter(bidang__contains=[code], ends_on__isnull=True)
        for other in carrying.select_for_update():
            if office is None or other.pk != office.pk:
                offices.change(other, by=by, bidang=[one for one in other.bidang if one != code])
        if office is not None and code not in office.bidang:
            offices.change(office, by=by, bidang=[*office.bidang, code])


def plan(source: Agency, pemda: Agency, day: datetime.date) -> list[CopyLine]:
    """What would change here if the work were divided as in `source`: only fields one office carries there, and whose
    like exists here. Three statements."""
    mine = _by_likeness(choices(pemda, day), pemda)
    here, there = _carriers(pemda, day), _carriers(source, day)
    lines = []
    for code, name in _fields():
        theirs = there.get(code, [])
        if len(theirs) != 1:
            continue
        then = next((mine[key] for key in _likeness(theirs[0], source) if key in mine), None)
        ours = here.get(code, [])
        if then is not None and [office.pk for office in ours] != [then.pk]:
            lines.append(CopyLine(code, name, theirs[0], ours, then))
    return lines


def copy(source: Agency, pemda: Agency, codes: Iterable[str], *, by: Actor, day: datetime.date) -> int:
    """Carry out those lines of the plan as it is now; how many."""
    wanted = set(codes)
    with transaction.atomic():
        lines = [line for line in plan(source, pemda, day) if line.code in wanted]
        for line in lines:
            assign(pemda, line.code, Agency.objects.get(pk=line.then.pk), by=by, day=day)
    return len(lines)


def _fields() -> list[tuple[str, str]]:
    return sorted(((code, name) for code, name in bidang.names().items() if code != OTHERS), key=lambda one: one[1])


def _within(node: Agency) -> AgencyQuerySet:
    """The offices among which a node divides the work; for the centre the ministries, lembaga and BUMN."""
    if node.parent_id is None:
        return Agency.objects.filter(parent=node, kind__in=(Kind.KEMENTERIAN, Kind.LEMBAGA, Kind.BUMN))
    return Agency.objects.under(node).exclude(pk=node.pk)


def _carriers(pemda: Agency, day: datetime.date) -> dict[str, list[Agency]]:
    found = areas.with_areas(_within(pemda).active_on(day).exclude(bidang=[]), day)
    carried: dict[str, list[Agency]] = defaultdict(list)
    for office in found.order_by("path_length", "name"):
        for code in office.bidang:
            if not any(office.is_under(other) for other in carried[code]):
                carried[code].append(office)
    return carried


def _by_likeness(found: list[Agency], pemda: Agency) -> dict[str, Agency]:
    alike: dict[str, Agency] = {}
    for office in found:
        for key in _likeness(office, pemda):
            alike.setdefault(key, office)
    return alike


def _likeness(office: Agency, pemda: Agency) -> list[str]:
    """By what an office is known again elsewhere: its row of PP 18/2016, then its name without the place's."""
    name = _words(office.name)
    if pemda.region is not None:
        name = name.replace(_words(pemda.region.name), " ")
    return [
        *([f"urusan {office.urusan}"] if office.urusan and _alone(office) else []),
        f"nama {' '.join(name.split())}",
    ]


def _words(name: str) -> str:
    return f" {re.sub(r'[^a-z0-9]+', ' ', name.casefold()).strip()} "


def _alone(office: Agency) -> bool:
    """Of such a row a district has one office: it has many kecamatan and many parts of the secretariat."""
    return office.urusan not in {"kecamatan", "bagian setda"}
