"""Find a place or an office by what somebody types: names in part, abbreviations, the wider place behind a comma."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.db.models import Case, IntegerField, Q, Value, When

from agencies.models import Agency, Level, Region
from agencies.models.agency import PEMDA

LIMIT = 12
FEW = 6
# A wider place is looked up first; its name may stand for many ("sukamaju" exists everywhere).
_WIDER = 60

_LEVELS: dict[str, tuple[Level, ...]] = {
    "prov": (Level.PROVINSI,),
    "provinsi": (Level.PROVINSI,),
    "kab": (Level.KABUPATEN,),
    "kabupaten": (Level.KABUPATEN,),
    "kota": (Level.KOTA,),
    "kec": (Level.KECAMATAN,),
    "kecamatan": (Level.KECAMATAN,),
    "distrik": (Level.KECAMATAN,),
    "kel": (Level.KELURAHAN,),
    "kelurahan": (Level.KELURAHAN,),
    "desa": (Level.DESA,),
    "ds": (Level.DESA,),
    "nagari": (Level.DESA,),
    "kampung": (Level.DESA,),
    "gampong": (Level.DESA,),
}
_SHORT = {
    Level.KECAMATAN: "Kec.",
    Level.KELURAHAN: "Kel.",
    Level.DESA: "Desa",
    Level.PROVINSI: "Prov.",
}


# How provinces and common words are written for short.
_MEANT = {
    "dki": "daerah khusus ibukota",
    "diy": "daerah istimewa yogyakarta",
    "jogja": "yogyakarta",
    "yogya": "yogyakarta",
    "jabar": "jawa barat",
    "jateng": "jawa tengah",
    "jatim": "jawa timur",
    "sumut": "sumatera utara",
    "sumbar": "sumatera barat",
    "sumsel": "sumatera selatan",
    "kepri": "kepulauan riau",
    "babel": "kepulauan bangka belitung",
    "kalbar": "kalimantan barat",
    "kalteng": "kalimantan tengah",
    "kalsel": "kalimantan selatan",
    "kaltim": "kalimantan timur",
    "kaltara": "kalimantan utara",
    "sulut": "sulawesi utara",
    "sulteng": "sulawesi tengah",
    "sulsel": "sulawesi selatan",
    "sultra": "sulawesi tenggara",
    "sulbar": "sulawesi barat",
    "ntb": "nusa tenggara barat",
    "ntt": "nusa tenggara timur",
    "malut": "maluku utara",
    "tj": "tanjung",
    "tg": "tanjung",
    "gn": "gunung",
    "sei": "sungai",
}


@dataclass(frozen=True)
class Part:
    """One place as typed: "kec. seberida" → ("seberida", (KECAMATAN,))."""

    name: str
    levels: tuple[Level, ...]


def plain(text: str) -> str:
    """Lower case letters, digits and single blanks, as `Region.search_name` is written."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9 -]+", " ", ascii_only.replace("'", "")).split())


def read(typed: str) -> list[Part]:
    """The places somebody typed, narrowest first; a comma or a level word ("kec.") begins the next one."""
    parts: list[Part] = []
    for piece in re.split(r"[,;/\n]", typed):
        words: list[str] = []
        levels: tuple[Level, ...] = ()
        for word in plain(piece).split():
            if word in _LEVELS:
                if words:
                    parts.append(Part(" ".join(words), levels))
                words, levels = [], _LEVELS[word]
            else:
                words.append(_MEANT.get(word, word))
        if words:
            parts.append(Part(" ".join(words), levels))
    return parts


def find_places(typed: str, limit: int = LIMIT) -> list[Region]:
    """Places whose name begins so, exact names first, then wider before narrower; a handful of queries.

    Words without a comma are first one name, then a name and a wider place ("pangkalan kasai seberida"), at last words
    inside a name ("kasai", "jakarta selatan").
    """
    parts = read(typed)[:4]
    if not parts:
        return []
    if found := _matching(parts, limit):
        return found
    if len(parts) > 1:
        return _matching(parts, limit, inside=True)
    words = parts[0].name.split()
    for cut in range(len(words) - 1, max(0, len(words) - 4), -1):
        split = [Part(" ".join(words[:cut]), parts[0].levels), Part(" ".join(words[cut:]), ())]
        if found := _matching(split, limit):
            return found
    return _matching(parts, limit, inside=True)


