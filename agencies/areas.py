"""Which places an office serves where they are not its own, and which branch of a body a place belongs to."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, IntegerField, OuterRef, Subquery, When
from django.db.models.functions import Coalesce, Length
from django.utils.translation import gettext as _

from agencies.members import Refused
from agencies.models import Agency, AgencyQuerySet, Area, Kind, Level, Membership, Region
from agencies.models.agency import OFFICERS, PEMDA

# Bodies of the centre, whose branches each serve an area of their own.
VERTICAL = (Kind.KEMENTERIAN, Kind.LEMBAGA, Kind.BUMN, Kind.PTN)
MOST = 200
_CODE = re.compile(r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?(?=\s|$)")


def of(agency: Agency, day: datetime.date) -> list[Region]:
    """The regions it serves by a row of its own, by code. One statement."""
    return [row.region for row in agency.areas.active_on(day).select_related("region").order_by("region")]


def with_areas(offices: AgencyQuerySet, day: datetime.date) -> AgencyQuerySet:
    """Each with `area_codes`, which `territory` reads; no statement more."""
    rows = Area.objects.active_on(day).filter(agency=OuterRef("pk")).order_by("region").values("region_id")
    return offices.annotate(area_codes=ArraySubquery(rows))


def territory(office: Agency) -> frozenset[str]:
    """Codes of what it serves: its areas, else its own place. Empty: not bound to a place. Of `with_areas`."""
    codes: list[str] = getattr(office, "area_codes", None) or ([office.region_id] if office.region_id else [])
    return frozenset(codes)


def reach(office: Agency, around: Iterable[str]) -> int | None:
    """How narrowly it serves a place whose codes these are (own and all around it): the longer the narrower. 0: it is
    bound to no place. None: it serves others."""
    codes = territory(office)
    return max((len(code) for code in codes if code in around), default=None) if codes else 0


def branches_at(body: Agency, place: Region, day: datetime.date) -> list[Agency]:
    """What lies below the body and serves this place, the narrowest first, each with `reach` and `manned` (somebody
    may act there). One statement."""
    codes = place.codes_above
    rows = Area.objects.active_on(day).filter(agency=OuterRef("pk"))
    narrowest = rows.filter(region_id__in=codes).annotate(width=Length("region_id")).order_by("-width")
    own_place = Case(
        When(Exists(rows), then=None),
        When(region_id__in=codes, then=Length("region_id")),
        output_field=IntegerField(null=True),
    )
    officers = Membership.objects.current(day).filter(agency=OuterRef("pk"), role__in=OFFICERS)
    found = (
        Agency.objects.under(body)
        .exclude(pk=body.pk)
        .active_on(day)
        .annotate(reach=Coalesce(Subquery(narrowest.values("width")[:1]), own_place, output_field=IntegerField()))
        .filter(reach__isnull=False)
        .annotate(manned=Exists(officers))
    )
    return list(found.order_by("-reach", "path_length", "name"))


def read(lines: Iterable[str], within: Region | None) -> list[Region]:
    """Regions by code, or by the name of a provinsi, kabupaten or kota, one a line; each once. `within`: none lies
    elsewhere. Raises Refused("…", "areas")."""
    wanted = [" ".join(line.replace("\x00", "").split()) for line in lines]
    if len(wanted) > MOST:
        raise Refused(_("Paling banyak %(most)d wilayah.") % {"most": MOST}, "areas")
    codes = {line: found[0] for line in wanted if (found := _CODE.match(line))}
    names = {line.casefold() for line in wanted if line not in codes}
    by_code = Region.objects.current().in_bulk(list(codes.values()))
    by_name: dict[str, list[Region]] = {}
    wide = Region.objects.current().filter(level__in=(Level.PROVINSI, Level.KABUPATEN, Level.KOTA))
    for region in wide.annotate(lower=models.functions.Lower("name")).filter(lower__in=names) if names else []:
        by_name.setdefault(region.name.casefold(), []).append(region)
    regions: dict[str, Region] = {}
    for line in wanted:
        if line in codes:
            found_here = [by_code[codes[line]]] if codes[line] in by_code else []
        else:
            found_here = by_name.get(line.casefold(), [])
        if len(found_here) != 1:
            raise Refused(
                _("“%(line)s” tidak dikenali. Tulis kode wilayah (14.02) atau nama lengkap (Kabupaten Indragiri Hulu).")
                % {"line": line},
                "areas",
            )
        region = found_here[0]
        if within is not None and within.pk not in region.codes_above:
            raise Refused(_("%(place)s di luar %(within)s.") % {"place": region.name, "within": within.name}, "areas")
        regions[region.pk] = region
    return list(regions.values())


def bound_of(agency: Agency) -> Region | None:
    """Within which region its areas must lie: that of its pemda; None: anywhere (a body of the centre)."""
    above = Agency.objects.filter(pk__in=[*agency.ids_above, agency.pk], kind__in=PEMDA).select_related("region")
    pemda = above.order_by("-path_length").first()
    return pemda.region if pemda is not None else None


def write(agency: Agency, regions: Iterable[Region], day: datetime.date) -> None:
    """From this day on it serves these by rows of its own and no others; inside the caller's transaction."""
    wanted = {region.pk: region for region in regions}
    lasting = agency.areas.filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=day))
    for row in lasting.select_for_update():
        if row.region_id in wanted and row.ends_on is None:
            del wanted[row.region_id]
        elif row.region_id not in wanted:
            row.ends_on = max(day, row.starts_on)
            row.save(update_fields=["ends_on"])
    Area.objects.bulk_create([Area(agency=agency, region=region, starts_on=day) for region in wanted.values()])


def shared_with(agency: Agency, day: datetime.date) -> list[Agency]:
    """Siblings that serve one of its very regions too: of such a place neither is sure. One statement."""
    mine = [region.pk for region in of(agency, day)]
    if not mine or agency.parent_id is None:
        return []
    theirs = Area.objects.active_on(day).filter(region__in=mine)
    siblings = Agency.objects.active_on(day).filter(parent=agency.parent_id, areas__in=theirs)
    return list(siblings.exclude(pk=agency.pk).distinct().order_by("name"))
