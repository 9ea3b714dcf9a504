"""Where a case lies whose reporter chose no place: from its point, and from the places its text names.

Only a worker asks: borders and names are read into its memory at the first question (ADR 0020). What is read is kept
beside what the reporter chose and never in its place (ADR 0055); the place of a report is the reporter's to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import Agency, Level, Region
from agencies.models.agency import PEMDA
from complaints.because import NOTHING, Because, because
from complaints.models import Complaint

# Of 119 reports of 2017 that named their place so plainly, 116 were given to that pemda (bench/places.py).
SURE = 0.9
# Less plainly said than LIKELY is not even suggested; what a name might mean as well is suggested behind it.
LIKELY, AS_WELL = 0.5, 0.3
_KABKOTA = 5


@dataclass(frozen=True)
class Clue:
    """What a point or a text tells: a code, how surely (0 to 1), and the words of the text, none for a point."""

    code: str
    certainty: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What was read. `region`: surely there; None: not sure, then `clues` name kabupaten/kota, the likeliest first.

    `why` names nothing narrower than the kabupaten/kota: it is read by whoever sees the timeline.
    """

    region: Region | None
    clues: tuple[Clue, ...]
    why: Because = NOTHING


def must_be_read(complaint: Complaint, named: Agency | None) -> bool:
    """The reporter named no office but perhaps a pemda, and no place, or nothing narrower than a provinsi."""
    if named is not None and named.parent_id is not None and named.kind not in PEMDA:
        return False
    return complaint.place is None or complaint.place.level == Level.PROVINSI


def read(complaint: Complaint, named: Agency | None = None) -> Reading | None:
    """None: neither point nor text tells. `named`: the pemda it is addressed to; what lies elsewhere is not believed.

    A point and a text that are both sure and disagree make nobody sure: a phone is where its owner is, a text tells of
    where it happened, or the other way round.
    """
    around = _around(complaint, named)
    clues = [
        clue
        for clue in (*_of_point(complaint), *_of_text(complaint, around))
        if all(_agree(clue.code, code) for code in around)
    ]
    sure = [clue for clue in clues if clue.certainty >= SURE]
    if sure and all(_agree(sure[0].code, clue.code) for clue in sure):
        narrowest = max(sure, key=lambda clue: len(clue.code))
        known = _known(narrowest.code)
        if known:
            return Reading(max(known, key=lambda region: len(region.pk)), (narrowest,), _why(known, narrowest))
    likely = sorted(
        {clue.code[:_KABKOTA]: clue for clue in clues if len(clue.code) >= _KABKOTA}.values(),
        key=lambda clue: -clue.certainty,
    )
    return Reading(None, tuple(likely)) if likely and likely[0].certainty >= LIKELY else None


def _of_point(complaint: Complaint) -> list[Clue]:
    if complaint.latitude is None or complaint.longitude is None:
        return []
    from routing.places import points

    spot = points.shipped().at(complaint.latitude, complaint.longitude)
    if spot is None:
        return []
    return [Clue(spot.sure, 1.0)] if spot.sure else [Clue(spot.regency, LIKELY)]


def _of_text(complaint: Complaint, around: list[str]) -> list[Clue]:
    from routing.places import naming

    named = naming.find("\n".join((complaint.title, complaint.body, complaint.landmark)), around)
    if named is None:
        return []
    words = tuple(span.text for span in named.spans)
    code = named.narrow if named.narrow_certainty >= SURE else named.code
    return [Clue(code, named.certainty, words), *(Clue(other, AS_WELL, words) for other in named.others)]


def _around(complaint: Complaint, named: Agency | None) -> list[str]:
    """Codes around the place, whatever is read: what was chosen, what was addressed, whose site it was filed on."""
    pemda = named if named is not None and named.kind in PEMDA else None
    site = complaint.subsite.agency if complaint.subsite is not None else None
    codes = (complaint.place_id, pemda and pemda.region_id, site and site.region_id)
    return list(dict.fromkeys(code for code in codes if code))


def _agree(one: str, other: str) -> bool:
    """The one lies in the other, or is it."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _known(code: str) -> list[Region]:
    """The region of this code and those around it, as far as the list still has them. One statement."""
    parts = code.split(".")
    return list(Region.objects.current().filter(pk__in=[".".join(parts[: n + 1]) for n in range(len(parts))]))


def _why(known: list[Region], clue: Clue) -> Because:
    wide = [region for region in known if len(region.pk) <= _KABKOTA]
    place = max(wide, key=lambda region: len(region.pk)).name if wide else ""
    return because("place_named" if clue.words else "point", place=place)