def _matching(parts: Sequence[Part], limit: int, inside: bool = False) -> list[Region]:
    """`inside`: the name may also begin at a later word of the place's name."""
    wanted, wider = parts[0], parts[1:]
    begins = Q(search_name__contains=f" {wanted.name}") if inside else Q(search_name__startswith=wanted.name)
    rows = Region.objects.current().filter(begins)
    if wanted.levels:
        rows = rows.filter(level__in=wanted.levels)
    for part in wider:
        around = Region.objects.current().filter(search_name__startswith=part.name)
        if part.levels:
            around = around.filter(level__in=part.levels)
        codes = list(around.exclude(level__in=(Level.DESA, Level.KELURAHAN)).values_list("pk", flat=True)[:_WIDER])
        if not codes:
            return []
        rows = rows.filter(reduce(or_, (Q(pk__startswith=f"{code}.") for code in codes)))
    exact = Case(When(search_name=wanted.name, then=Value(0)), default=Value(1), output_field=IntegerField())
    width = Case(
        When(level=Level.PROVINSI, then=Value(0)),
        When(level__in=(Level.KABUPATEN, Level.KOTA), then=Value(1)),
        When(level=Level.KECAMATAN, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return list(rows.order_by(exact, width, "pk")[:limit])


def children(region: Region | None) -> list[Region]:
    """The places directly inside one, by name; None: the provinces."""
    rows = Region.objects.current().filter(parent=region)
    return list(rows.order_by("name"))


def short_name(region: Region) -> str:
    """Kel. Pangkalan Kasai · Kec. Seberida · Kab. Indragiri Hulu · Kota Padang · Prov. Riau."""
    if region.level in (Level.KABUPATEN, Level.KOTA):
        return region.name.replace("Kabupaten ", "Kab. ", 1)
    return f"{_SHORT[Level(region.level)]} {region.name}"


def paths(regions: Iterable[Region]) -> dict[str, str]:
    """Each place's whole path by its code, up to the kabupaten/kota; a provinsi stands alone. One query."""
    regions = list(regions)
    known = {region.pk: region for region in regions}
    missing = {code for region in regions for code in region.codes_above} - known.keys()
    if missing:
        known |= Region.objects.in_bulk(missing)
    return {region.pk: _path(region, known) for region in regions}


def _path(region: Region, known: dict[str, Region]) -> str:
    codes = region.codes_above[1:] or region.codes_above
    around = [known[code] for code in reversed(codes) if code in known]
    if region.level in (Level.KABUPATEN, Level.KOTA) and region.codes_above[0] in known:
        around.append(known[region.codes_above[0]])
    return ", ".join(short_name(place) for place in around)


def path(region: Region) -> str:
    return paths([region])[region.pk]


def find_offices(typed: str, near: Region | None, today: datetime.date, limit: int = FEW) -> list[Agency]:
    """Offices by name, short name or alias: those of the place and the national ones, else those of other places.
    The centre itself is nobody's office."""
    words = plain(typed).split()
    if not words:
        return []
    said = " ".join(words)
    rows = Agency.objects.active_on(today).exclude(parent__isnull=True)
    # A word counts from its beginning: "pu" is not in "perempuan".
    by_words = reduce(and_, (Q(name__iregex=rf"\m{re.escape(word)}") for word in words))
    inside = Q(short_name__icontains=said) if len(said) > 2 else Q(short_name__istartswith=said)
    named = by_words | inside | Q(aliases__iregex=rf"\m{re.escape(said)}")
    around = Q(pk__in=[])
    if near is not None:
        around = Q(region_id__in=near.codes_above)
    rank = Case(
        When(around & (Q(name__iexact=typed.strip()) | Q(short_name__iexact=typed.strip())), then=Value(0)),
        When(around, then=Value(1)),
        When(region__isnull=True, then=Value(2)),
        When(kind__in=PEMDA, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    found = rows.filter(named).select_related("parent").order_by(rank, "path_length", "name")
    return list(found.filter(around | Q(region__isnull=True))[:limit]) or list(found[:limit])


def office_line(agency: Agency) -> str:
    """An office with the pemda it belongs to: "Dinas PUPR, Kab. Indragiri Hulu"."""
    parent = agency.parent
    if parent is None or parent.parent_id is None:
        return agency.name
    return f"{agency.name}, {parent.short_name or parent.name}"
