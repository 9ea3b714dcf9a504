"""What whoever watches over a priority programme is told on Monday: how its last week went, against the one before. A
weekly letter (`routing.weekly`) for the observers of one programme and for the national seat, which has them all.

Counted as they may list (`programmes.gathered`): a secret case is in no figure. By name stands only what everybody can
read: the public copy.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.actor import Actor
from agencies.models import Agency, Level, Membership, Programme, Region, Role
from agencies.models.people import MembershipQuerySet
from complaints.models import Clock, ClockKind, Complaint, Message, Tag
from complaints.models.visibility import seen_by
from complaints.notifications.letters import Bold, Button, Item, Letter, Line, Section, line
from complaints.notifications.to_officers import greeting
from complaints.transitions import OFFICES_TURN, OPEN
from lapor.kit import wording
from routing import programmes, standing, weekly
from routing.models import Standing
from routing.oversight import today_at
from routing.programme_sums import day_begins
from routing.programmes import PROVINCE

CODE = "officer_programmes"
# Provinces of each programme, cases and offices that are named; how many more there are is said.
PROVINCES, CASES, NAMES = 5, 3, 5
_WEEK, _DAY = datetime.timedelta(days=7), datetime.timedelta(days=1)


@dataclass
class Figures:
    """Cases in the week, in the one before (`_before`), and now. `received`: gathered by the programme; `answered`: an
    office's answer went out; `missed`: a promise of the state passed unkept."""

    received: int = 0
    received_before: int = 0
    answered: int = 0
    answered_before: int = 0
    missed: int = 0
    missed_before: int = 0
    open: int = 0
    late: int = 0

    def add(self, other: Figures) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def is_quiet(self) -> bool:
        """Nothing came, nothing went, nothing is late."""
        return not (self.received or self.answered or self.missed or self.late)


@dataclass
class Progress:
    """One programme, and its provinces by code ("": no place is known)."""

    programme: Programme
    whole: Figures = field(default_factory=Figures)
    provinces: dict[str, Figures] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """What the letter says. `oldest`: late cases with a public copy; `silent`: offices that hold a case of these
    programmes and whose desk nobody opens."""

    progress: Sequence[Progress]
    names: dict[str, str]
    oldest: Sequence[Complaint] = field(default_factory=tuple)
    silent: Sequence[str] = field(default_factory=tuple)

    @property
    def is_empty(self) -> bool:
        return not self.silent and all(one.whole.is_quiet for one in self.progress)


def of_programmes(seats: MembershipQuerySet) -> MembershipQuerySet:
    """Observers of a programme, and the national seat where there is one to tell of."""
    watching = Q(role=Role.OBSERVER, programme__isnull=False)
    if Programme.objects.exists():
        watching |= Q(role=Role.NATIONAL)
    return seats.filter(watching)


def look(seat: Membership, week: datetime.date, now: datetime.datetime | None = None) -> Look:
    """The seven days before this Monday. Twelve statements at most, however many programmes, provinces and cases."""
    now = now or timezone.now()
    today = today_at(Agency.objects.root(), now)
    here = {one.pk: Progress(one) for one in programmes.readable(seat).order_by("name")}
    seen = Complaint.objects.filter(seen_by(Actor.officer(seat)), secret=False)
    tags = Tag.objects.current().filter(programme__in=list(here), complaint__in=seen).order_by()
    _count(here, tags, week, today)
    told = [one for one in here.values() if one.programme.is_active_on(week) or one.whole.open]
    if not told:
        return Look([], {})
    mine = tags.filter(programme__in=[one.programme.pk for one in told])
    late = Complaint.objects.filter(status__in=OFFICES_TURN, due_on__lt=today, publication__isnull=False)
    return Look(
        told,
        dict(Region.objects.filter(level=Level.PROVINSI).values_list("code", "name")),
        list(
            late.filter(pk__in=mine.values("complaint"))
            .select_related("publication", "handler")
            .order_by("due_on", "pk")[:CASES]
        )
        if any(one.whole.late for one in told)
        else [],
        _silent(mine, now),
    )


