"""Which office a written name means: only a name that exactly one staffed office has is sure."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator

from agencies.finding import plain
from agencies.models import Agency
from agencies.models.agency import PEMDA, Kind

_SHORT = {"kab": "kabupaten", "prov": "provinsi", "kec": "kecamatan"}


def said(name: str) -> str:
    """As names are compared: "DINAS P.U. Kab. Sukamaju" → "dinas p u kabupaten sukamaju"."""
    return " ".join(_SHORT.get(word, word) for word in re.split(r"[\s-]+", plain(name)) if word)


class Offices:
    """All staffed offices by every name they go by, alone and with their district behind it. Two statements."""

    def __init__(self, today: datetime.date) -> None:
        agencies = {agency.pk: agency for agency in Agency.objects.active_on(today).select_related("region")}
        staffed = set(Agency.objects.active_on(today).staffed_on(today).values_list("pk", flat=True))
        self._named: dict[str, set[int]] = defaultdict(set)
        self._agencies = agencies
        for agency in agencies.values():
            if agency.pk in staffed and agency.parent_id is not None:
                for name in _names(agency, agencies):
                    self._named[said(name)].add(agency.pk)

    def named(self, name: str) -> Agency | None:
        """The one staffed office of this name; None: there is none, or more than one."""
        found = self._named.get(said(name), set())
        return self._agencies[next(iter(found))] if len(found) == 1 else None


class Exact:
    """Agencies as an export names them, ended ones too: the name, the one below the centre they belong to, and our own
    id where two of one name lie below it."""

    def __init__(self) -> None:
        self._agencies = {agency.pk: agency for agency in Agency.objects.select_related("region")}
        self._named: dict[tuple[str, str], list[Agency]] = defaultdict(list)
        for agency in self._agencies.values():
            above = [*agency.ids_above, agency.pk]
            top = self._agencies[above[1] if len(above) > 1 else above[0]]
            for name in {said(agency.name), *((said(agency.short_name),) if agency.short_name else ())}:
                for whose in {said(top.name), ""}:
                    self._named[name, whose].append(agency)

    def named(self, name: str, above: str, pk: str) -> Agency | None:
        """The one agency that is meant; None: there is none, or nobody can tell which."""
        found = self._named.get((said(name), said(above)), [])
        return next((one for one in found if str(one.pk) == pk), found[0] if len(found) == 1 else None)


def _names(agency: Agency, agencies: dict[int, Agency]) -> Iterator[str]:
    pemda = next(
        (agencies[pk] for pk in reversed(agency.ids_above) if pk in agencies and agencies[pk].kind in PEMDA), None
    )
    places = list(_places(pemda)) if pemda is not None else []
    for name in (agency.name, agency.short_name, *agency.aliases):
        if said(name):
            yield name
            yield from (f"{name} {place}" for place in places)


def _places(pemda: Agency) -> Iterator[str]:
    if pemda.region is None:
        return
    yield pemda.region.name
    if pemda.kind == Kind.PROVINSI:
        yield f"Provinsi {pemda.region.name}"
