"""How a district begins: the usual offices of PP 18/2016 (as changed by PP 72/2019), laid under a pemda in one act.

Each field of work (bidang) is carried by exactly one office of the set, so that field and place together point to one
office. What is laid can be renamed, merged and ended afterwards; laying it again adds only what is missing.
"""

from __future__ import annotations

import csv
from functools import cache

from django.db import transaction

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Kind, Level, Region
from agencies.models.agency import PEMDA

from . import DATA
from .wilayah import WIT

# Provinces of Papua, where a kecamatan is a distrik (UU 21/2001). Maluku keeps kecamatan.
_DISTRIK = WIT - {"81", "82"}


class NotAPemda(ValueError):
    """The starter set is laid under a province, kabupaten or kota."""


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (DATA / "agencies" / "starter_set.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def lay_starter_set(pemda: Agency, by: Actor) -> list[Agency]:
    """Plant what is missing below this pemda and return it; its Kominfo becomes the seat of its coordinators.

    An office counts as present when one with its name or its urusan exists there, ended or not: whoever ended or
    renamed one meant it. Raises NotAPemda.
    """
    if pemda.kind not in PEMDA or pemda.region is None:
        raise NotAPemda(pemda.name)
    level = "provinsi" if pemda.kind == Kind.PROVINSI else "kabkota"
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=pemda.pk)
        present = list(Agency.objects.under(pemda).exclude(pk=pemda.pk))
        names = {agency.name.casefold() for agency in present}
        by_urusan = {agency.urusan: agency for agency in present if agency.urusan and agency.ends_on is None}
        urusan = {agency.urusan for agency in present}
        served = {agency.region_id for agency in present if agency.urusan == "kecamatan"}
        # A field that an office here already answers for is not given to a second.
        taken = {code for agency in present if agency.ends_on is None for code in agency.bidang}
        planted: list[Agency] = []
        for row in _rows():
            if row["level"] not in (level, "both") or row["name"].casefold() in names:
                continue
            if row["urusan"] in urusan and row["urusan"] != "bagian setda":
                continue
            office = Agency(
                name=row["name"],
                short_name=row["short_name"],
                aliases=[alias for alias in row["aliases"].split(";") if alias],
                kind=row["kind"],
                parent=by_urusan.get(row["below"], pemda),
                region=pemda.region,
                bidang=[code for code in [row["bidang"]] if code and code not in taken],
                urusan=row["urusan"],
            )
            if row["urusan"] != "bagian setda":
                by_urusan[row["urusan"]] = office
            planted.append(office)
        if level == "kabkota":
            planted += [
                kecamatan_office(pemda, region)
                for region in Region.objects.current().filter(parent=pemda.region, level=Level.KECAMATAN)
                if region.pk not in served
            ]
        Agency.objects.plant(planted)
        kominfo = by_urusan.get("komunikasi dan informatika")
        if pemda.coordinators_at_id is None and kominfo is not None:
            pemda.coordinators_at = kominfo
            pemda.save(update_fields=["coordinators_at"])
        if planted:
            AuditEntry.objects.create(
                who=by.user,
                acting_as=by.agency,
                what="lay_starter_set",
                subject_kind="agency",
                subject_id=pemda.pk,
                after={"added": [agency.name for agency in planted]},
            )
    return planted


def kecamatan_office(pemda: Agency, region: Region) -> Agency:
    """The unsaved office of one kecamatan; in Papua it is called distrik."""
    word = "Distrik" if region.code[:2] in _DISTRIK else "Kecamatan"
    return Agency(
        name=f"{word} {region.name}",
        aliases=[f"Camat {region.name}", f"Kantor {word} {region.name}"],
        kind=Kind.OPD,
        parent=pemda,
        region=region,
        bidang=["kecamatan_kelurahan"],
        urusan="kecamatan",
    )