def _count(here: dict[int, Progress], tags: models.QuerySet[Tag], week: datetime.date, today: datetime.date) -> None:
    """Three statements."""
    weeks = {"": (week - _WEEK, week), "_before": (week - 2 * _WEEK, week - _WEEK)}
    wanted: dict[str, Count] = {
        "open": Count("pk", filter=Q(complaint__status__in=OPEN)),
        "late": Count("pk", filter=Q(complaint__status__in=OFFICES_TURN, complaint__due_on__lt=today)),
    }
    for which, (first, end) in weeks.items():
        came = Q(placed_at__gte=day_begins(first), placed_at__lt=day_begins(end))
        wanted[f"received{which}"] = Count("pk", filter=came)
    _take(here, tags, wanted)
    span = {"written_at__gte": day_begins(week - 2 * _WEEK), "written_at__lt": day_begins(week)}
    answers = Message.objects.filter(verb__in=["answer", "resolve"], state=Message.State.SENT, **span)
    _take(
        here,
        tags.filter(complaint__in=answers.values("complaint")),
        {
            f"answered{which}": Count(
                "complaint",
                filter=Q(
                    complaint__messages__verb__in=["answer", "resolve"],
                    complaint__messages__state=Message.State.SENT,
                    complaint__messages__written_at__gte=day_begins(first),
                    complaint__messages__written_at__lt=day_begins(end),
                ),
                distinct=True,
            )
            for which, (first, end) in weeks.items()
        },
    )
    # Late from the day after the due day on.
    broken = Clock.objects.exclude(kind=ClockKind.REPORTER).filter(
        Q(stopped_at__isnull=True) | Q(stopped_at__date__gt=F("due_on")),
        due_on__gte=week - 2 * _WEEK - _DAY,
        due_on__lt=week - _DAY,
    )
    _take(
        here,
        tags.filter(complaint__clocks__in=broken),
        {
            f"missed{which}": Count(
                "complaint",
                filter=Q(complaint__clocks__due_on__gte=first - _DAY, complaint__clocks__due_on__lt=end - _DAY),
                distinct=True,
            )
            for which, (first, end) in weeks.items()
        },
    )


def _take(here: dict[int, Progress], tags: models.QuerySet[Tag], wanted: dict[str, Count]) -> None:
    """By programme and province; one statement."""
    by = tags.annotate(province=PROVINCE).values("programme_id", "province").annotate(**wanted)
    rows = by.values_list("programme_id", "province", *wanted)
    for programme, province, *counts in rows:
        found = here[programme]
        more = Figures(**dict(zip(wanted, counts, strict=True)))
        found.provinces.setdefault(province, Figures()).add(more)
        found.whole.add(more)


def _silent(tags: models.QuerySet[Tag], now: datetime.datetime) -> list[str]:
    """Of those that hold an open case of these programmes, whose desk stayed shut. Counted by the worker."""
    standing.counted(now)
    holding = tags.filter(complaint__status__in=OPEN).values("complaint__handler")
    shut = Standing.objects.filter(silent=True, secret=False, agency__in=holding).select_related("agency__parent")
    return sorted(one.agency.shown_name for one in shut)


# --- The letter ---


def write(seat: Membership, week: datetime.date) -> weekly.Said | None:
    found = look(seat, week)
    return weekly.Said(_letter(seat, week, found), empty=found.is_empty) if found.progress else None


def _letter(seat: Membership, week: datetime.date, found: Look) -> Letter:
    only = found.progress[0] if len(found.progress) == 1 else None
    path = reverse("routing:programme", args=[only.programme.code]) if only else reverse("routing:programmes")
    return Letter(
        heading=_heading(found, only),
        over=_("Minggu %(first)s sampai %(last)s")
        % {"first": wording.short_day(week - _WEEK), "last": wording.plain_day(week - _DAY)},
        greeting=greeting(seat.user),
        lines=[*(_of(one) for one in found.progress), *_more(found)],
        sections=[
            *(_provinces(one, found.names, only is None) for one in found.progress if _lively(one)),
            *_oldest(found),
        ],
        buttons=[
            Button(_("Buka halaman programnya") if only else _("Buka semua program"), f"{settings.SITE_URL}{path}")
        ],
        to_officer=True,
    )


