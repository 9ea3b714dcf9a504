"""Months of invented history for the demo districts, so that every page of oversight has something to show.

Told through the verbs with the time at which each happened, and between them what the sweep would have done: promises
noted as missed, reminders, the ladder, cases that end by themselves. Nothing here is by chance: the same numbers each
time, counted back from the day on which it is told. Its letters are taken as sent, so that nobody gets them now.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies import calendar
from agencies.actor import Actor
from agencies.demo import DOMAIN, HSU, INHU, KUNINGAN, SUMBAR
from agencies.models import Agency, Membership, Region, Role
from agencies.models.agency import PEMDA
from complaints import intake, privacy
from complaints.intake import Submission
from complaints.models import Clock, ClockKind, Complaint, Kind, Notification
from complaints.models.lifecycle.oversight import AlreadyNoted
from complaints.transitions import OPEN, Refusal
from routing import demo, dispatch, escalation, groups, helping, overdue, reminders
from routing.almanac import Almanac, zone_of
from routing.demo_matters import DONE, HOLLOW, MATTERS, ON_THE_WAY, REASONS, Matter
from routing.models import DeskVisit

# How far back it reaches: into the year before, so that two can be compared.
DAYS = 560
_DAY = datetime.timedelta(days=1)
_REPORTER = Actor.reporter()


@dataclass(frozen=True)
class Pace:
    """How an office works: days to its first answer and from there to the last, the shares of answers that are late,
    never given, and say nothing; stars it is given."""

    first: int
    done: int
    late: float = 0.1
    never: float = 0.0
    hollow: float = 0.0
    stars: int = 4


PU = demo.PU
HEALTH, CIVIL, WASTE = "Dinas Kesehatan", "Dinas Kependudukan dan Pencatatan Sipil", "Dinas Lingkungan Hidup"
SOCIAL, SCHOOL, TRAFFIC = "Dinas Sosial", "Dinas Pendidikan", "Dinas Perhubungan"
# Region code of the pemda, office, how many cases, its pace.
OFFICES: tuple[tuple[str, str, int, Pace], ...] = (
    (INHU, PU, 44, Pace(3, 8, late=0.22, never=0.05)),
    (INHU, CIVIL, 26, Pace(1, 3, late=0.04, stars=5)),
    (INHU, HEALTH, 16, Pace(2, 6, late=0.12, never=0.06)),
    (INHU, WASTE, 14, Pace(4, 11, late=0.35, never=0.1, hollow=0.6, stars=2)),
    (INHU, SOCIAL, 10, Pace(3, 9, late=0.3, never=0.2, stars=3)),
    (INHU, SCHOOL, 10, Pace(2, 7, late=0.1)),
    (INHU, TRAFFIC, 8, Pace(2, 5)),
    (KUNINGAN, PU, 24, Pace(2, 7, late=0.1, never=0.04)),
    (KUNINGAN, WASTE, 18, Pace(1, 4, late=0.05, stars=5)),
    (KUNINGAN, SCHOOL, 14, Pace(3, 8, late=0.2, never=0.07)),
    (KUNINGAN, SOCIAL, 9, Pace(2, 6, late=0.1)),
    (KUNINGAN, TRAFFIC, 8, Pace(2, 5, late=0.1, hollow=0.3, stars=3)),
    (HSU, PU, 12, Pace(5, 14, late=0.5, never=0.2, stars=2)),
    (HSU, HEALTH, 9, Pace(4, 10, late=0.35, never=0.15, stars=3)),
    (HSU, CIVIL, 9, Pace(2, 5, late=0.15)),
    (HSU, SOCIAL, 5, Pace(4, 9, late=0.3, never=0.2, stars=3)),
    (SUMBAR, PU, 8, Pace(3, 9, late=0.2)),
)  # fmt: skip
CHANNELS = ("web", "web", "web", "whatsapp", "sms", "counter", "email")

Act = Callable[[Complaint, datetime.datetime], object]


@dataclass
class Story:
    """One case, or two that become one: who of them, when, what."""

    cases: list[Complaint] = field(default_factory=list)
    steps: list[tuple[datetime.datetime, int, Act]] = field(default_factory=list)

    def add(self, at: datetime.datetime, act: Act, which: int = 0) -> None:
        self.steps.append((at, which, act))


def seed(now: datetime.datetime | None = None, *, share: float = 1.0) -> int:
    """Tell what has not been told; returns how many cases are new. `share`: of the whole, for whoever has less time."""
    now = now or timezone.now()
    told, number = 0, 0
    almanac = Almanac((now - (DAYS + 60) * _DAY).date())
    for where, name, count, pace in OFFICES:
        pemda = Agency.objects.filter(region_id=where, kind__in=PEMDA).select_related("region").first()
        office = demo._office(pemda, name)
        matters = [one for one in MATTERS if one.office == name]
        places = _places(where)
        for n in range(count):
            number += 1
            if pemda is None or office is None or n >= max(1, round(count * share)):
                continue
            chance = random.Random(f"riwayat {number}")  # noqa: S311 (no secret)
            told += _tell(number, pemda, office, matters[n % len(matters)], pace, places, chance, now, almanac)
    _visits(now)
    return told


def _places(where: str) -> list[Region]:
    """A kelurahan or desa of each kecamatan."""
    kecamatan = Region.objects.filter(pk__startswith=f"{where}.", level="KECAMATAN", ended_on__isnull=True)
    first = Region.objects.filter(parent__in=kecamatan, ended_on__isnull=True).order_by("parent_id", "pk")
    return list(first.distinct("parent_id").select_related("parent")) or list(Region.objects.filter(pk=where))


@transaction.atomic
def _tell(
    number: int,
    pemda: Agency,
    office: Agency,
    matter: Matter,
    pace: Pace,
    places: list[Region],
    chance: random.Random,
    now: datetime.datetime,
    almanac: Almanac,
) -> int:
    # More of them lately.
    came = now - datetime.timedelta(days=1 + DAYS * chance.random() ** 1.4, minutes=chance.randrange(600))
    place = places[int(len(places) * chance.random() ** 1.6)]
    story = Story()
    case = _file(f"riwayat-{number}", matter, place, came, chance)
    if case is None:
        return 0
    story.cases.append(case)
    sent = _send(story, came, pemda, office, chance)
    if number % 13 == 4:
        _join(story, number, matter, place, came, pemda, office, chance)
    _fate(story, sent, pemda, office, matter, pace, number, chance)
    _live(story, now, almanac)
    for one in story.cases:
        # All of it is long over: nobody gets these letters now.
        rows = Notification.objects.filter(event__complaint=one, state=Notification.State.PENDING)
        rows.update(state=Notification.State.SENT, tries=1, sent_at=F("created_at"))
    return len(story.cases)


def _file(
    external_id: str, matter: Matter, place: Region, came: datetime.datetime, chance: random.Random
) -> Complaint | None:
    """As the citizen sent it; None: it was told before."""
    secret = matter.kind == Kind.PENGADUAN and chance.random() < 0.05
    where = place.name.title()
    receipt = intake.receive(
        Submission(
            channel=chance.choice(CHANNELS),
            external_id=external_id,
            title=matter.title.format(place=where),
            body=matter.body.format(place=where),
            kind=matter.kind,
            place=place,
            category=demo.category_named(matter.category),
            happened_on=came.date() - chance.randrange(6) * _DAY,
            anonymous=chance.random() < 0.12,
            secret=secret,
            name="Pelapor contoh",
            email=f"{external_id}@{DOMAIN}",
            received_at=came,
        ),
        now=came,
    )
    if not receipt.created:
        return None
    privacy.confirm_email(receipt.complaint.reporter, came)
    return receipt.complaint


def _send(
    story: Story, came: datetime.datetime, pemda: Agency, office: Agency, chance: random.Random, which: int = 0
) -> datetime.datetime:
    """To the office at once where it was sure; else by the coordinator, now and then too late. When it was sent."""
    if chance.random() < 0.75:
        at = came + datetime.timedelta(seconds=40)
        story.add(at, lambda case, at: case.forward(office, by=demo.WORKER, reason=SURE, now=at), which)
        return at
    at = _at_work(came + datetime.timedelta(days=chance.choice((0, 1, 1, 2, 7))), chance)
    story.add(
        came + datetime.timedelta(seconds=40),
        lambda case, at: case.place_at(pemda, by=demo.WORKER, reason=UNSURE, now=at),
        which,
    )
    story.add(at, lambda case, at: case.forward(office, by=_coordinator(pemda), reason=SURE, now=at), which)
    return at


def _join(
    story: Story,
    number: int,
    matter: Matter,
    place: Region,
    came: datetime.datetime,
    pemda: Agency,
    office: Agency,
    chance: random.Random,
) -> None:
    """A neighbour reports the same some days later; the coordinator sees that it is one."""
    later = came + datetime.timedelta(days=1, hours=chance.randrange(9))
    words = Matter(matter.office, matter.category, f"{matter.title} (lagi)", f"Sama dengan warga lain: {matter.body}")
    other = partial(_file, f"riwayat-{number}-sama", words, place, chance=chance)
    story.add(later, lambda case, at: _another(story, other(at)))
    _send(story, later, pemda, office, random.Random(1), which=1)  # noqa: S311
    same = "Jalannya sama dengan laporan lain. Jawabannya kami kirim juga kepada Anda."
    story.add(
        _at_work(later + _DAY, chance),
        lambda case, at: groups.merge(case, story.cases[0], by=_coordinator(pemda), text=same, now=at),
        1,
    )


def _another(story: Story, case: Complaint | None) -> None:
    if case is not None:
        story.cases.append(case)


SURE = "Bidang dan tempatnya menunjuk kantor ini."
UNSURE = "Tidak ada kantor yang pasti untuk bidang ini."


def _fate(
    story: Story,
    sent: datetime.datetime,
    pemda: Agency,
    office: Agency,
    matter: Matter,
    pace: Pace,
    number: int,
    chance: random.Random,
) -> None:
    """What the office made of it, and the citizen after that."""
    at = _at_work(sent, chance)
    turn = chance.random()
    if turn < 0.06:
        story.add(
            at, lambda case, at: dispatch.hand_back(case, by=_liaison(case), ground="NOT_OURS", reason=AWAY, now=at)
        )
        at = _at_work(at + chance.choice((1, 1, 2, 6)) * _DAY, chance)
        story.add(at, lambda case, at: dispatch.move(case, office, by=_coordinator(pemda), reason=OURS, now=at))
    elif turn < 0.09:
        ground, text = chance.choice(ARCHIVED)
        story.add(
            at + 2 * _DAY,
            lambda case, at: case.archive(by=_coordinator(pemda), ground=ground, text=text, now=at),
        )
        return
    elif turn < 0.11:
        story.add(at + 3 * _DAY, lambda case, at: case.withdraw(by=_REPORTER, reason="Sudah beres sendiri.", now=at))
        return
    if chance.random() < pace.never:
        return
    slow = chance.random() < pace.late
    days = chance.randrange(9, 30) if slow else min(4, round(pace.first * chance.uniform(0.2, 1.6)))
    begins = _at_work(at + (days // 2) * _DAY, chance)
    story.add(begins, lambda case, at: _start(case, at))
    if turn > 0.9:
        # The reporter is asked, and mostly answers.
        begins = _at_work(begins + _DAY, chance)
        story.add(begins, lambda case, at: case.ask(matter.question, by=_liaison(case), now=at))
        if turn > 0.985:
            return
        begins += chance.randrange(1, 9) * _DAY
        story.add(begins, lambda case, at: case.complete(demo.ANSWERS["c"], by=_REPORTER, now=at))
    answered = max(_at_work(at + days * _DAY, chance), begins + datetime.timedelta(hours=1))
    hollow = chance.random() < pace.hollow
    if hollow and chance.random() < 0.4:
        # Closed within minutes of starting.
        done = begins + datetime.timedelta(minutes=chance.randrange(3, 9))
        story.add(done, lambda case, at: _resolve(case, HOLLOW[number % len(HOLLOW)], at))
    elif matter.kind == Kind.PERMINTAAN_INFORMASI:
        done = answered
        story.add(done, lambda case, at: _resolve(case, matter.done, at))
    else:
        words = HOLLOW[number % len(HOLLOW)] if hollow else matter.answer or ON_THE_WAY[number % len(ON_THE_WAY)]
        story.add(answered, lambda case, at: case.answer(words, by=_liaison(case), now=at))
        if matter.helper and number % 3 == 0:
            _help(story, answered, pemda, matter, chance)
        done = _at_work(answered + max(1, round(pace.done * chance.uniform(0.4, 2.0))) * _DAY, chance)
        final = matter.done or DONE[number % len(DONE)]
        story.add(done, lambda case, at: _resolve(case, final, at))
    _verdict(story, done, matter, pace, number, chance)


def _help(story: Story, at: datetime.datetime, pemda: Agency, matter: Matter, chance: random.Random) -> None:
    """Another office is asked for a part of it, and gives it in time or not."""
    helper = demo._office(pemda, matter.helper)
    if helper is None:
        return
    task, shown, said = matter.help
    story.add(
        at + datetime.timedelta(hours=2),
        lambda case, at: helping.invite(case, helper, task, by=_liaison(case), days=3, shown=shown, now=at),
    )
    by = demo._officer(helper, Role.LIAISON, Role.HEAD)
    if by is not None:
        back = _at_work(at + chance.randrange(1, 6) * _DAY, chance)
        story.add(back, lambda case, at: case.contribute(said, by=by, now=at))


def _verdict(
    story: Story, done: datetime.datetime, matter: Matter, pace: Pace, number: int, chance: random.Random
) -> None:
    """The citizen accepts and rates, or is not content, or stays silent."""
    says = chance.random()
    stars = [max(1, min(5, pace.stars + chance.choice((-2, -1, 0, 0, 0, 1)))) for _ in range(2)]
    rate = chance.random() < 0.8
    reason = REASONS[min(stars)][number % len(REASONS[min(stars)])] if rate and chance.random() < 0.5 else ""

    def accept(case: Complaint, at: datetime.datetime) -> object:
        given = {"rating_answer": stars[0], "rating_result": stars[1], "reason": reason} if rate else {}
        return case.accept(by=_REPORTER, now=at, **given)  # type: ignore[arg-type]

    replied = done + datetime.timedelta(days=chance.randrange(0, 9), hours=chance.randrange(1, 12))
    if says < 0.55:
        story.add(replied, accept)
    elif says < 0.7 and matter.kind == Kind.PENGADUAN:
        story.add(replied, lambda case, at: case.contest(matter.again, by=_REPORTER, now=at))
        begins = _at_work(replied + chance.randrange(1, 6) * _DAY, chance)
        story.add(
            begins, lambda case, at: case.answer(ON_THE_WAY[(number + 1) % len(ON_THE_WAY)], by=_liaison(case), now=at)
        )
        last = _at_work(begins + chance.randrange(2, 12) * _DAY, chance)
        story.add(last, lambda case, at: _resolve(case, DONE[(number + 1) % len(DONE)], at))
        if says < 0.65:
            story.add(last + chance.randrange(1, 8) * _DAY, accept)


AWAY = "Bukan urusan kantor kami; kami tidak punya anggaran dan petugas untuk ini."
OURS = "Menurut susunan perangkat daerah ini urusan kantor ini."
ARCHIVED = (
    ("UNCLEAR", "Tempat dan masalahnya tidak tertulis, dan kami tidak bisa menanyakannya. Silakan lapor lagi."),
    ("NOT_PUBLIC_SERVICE", "Ini urusan jual beli antarwarga, bukan layanan pemerintah."),
    ("IN_COURT", "Perkaranya sedang diperiksa pengadilan, jadi kami menunggu putusannya."),
)


def _start(case: Complaint, at: datetime.datetime) -> object:
    dispatch.look_at(case, _liaison(case), now=at)
    return case.start(by=_liaison(case), public=demo._public(case), now=at)


def _resolve(case: Complaint, words: str, at: datetime.datetime) -> object:
    return case.resolve(words, by=_liaison(case), outcome="DONE", done_on=at.date(), unit="Tim lapangan", now=at)


def _liaison(case: Complaint) -> Actor:
    return demo._liaison(case)


def _coordinator(pemda: Agency) -> Actor:
    found = demo._officer(pemda, Role.COORDINATOR) or demo._officer(Agency.objects.root(), Role.NATIONAL)
    assert found is not None
    return found


def _at_work(at: datetime.datetime, chance: random.Random) -> datetime.datetime:
    """The next morning or afternoon of a weekday, some time after `at`."""
    local = timezone.localtime(at + datetime.timedelta(minutes=20))
    if local.hour >= 15:
        local = local.replace(hour=8) + _DAY
    while local.weekday() > 4:
        local = local.replace(hour=8) + _DAY
    return max(local, local.replace(hour=8)) + datetime.timedelta(minutes=chance.randrange(40))


# --- What happens by itself ---


def _live(story: Story, now: datetime.datetime, almanac: Almanac) -> None:
    """Step by step until today; whatever a step finds changed meanwhile it leaves."""
    for at, which, act in sorted(story.steps, key=lambda step: step[0]):
        if at > now:
            break
        for case in list(story.cases):
            _sweep(case, at, almanac)
        if which < len(story.cases):
            with suppress(Refusal):
                act(story.cases[which], at)
    for case in story.cases:
        _sweep(case, now, almanac)


def _sweep(case: Complaint, until: datetime.datetime, almanac: Almanac) -> None:
    """What the sweep would have done on this case up to then, in the order of time."""
    seen: set[tuple[int, str]] = set()
    while case.status in OPEN:
        due = sorted((step for step in _waits(case, almanac) if step[:2] not in seen), key=lambda step: step[2])
        if not due or due[0][2] > until:
            return
        clock, name, at, act = due[0]
        seen.add((clock, name))
        with suppress(Refusal, AlreadyNoted):
            act(at)


def _waits(
    case: Complaint, almanac: Almanac
) -> Iterator[tuple[int, str, datetime.datetime, Callable[[datetime.datetime], object]]]:
    for clock in Clock.objects.unstopped().filter(complaint=case, due_on__isnull=False):
        assert clock.due_on is not None
        clock.complaint = case
        off = almanac.days_of_code(clock.calendar_region_id or "")
        night = _on(clock.due_on + _DAY, case.zone, 0, 20)
        if clock.kind == ClockKind.REPORTER:
            for days in reminders.TO_REPORTER:
                at = _on(calendar.add_working_days(clock.due_on, -days, off), case.zone, 9, 5)
                yield clock.pk, f"remind {days}", at, partial(reminders.remind, clock, reminders.Step((days,), days))
            end = case.lapse if case.status == "answered" else case.expire
            yield clock.pk, "end", night + 3 * _DAY, partial(_end, end)
        elif clock.overdue_noted_at is None:
            yield clock.pk, "late", night, partial(_note, clock)
        elif clock.paused_on is None:
            office = case.handler
            for days, level in reversed(escalation.STEPS):
                day = calendar.add_working_days(clock.due_on, days, off | almanac.days_of(office.region))
                at = _on(day, zone_of(office), 9, 10)
                if at > clock.overdue_noted_at:
                    yield clock.pk, f"climb {level}", at, partial(_climb, clock, almanac)


def _end(verb: Callable[..., object], at: datetime.datetime) -> None:
    verb(by=dispatch.SYSTEM, now=at)


def _note(clock: Clock, at: datetime.datetime) -> None:
    overdue._note(clock, overdue._holders([clock])[clock.pk], at)


def _climb(clock: Clock, almanac: Almanac, at: datetime.datetime) -> None:
    escalation.climb(escalation.late_clocks().filter(pk=clock.pk), at, almanac)


def _on(day: datetime.date, zone: str, hour: int, minute: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=ZoneInfo(zone))


def _visits(now: datetime.datetime) -> None:
    """Who was at the desk lately: most were, some weeks ago, a few never."""
    members = Membership.objects.current().filter(
        role__in=[Role.LIAISON, Role.HEAD, Role.COORDINATOR], user__email__endswith=f"@{DOMAIN}"
    )
    rows = []
    for membership in members.filter(desk_visit__isnull=True).order_by("pk"):
        chance = random.Random(f"meja {membership.pk}")  # noqa: S311
        if (luck := chance.random()) < 0.9:
            days = chance.randrange(3) if luck < 0.75 else chance.randrange(9, 60)
            rows.append(DeskVisit(membership=membership, last_at=now - datetime.timedelta(days=days, hours=luck * 8)))
    DeskVisit.objects.bulk_create(rows, ignore_conflicts=True)
