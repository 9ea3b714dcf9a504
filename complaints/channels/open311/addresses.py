"""Which place an address means, as far as it surely does: "Jl. Melati 5, Sukasari, Kec. Mekarsari, Kab. Sukamaju".

Streets and numbers name no place of the list. A name counts only where it is exactly that of one place; one that stands
alone, with no wider place behind it, only where it is a kabupaten, kota or provinsi, or lies in the district asked for.
"""

from __future__ import annotations

import re

from agencies import finding
from agencies.models import Level, Region

_STREET = re.compile(
    r"\b(?:jl|jln|jalan|gg|gang|lorong|no|nomor|rt|rw|blok|komplek|perumahan|dusun)\b|\d", re.IGNORECASE
)
_WIDE = (Level.KABUPATEN, Level.KOTA, Level.PROVINSI)
# Parts that are tried, from the narrowest on.
_TRIED = 5
LONGEST = 200


def place_of(address: str, within: Region | None) -> Region | None:
    """`within`: the territory the report is for. At most some fifteen statements, mostly two."""
    pieces = [piece for part in address[:LONGEST].split(",") if (piece := part.strip()) and not _STREET.search(piece)]
    for first in range(min(len(pieces), _TRIED)):
        found = _exactly(", ".join(pieces[first:]), within)
        if found is not None and (len(pieces) - first > 1 or within is not None or found.level in _WIDE):
            return found
    return None


def _exactly(written: str, within: Region | None) -> Region | None:
    """The widest place of just this name, if there is one alone."""
    parts = finding.read(written)
    if not parts:
        return None
    exact = [region for region in finding.find_places(written) if region.search_name == parts[0].name]
    if within is not None:
        exact = [region for region in exact if region.pk.startswith(within.pk)]
    widest = min((len(region.pk) for region in exact), default=0)
    found = [region for region in exact if len(region.pk) == widest]
    return found[0] if len(found) == 1 else None
