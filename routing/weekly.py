"""Weekly letters: one each Monday morning to every seat that has one coming.

Whose Monday it is, once a week and seat, and the way out stand here; whom a letter is for and what it says, its kind
says. A kind is registered in `RoutingConfig.ready`. The rows lie in the outbox, so that nothing is lost; they are put
there once for each zone, and what they say is asked when they go out: nobody is told of what was closed to them since.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership
from agencies.models.people import MembershipQuerySet
from complaints.notifications import send, to_officers
from complaints.notifications.letters import Letter, line
from lapor.kit.wording import ZONE_NAMES
from routing.almanac import JAKARTA
from routing.models import EmptyLetter, WeeklyRound

# When the letters go out where their readers are; on Wednesday the week is too old to begin with.
MORNING: Final = datetime.time(7)
LAST_DAY: Final = 2
# A letter that asks nothing of its reader comes again after so long.
EMPTY_EVERY: Final = datetime.timedelta(weeks=4)
# Seats that are read at once, and minutes over which their letters are spread: a mail server is no funnel.
BATCH, SPREAD = 1000, 30


@dataclass(frozen=True)
class Said:
    """This week's letter. `empty`: it asks nothing of its reader."""

    letter: Letter
    empty: bool = False


@dataclass(frozen=True)
class Kind:
    """`code`: the letter's name in the outbox. `seats`: whose it is, of those in force on that Monday. `write`: what it
    says to this seat in the week that begins on this Monday; None: nothing at all."""

    code: str
    seats: Callable[[MembershipQuerySet], MembershipQuerySet]
    write: Callable[[Membership, datetime.date], Said | None]


KINDS: Final[dict[str, Kind]] = {}


def register(kind: Kind) -> None:
    KINDS[kind.code] = kind
    to_officers.BY_SEAT[kind.code] = partial(_written, kind)


def week_of(zone: str, now: datetime.datetime) -> datetime.date | None:
    """The Monday whose letters are due there now; None: this week's are not yet, or no longer."""
    local = timezone.localtime(now, ZoneInfo(zone))
    monday = local.date() - datetime.timedelta(days=local.weekday())
    begins = datetime.datetime.combine(monday, MORNING, ZoneInfo(zone))
    return monday if begins <= local and local.weekday() <= LAST_DAY else None


def put_out(now: datetime.datetime | None = None) -> int:
    """Put the letters that are due into the outbox; how many. May run at any hour, and twice."""
    now = now or timezone.now()
    made = 0
    for zone in ZONE_NAMES:
        week = week_of(zone, now)
        if week is None:
            continue
        done = set(WeeklyRound.objects.filter(week=week, zone=zone).values_list("code", flat=True))
        for kind in KINDS.values():
            if kind.code not in done:
                made += _put_out(kind, zone, week, now)
                WeeklyRound.objects.get_or_create(code=kind.code, week=week, zone=zone, defaults={"finished_at": now})
    return made


def _put_out(kind: Kind, zone: str, week: datetime.date, now: datetime.datetime) -> int:
    there = Q(agency__region__zone=zone)
    if zone == JAKARTA:
        there |= Q(agency__region__isnull=True)
    seats = kind.seats(_wanting(Membership.objects.current(week), week)).filter(there).order_by("pk")
    made, last = 0, 0
    while batch := list(seats.filter(pk__gt=last).values_list("pk", "user_id")[:BATCH]):
        made += send.tell_seats(batch, f"{kind.code}:{week:%Y%m%d}", now, minutes=SPREAD)
        last = batch[-1][0]
    return made


def _wanting(seats: MembershipQuerySet, day: datetime.date) -> MembershipQuerySet:
    """Without those who want no weekly letter, and those in whose place somebody stands."""
    deputies = Membership.objects.current(day).filter(acting_for=OuterRef("pk"))
    return seats.filter(~Exists(deputies), user__weekly_letters=True)


def _written(kind: Kind, seat: Membership, about: int) -> Letter | None:
    """Called when the letter goes out."""
    week = datetime.date.fromisoformat(str(about))
    if not seat.user.weekly_letters:
        return None
    said = kind.write(seat, week)
    if said is None or (said.empty and not _is_time_for_an_empty_one(kind, seat, week)):
        return None
    stop = line(
        _("Surat ini datang setiap Senin. Tidak perlu? Matikan di halaman akun: %(address)s"),
        address=f"{settings.SITE_URL}/akun/",
    )
    return replace(said.letter, after=[*said.letter.after, stop], to_officer=True)


def _is_time_for_an_empty_one(kind: Kind, seat: Membership, week: datetime.date) -> bool:
    """A second try of the same letter is the same letter."""
    last, made = EmptyLetter.objects.get_or_create(membership=seat, code=kind.code, defaults={"week": week})
    if made or last.week == week:
        return True
    if last.week > week - EMPTY_EVERY:
        return False
    last.week = week
    last.save(update_fields=["week"])
    return True
