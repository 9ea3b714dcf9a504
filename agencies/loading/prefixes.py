"""Prefixes to begin with: those known by heart ("INHU", "Kumham"), and for every government and central office one made
of its name ("KAB. NGANJUK", "Kemenkes"). Coordinators add and end them afterwards; what was ended is not laid again.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Kind, Prefix
from agencies.models.agency import PEMDA
from agencies.prefix_book import EVERYDAY, LONGEST, RESERVED, normal
from agencies.prefixes import SHORTEST

from . import DATA

_CENTRAL = (Kind.KEMENTERIAN, Kind.LEMBAGA, Kind.BUMN)
_BEFORE = {Kind.PROVINSI: "PROV.", Kind.KABUPATEN: "KAB.", Kind.KOTA: "KOTA"}


@transaction.atomic
def load_prefixes(by: Actor, *, today: datetime.date | None = None) -> list[str]:
    """Lay what is missing; the texts that are new. What stands for another office already stays with it."""
    today = today or timezone.localdate()
    known = set(Prefix.objects.values_list("normal", flat=True))
    rows: list[Prefix] = []
    for text, agency in _wanted(today):
        read = normal(text)
        if read in known or not SHORTEST <= len(read) <= LONGEST or read in EVERYDAY or read in RESERVED:
            continue
        known.add(read)
        rows.append(Prefix(agency=agency, text=text, normal=read, starts_on=today))
    Prefix.objects.bulk_create(rows)
    added = [row.text for row in rows]
    if added:
        AuditEntry.objects.create(
            who=by.user,
            acting_as=by.agency,
            what="load_prefixes",
            subject_kind="agency",
            after={"added": added[:1000]},
        )
    return added


def _wanted(today: datetime.date) -> Iterator[tuple[str, Agency]]:
    """The listed ones first: where two offices would be read the same, they have it."""
    below_root = Agency.objects.active_on(today).filter(parent__parent__isnull=True, parent__isnull=False)
    by_name = {agency.name: agency for agency in below_root.select_related("region").order_by("pk")}
    with (DATA / "agencies" / "prefixes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["office"] in by_name:
                yield row["text"], by_name[row["office"]]
    for agency in by_name.values():
        if agency.kind in PEMDA:
            yield f"{_BEFORE[Kind(agency.kind)]} {_name_of(agency).upper()}", agency
        elif agency.kind in _CENTRAL and agency.short_name:
            yield agency.short_name, agency


def _name_of(pemda: Agency) -> str:
    """ "Pemerintah Kabupaten Administrasi Kepulauan Seribu" → "Kepulauan Seribu"."""
    name = pemda.name
    for before in ("Pemerintah ", "Provinsi ", "Kabupaten ", "Kota ", "Administrasi "):
        name = name.removeprefix(before)
    return name
