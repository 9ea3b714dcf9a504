"""The kecamatan of a district, as a map and a table."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from lapor.kit import wording
from routing import public
from routing.open_data import JAKARTA
from routing.views.statistics.asked import DAY, Asked


def places_of(asked: Asked) -> dict[str, Any] | None:
    body = asked.body
    if body.is_country or body.is_province or body.region is None:
        return None
    rows = published(asked)
    if not any(one.count for one in rows):
        return {"rows": [], "map": None}
    top = rows[0].count
    steps = min(top, 5)
    outline = public.outline(body)
    drawn = [
        (one, outline.paths[one.code], f"k{-(-one.count * steps // top)}") for one in rows if one.code in outline.paths
    ]
    words = {"name": rows[0].name, "n": wording.number(top), "all": wording.number(sum(one.count for one in rows))}
    return {
        "rows": [(one, f"{reverse('complaints:list')}?{urlencode({'wilayah': one.code})}") for one in rows],
        "finding": _("Paling banyak di Kecamatan %(name)s: %(n)s dari %(all)s laporan yang terbit.") % words,
        "map": {"width": outline.width, "height": outline.height, "places": drawn} if drawn else None,
        "legend": [(f"k{n}", wording.number(top * n // steps) if n else "0") for n in range(steps + 1)],
        "file": asked.file("kecamatan"),
    }


def published(asked: Asked) -> list[public.Place]:
    begin = datetime.datetime.combine(asked.scope.first, datetime.time(), JAKARTA)
    after = datetime.datetime.combine(asked.scope.last + DAY, datetime.time(), JAKARTA)
    return public.kecamatan(asked.body, begin, after)
