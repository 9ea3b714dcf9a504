"""Finding an office by typing: what the office picker of every act offers, and why an office is offered."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.models.agency import AgencyQuerySet
from complaints.models import Complaint
from routing.models import Disposition, Suggestion

SHOWN = 12


@dataclass(frozen=True)
class Offer:
    """One radio button: the office, and a sentence under it."""

    agency: Agency
    hint: str


def search(among: AgencyQuerySet, typed: str, day: datetime.date, near: str = "") -> list[Offer]:
    """Offices whose name, short name or alias holds every word typed; names that begin with it first. Two statements.

    Ended and unstaffed ones are shown as such: whoever looks for them learns why they can't be chosen. `near`: the
    region code of where one asks; every district has a Dinas Kesehatan, and the own one is meant.
    """
    words = typed.replace("\x00", "").split()[:6]
    if not words:
        return []
    found = among
    for word in words:
        found = found.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(aliases__icontains=word)
            | Q(parent__name__icontains=word)
            | Q(parent__short_name__icontains=word)
        )
    first = " ".join(words)
    rank = Case(
        When(Q(short_name__istartswith=first) | Q(name__istartswith=first), then=Value(0)),
        When(name__icontains=first, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = list(
        found.select_related("parent", "succeeded_by").order_by(
            *([_nearness(near)] if near else []), rank, "path_length", "name"
        )[:SHOWN]
    )
    return describe(rows, day)


def _nearness(code: str) -> Case:
    """The own district (or province), the province around it, what is national, the rest of the province, elsewhere."""
    home, province = ".".join(code.split(".")[:2]), code.split(".")[0]
    own = Q(region_id=home)
    if home != province:
        own |= Q(region__code__startswith=f"{home}.")
    return Case(
        When(own, then=Value(0)),
        When(region_id=province, then=Value(1)),
        When(region_id__isnull=True, then=Value(2)),
        When(region__code__startswith=f"{province}.", then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )


def describe(agencies: list[Agency], day: datetime.date) -> list[Offer]:
    """Each with what one must know before choosing it: whose it is, or why it can't take a case. One statement."""
    staffed = set(
        Agency.objects.filter(pk__in=[a.pk for a in agencies])
        .active_on(day)
        .staffed_on(day)
        .values_list("pk", flat=True)
    )
    return [Offer(agency, _hint(agency, day, agency.pk in staffed)) for agency in agencies]


def _hint(agency: Agency, day: datetime.date, staffed: bool) -> str:
    if not agency.is_active_on(day):
        if agency.succeeded_by is not None:
            return _("Sudah berakhir. Penerusnya: %(successor)s.") % {"successor": agency.succeeded_by.name}
        return _("Sudah berakhir.")
    parent = agency.parent.shown_name if agency.parent is not None and agency.parent.parent_id is not None else ""
    if not staffed:
        return _("%(parent)s · belum ada petugas") % {"parent": parent} if parent else _("Belum ada petugas.")
    return parent


def suggested(complaint: Complaint, among: AgencyQuerySet, day: datetime.date, *, guessed: bool = True) -> list[Offer]:
    """What the worker guessed and left to a person, best first, each with its reason; then what an office that refused
    the case named. Three statements. `guessed`: False for whoever may not read the story, or not yet: it is quoted."""
    reasons: dict[int, str] = {}
    if guessed:
        guesses = Suggestion.objects.filter(complaint=complaint).exclude(agency=complaint.handler)
        for guess in guesses.order_by("-made_at", "rank").only("agency_id", "reason", "because")[:3]:
            reasons.setdefault(guess.agency_id, guess.why)
    refused = Disposition.objects.filter(complaint=complaint, proposed__isnull=False).select_related("agency")
    for stint in refused.order_by("-pk")[:2]:
        if stint.proposed_id is not None:
            reasons.setdefault(
                stint.proposed_id, _("Disebut %(office)s waktu mengembalikan.") % {"office": stint.agency.shown_name}
            )
    if not reasons:
        return []
    agencies = {a.pk: a for a in among.filter(pk__in=reasons).select_related("parent", "succeeded_by")}
    offers = describe([agencies[pk] for pk in reasons if pk in agencies], day)
    return [Offer(o.agency, _two(o.hint, reasons[o.agency.pk])) for o in offers]


def _two(first: str, second: str) -> str:
    """Two sentences under one office; either may be empty."""
    return " ".join(part if part.endswith((".", "?")) else f"{part}." for part in (first, second) if part)
