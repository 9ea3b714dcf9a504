"""What a head or *sekretaris* is told on Monday: what is theirs to do this week. A weekly letter (`routing.weekly`).

Counted as they may count (`oversight.readable`): of secret cases those of their own office alone, and none is named.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import leaves
from agencies.models import Agency, Leave, Membership, Role
from agencies.models.agency import OFFICERS
from agencies.models.people import MembershipQuerySet
from complaints.models import Complaint, Message
from complaints.notifications.letters import Bold, Button, Letter, Line, line
from complaints.notifications.to_officers import greeting, title_of
from complaints.transitions import OFFICES_TURN
from lapor.kit import wording
from routing import oversight, weekly
from routing.oversight import readable, today_at

CODE = "officer_week"
# Late cases that are named, oldest first; names that are listed.
CASES, NAMES = 3, 5
# Days without a desk page, with something open at the office, that make an officer's silence worth a word.
AWAY_FROM_DESK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """What lies before the reader. `waiting`: answers that wait for their approval."""

    open: int
    late: int
    due: int
    waiting: int
    oldest: Sequence[Complaint] = field(default_factory=tuple)
    silent_offices: Sequence[str] = field(default_factory=tuple)
    silent_officers: Sequence[str] = field(default_factory=tuple)
    away: Sequence[Leave] = field(default_factory=tuple)
    unmanned: Sequence[Leave] = field(default_factory=tuple)

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.due or self.waiting or self.silent_offices or self.silent_officers or self.away)


def of_heads(seats: MembershipQuerySet) -> MembershipQuerySet:
    """Head and *sekretaris* alike hold HEAD."""
    return seats.filter(role=Role.HEAD)


def look(seat: Membership, week: datetime.date, now: datetime.datetime | None = None) -> Week:
    """Thirteen statements at most, whatever lies below the office."""
    now = now or timezone.now()
    office = seat.agency
    today = today_at(office, now)
    sunday = week + datetime.timedelta(days=6)
    here = Complaint.objects.open().filter(readable(seat), handler__path__startswith=office.path)
    theirs = Q(status__in=OFFICES_TURN)
    counts = here.aggregate(
        open=Count("pk"),
        late=Count("pk", filter=theirs & Q(due_on__lt=today)),
        due=Count("pk", filter=theirs & Q(due_on__gte=today, due_on__lte=sunday)),
    )
    late = here.filter(status__in=OFFICES_TURN, due_on__lt=today, secret=False, about_conduct=False)
    pending = Message.objects.filter(agency=office, state=Message.State.PENDING, complaint__in=here)
    away = [one for one in leaves.below([office.pk], today) if one.starts_on <= sunday]
    below = [one for one in oversight.silent(seat, office, now) if one.pk != office.pk]
    return Week(
        **counts,
        waiting=pending.count(),
        oldest=list(late.select_related("handler", "reporter").order_by("due_on", "pk")[:CASES])
        if counts["late"]
        else [],
        silent_offices=[one.shown_name for one in below],
        silent_officers=_silent_officers(seat, today, now) if counts["open"] else [],
        away=away,
        unmanned=leaves.unmanned(away, today) if away else [],
    )


def _silent_officers(seat: Membership, today: datetime.date, now: datetime.datetime) -> list[str]:
    """Who of the own office was not at the desk for a week; nobody who is away, new, or reads this very letter."""
    since = now - AWAY_FROM_DESK
    found = (
        Membership.objects.current(today)
        .appointed()
        .filter(agency=seat.agency, role__in=OFFICERS, starts_on__lte=timezone.localdate(since))
        .exclude(user=seat.user_id)
        .exclude(user__in=Leave.objects.on(today).values("membership__user"))
        .filter(Q(desk_visit__isnull=True) | Q(desk_visit__last_at__lt=since))
    )
    return [str(one.user) for one in found.select_related("user").order_by("user__name", "pk")]


def write(seat: Membership, week: datetime.date) -> weekly.Said:
    found = look(seat, week)
    return weekly.Said(_letter(seat, week, found), empty=found.is_empty)


def _letter(seat: Membership, week: datetime.date, found: Week) -> Letter:
    office = seat.agency
    return Letter(
        heading=_heading(office, found),
        over=_("Minggu %(first)s sampai %(last)s")
        % {"first": wording.short_day(week), "last": wording.plain_day(week + datetime.timedelta(days=6))},
        greeting=greeting(seat.user),
        lines=list(_lines(found)),
        buttons=[Button(_("Buka halaman kantor Anda"), f"{settings.SITE_URL}/pengawasan/")],
        to_officer=True,
    )


def _heading(office: Agency, found: Week) -> str:
    given = {"office": office.shown_name, "late": wording.number(found.late), "due": wording.number(found.due)}
    if found.late and found.due:
        return _("Minggu ini di %(office)s: %(late)s terlambat, %(due)s jatuh tempo") % given
    if found.late:
        return _("Minggu ini di %(office)s: %(late)s terlambat") % given
    if found.due:
        return _("Minggu ini di %(office)s: %(due)s jatuh tempo") % given
    if found.is_empty:
        return _("Minggu ini di %(office)s: tidak ada yang menunggu Anda") % given
    return _("Minggu ini di %(office)s") % given


def _lines(found: Week) -> list[Line]:
    said: list[Line] = []

    def count(n: int, one: str, **more: str) -> None:
        if n:
            said.append(line(one, n=Bold(wording.number(n)), **more))

    count(
        found.late,
        ngettext("%(n)s laporan lewat batas waktu.", "%(n)s laporan lewat batas waktu.", found.late),
    )
    said += [
        line(
            _("%(number)s, %(title)s: batasnya %(date)s, di %(office)s."),
            number=Bold(case.shown_number),
            title=title_of(case),
            date=wording.plain_day(case.due_on),
            office=case.handler.shown_name,
        )
        for case in found.oldest
    ]
    count(
        found.due, ngettext("%(n)s laporan jatuh tempo minggu ini.", "%(n)s laporan jatuh tempo minggu ini.", found.due)
    )
    count(
        found.waiting,
        ngettext(
            "%(n)s jawaban menunggu persetujuan Anda. Sebelum disetujui, pelapor tidak melihatnya.",
            "%(n)s jawaban menunggu persetujuan Anda. Sebelum disetujui, pelapor tidak melihatnya.",
            found.waiting,
        ),
    )
    if found.silent_officers:
        said.append(line(_("Seminggu tidak membuka meja: %(names)s."), names=Bold(_listed(found.silent_officers))))
    if found.silent_offices:
        said.append(line(_("Kantor yang belum membuka mejanya: %(names)s."), names=Bold(_listed(found.silent_offices))))
    alone = {one.pk for one in found.unmanned}
    said += [_of_leave(one, one.pk in alone) for one in found.away[:NAMES]]
    if found.open and not found.late:
        said.append(
            line(
                ngettext(
                    "Yang terbuka %(n)s laporan, tidak ada yang terlambat.",
                    "Yang terbuka %(n)s laporan, tidak ada yang terlambat.",
                    found.open,
                ),
                n=wording.number(found.open),
            )
        )
    if not found.open:
        said.append(line(_("Tidak ada laporan terbuka.")))
    return said


def _of_leave(leave: Leave, alone: bool) -> Line:
    given = {
        "name": Bold(str(leave.membership.user)),
        "first": wording.short_day(leave.starts_on),
        "last": wording.plain_day(leave.last_day),
    }
    if leave.lent_id is not None:
        return line(
            _("%(name)s cuti %(first)s sampai %(last)s, digantikan %(deputy)s."), deputy=str(leave.deputy), **given
        )
    if alone:
        return line(_("%(name)s cuti %(first)s sampai %(last)s, dan tidak ada orang lain. Tunjuk pengganti."), **given)
    return line(_("%(name)s cuti %(first)s sampai %(last)s, tanpa pengganti."), **given)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMES])
    more = len(names) - NAMES
    return _("%(names)s dan %(n)s lainnya") % {"names": shown, "n": wording.number(more)} if more > 0 else shown


KIND = weekly.Kind(CODE, of_heads, write)
