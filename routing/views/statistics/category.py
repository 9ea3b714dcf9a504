"""The page of one category, of what may be told of it: quarters that are over, in agencies that had five or more."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import subsites
from agencies.models import Agency
from complaints import cards, search
from complaints.models import Category
from complaints.views.browse import keep_briefly
from lapor.kit import wording
from routing import public
from routing.figures import first_of
from routing.measures import counting, splits
from routing.measures.splits import CategoryScope, OfCategory
from routing.models import Counted
from routing.public import ENOUGH, JUDGED, Month, Row
from routing.views.statistics.asked import (
    Asked,
    asked_of,
    choices,
    filter_of,
    here,
    name_of,
    period_words,
    presets,
    whose,
)
from routing.views.statistics.contents import quarters_words
from routing.views.statistics.months import drawn
from routing.views.statistics.whole import CODES_OF_CATEGORY, lines, say

# Agencies in the table, and published reports beneath it.
SHOWN, NEWEST = 20, 5


@require_safe
def category(request: HttpRequest, pk: int) -> HttpResponse:
    """A category of the first level; of one below it the page of the one above, for finer is not told."""
    about = get_object_or_404(Category, pk=pk)
    if about.parent_id is not None:
        query = request.GET.urlencode()
        return redirect(reverse("routing:statistics_category", args=[about.parent_id]) + (f"?{query}" if query else ""))
    asked = asked_of(request, here(request, public.country()), about)
    told, counted = told_of(asked), Counted.objects.first()
    context: dict[str, Any] = {
        "category": about,
        "title": _("Seberapa cepat laporan tentang %(category)s dijawab?") % {"category": about.name},
        "below": list(about.children.values_list("name", flat=True)),
        "crumbs": [(_("Indonesia") if asked.body.is_country else name_of(asked.body), asked.page(whose(asked.body)))],
        "period": period_words(asked.scope),
        "presets": presets(asked),
        "choices": choices(asked),
        "first": f"{asked.scope.first:%Y-%m}",
        "last": f"{asked.scope.last:%Y-%m}",
        "counted_at": counted.counted_at if counted else None,
        "words": quarters_words(told.wanted),
        "received": told.scope.sums["received"],
        "say": say(asked.body, told.scope),
        "lines": lines(told.scope, CODES_OF_CATEGORY),
        "trend": _trend(told),
        "answering": _answering(told) if asked.body.is_country else None,
        "newest": _newest(request, about),
        "links": _links(asked),
        "feed": reverse("complaints:feed") + _query(asked),
        "file": asked.file("angka"),
        "file_of_quarters": asked.file("triwulan"),
        "file_of_agencies": asked.file("bagian"),
        "enough": ENOUGH,
    }
    return keep_briefly(request, render(request, "routing/statistics_category.html", context))


@dataclass(frozen=True)
class Told:
    """`wanted`: the finished quarters of the period; `shown`: those of the drawing, oldest first."""

    wanted: list[datetime.date]
    shown: list[datetime.date]
    of: OfCategory
    scope: CategoryScope


def told_of(asked: Asked) -> Told:
    """Three statements."""
    assert asked.about is not None
    scope, body = asked.scope, asked.body
    wanted = splits.quarters(scope.first, scope.last, asked.today)
    shown = splits.quarters(first_of(asked.today, public.TREND + 2), asked.today, asked.today)[-public.TREND // 3 :]
    found = splits.of_category(asked.about.pk, None if body.is_country else body.tops, wanted, shown)
    return Told(wanted, shown, found, CategoryScope(body.agency, scope.first, scope.last, told=found.whole))


# --- Over time ---


def quarter_name(quarter: datetime.date) -> str:
    return _("Triwulan %(quarter)s %(year)s") % {"quarter": (quarter.month + 2) // 3, "year": quarter.year}


def quarters_of(told: Told) -> list[Month]:
    nothing = dict.fromkeys(counting.CODES, 0)
    found = [(quarter, told.of.quarters.get(quarter, nothing)) for quarter in told.shown]
    return [Month(quarter, *(sums[code] for code in ("received", *JUDGED))) for quarter, sums in found]


def _trend(told: Told) -> dict[str, Any] | None:
    quarters = quarters_of(told)
    if not any(one.received for one in quarters):
        return None
    return drawn(quarters, quarter_name) | {
        "finding": _finding(quarters),
        "rows": [(quarter_name(one.first), one) for one in reversed(quarters)],
    }


def _finding(quarters: list[Month]) -> str:
    """The last quarter against the same one a year before, where both are enough; else when it was most."""
    now, before = quarters[-1], quarters[-5] if len(quarters) > 4 else None
    if before is not None and now.judged >= ENOUGH and before.judged >= ENOUGH:
        shares = [round(100 * one.in_time / one.judged) for one in (now, before)]
        words = {"quarter": quarter_name(now.first), "now": shares[0], "before": shares[1]}
        if shares[0] > shares[1]:
            return (
                _("%(quarter)s: %(now)s dari 100 dijawab tepat waktu, naik dari %(before)s setahun sebelumnya.") % words
            )
        if shares[0] < shares[1]:
            return (
                _("%(quarter)s: %(now)s dari 100 dijawab tepat waktu, turun dari %(before)s setahun sebelumnya.")
                % words
            )
        return _("%(quarter)s: %(now)s dari 100 dijawab tepat waktu, sama dengan setahun sebelumnya.") % words
    most = max(quarters, key=lambda one: one.received)
    return _("Paling banyak diterima dalam %(quarter)s: %(n)s laporan.") % {
        "quarter": quarter_name(most.first),
        "n": wording.number(most.received),
    }


# --- Who answers it ---


def rows_of(told: Told, most: int | None = None) -> list[Row]:
    """Agencies, those that received most of it first. One statement, none for none."""
    nodes = list(told.of.agencies)[:most]
    names = dict(Agency.objects.filter(pk__in=nodes).values_list("pk", "name")) if nodes else {}
    found = [(pk, told.of.agencies[pk]) for pk in nodes if pk in names]
    return [Row(str(pk), names[pk], ("instansi", str(pk)), sums) for pk, sums in found]


def _answering(told: Told) -> dict[str, Any] | None:
    rows = rows_of(told, SHOWN)
    if not rows:
        return None
    first, whole = rows[0], told.scope.sums["received"]
    return {
        "rows": rows,
        "more": len(told.of.agencies) - len(rows),
        "finding": _("Paling banyak ditangani %(name)s: %(n)s dari %(all)s laporan.")
        % {"name": first.name, "n": wording.number(first.received), "all": wording.number(whole)},
    }


# --- What is published, and where it goes on ---


def _newest(request: HttpRequest, about: Category) -> list[dict[str, Any]]:
    """As the public list begins. Seven statements at most."""
    site = subsites.of(request)
    found = search.published(search.Wanted(category=about, within=site.agency if site else None))
    rows = found.select_related("complaint__handler").only(*search.SHOWN).order_by("-published_at", "-pk")
    return cards.cards(list(rows[:NEWEST]))


def _query(asked: Asked) -> str:
    assert asked.about is not None
    return f"?{urlencode({**filter_of(asked.body), 'kategori': str(asked.about.pk)})}"


def _links(asked: Asked) -> list[tuple[str, str]]:
    query = _query(asked)
    return [
        (_("Baca laporannya"), reverse("complaints:list") + query),
        (_("Laporan baru di pembaca kabar (Atom)"), reverse("complaints:feed") + query),
        (_("Kabari saya lewat email"), reverse("complaints:alerts") + query),
        (_("Semua statistik"), asked.page(whose(asked.body))),
    ]


def top_categories(today: datetime.date) -> list[tuple[str, str]]:
    """Each category in force with its page. One statement."""
    found = Category.objects.on(today).top().values_list("name", "pk")
    return [(name, reverse("routing:statistics_category", args=[pk])) for name, pk in found]