def _heading(found: Look, only: Progress | None) -> str:
    if only is None:
        return _("Minggu lalu di %(n)s program prioritas") % {"n": wording.number(len(found.progress))}
    whole = only.whole
    given = {
        "programme": only.programme.name,
        "received": wording.number(whole.received),
        "answered": wording.number(whole.answered),
        "missed": wording.number(whole.missed),
    }
    if not (whole.received or whole.answered or whole.missed):
        return _("Minggu lalu di program %(programme)s tidak ada yang baru") % given
    return _("Minggu lalu di program %(programme)s: %(received)s masuk, %(answered)s dijawab, %(missed)s lewat") % given


def _of(one: Progress) -> Line:
    whole = one.whole
    given: dict[str, str] = {name: wording.number(getattr(whole, name)) for name in _NAMES}
    given["programme"] = Bold(one.programme.name)
    if not (whole.received or whole.answered or whole.missed or whole.received_before):
        if not whole.open:
            return line(
                _("%(programme)s: tidak ada laporan baru, dan tidak ada yang terbuka."), programme=given["programme"]
            )
        return line(
            _("%(programme)s: tidak ada laporan baru dan tidak ada jawaban. Terbuka %(open)s, terlambat %(late)s."),
            **{name: given[name] for name in ("programme", "open", "late")},
        )
    return line(
        _(
            "%(programme)s: %(received)s masuk (minggu sebelumnya %(received_before)s), %(answered)s dijawab "
            "(%(answered_before)s), %(missed)s lewat batas waktu (%(missed_before)s). Sekarang terbuka %(open)s, "
            "terlambat %(late)s."
        ),
        **given,
    )


_NAMES = tuple(one.name for one in fields(Figures))


def _more(found: Look) -> list[Line]:
    said = []
    if found.silent:
        said.append(line(_("Kantor yang belum membuka mejanya: %(names)s."), names=Bold(_listed(found.silent))))
    said.append(line(_("Laporan rahasia tidak dihitung di sini.")))
    return said


def _lively(one: Progress) -> bool:
    return any(not figures.is_quiet for figures in one.provinces.values())


def _provinces(one: Progress, names: dict[str, str], by_name: bool) -> Section:
    """Those with most that passed its date, or that came, first."""
    rows = [(code, figures) for code, figures in one.provinces.items() if not figures.is_quiet]
    rows.sort(key=lambda row: (-row[1].missed, -row[1].late, -row[1].received, names.get(row[0], "")))
    page = f"{settings.SITE_URL}{reverse('routing:programme', args=[one.programme.code])}"
    left = len(rows) - PROVINCES
    return Section(
        one.programme.name if by_name else _("Menurut provinsi"),
        [
            Item(
                names.get(code, _("Tanpa tempat")),
                f"{page}?provinsi={code}" if code in names else page,
                _(
                    "%(received)s masuk, %(answered)s dijawab, %(missed)s lewat batas waktu. Terbuka %(open)s, "
                    "terlambat %(late)s."
                )
                % {name: wording.number(getattr(figures, name)) for name in _NAMES},
            )
            for code, figures in rows[:PROVINCES]
        ],
        more=ngettext("Dan %(n)s provinsi lain.", "Dan %(n)s provinsi lain.", left) % {"n": wording.number(left)}
        if left > 0
        else "",
    )


def _oldest(found: Look) -> list[Section]:
    items = [
        Item(
            case.publication.title,
            f"{settings.SITE_URL}{reverse('complaints:case', args=[case.shown_number])}",
            _("%(number)s, batasnya %(date)s, di %(office)s")
            % {
                "number": case.shown_number,
                "date": wording.plain_day(case.due_on),
                "office": case.handler.shown_name,
            },
        )
        for case in found.oldest
    ]
    return [Section(_("Paling lama terlambat, yang terbuka untuk umum"), items)] if items else []


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMES])
    more = len(names) - NAMES
    return _("%(names)s dan %(n)s lainnya") % {"names": shown, "n": wording.number(more)} if more > 0 else shown


KIND = weekly.Kind(CODE, of_programmes, write)
