"""Two readers for each drawn answer, without each other; a third where they lie more than one step apart (ADR 0043).

A reader sits at the centre and neither now nor in the period of the sample anywhere in the pemda or ministry it was
drawn from; nor did they write the answer or act in its case. Turns are handed out to whoever has fewest; one that
lapses goes to somebody else.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Final

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agencies import calendar
from agencies.actor import Actor
from agencies.models import Holiday, Membership, Role, User
from agencies.permissions import TABLE, Capability, membership_may
from complaints.models import Event
from complaints.notifications import send
from complaints.transitions import Incomplete, NotAllowed
from routing.almanac import JAKARTA, date_in
from routing.models import AnswerScore, Reading, ReadingTurn, Sample, SampledAnswer

# Working days a reader has.
DAYS: Final = 5
LETTER: Final = "officer_read"
# Steps apart that ask for a third reader.
APART: Final = 2
SEATS: Final = (1, 2)
THIRD: Final = 3
HIGHEST: Final = 2


@dataclass(frozen=True)
class Question:
    """One of the four questions; a sentence for each of 0, 1 and 2."""

    code: str
    label: str
    levels: tuple[str, str, str]

    @property
    def name(self) -> str:
        return _(self.label)

    @property
    def sentences(self) -> list[tuple[int, str]]:
        return [(n, _(one)) for n, one in enumerate(self.levels)]


RUBRIC: Final = (
    Question(
        "answers",
        gettext_noop("Menjawab yang dilaporkan?"),
        (
            gettext_noop("Tidak: bicara soal lain, atau hanya terima kasih."),
            gettext_noop("Sebagian: satu hal penting dari ceritanya tidak disinggung."),
            gettext_noop("Ya: semua yang dilaporkan atau ditanyakan dijawab."),
        ),
    ),
    Question(
        "done",
        gettext_noop("Menyebut apa yang dilakukan?"),
        (
            gettext_noop("Tidak: tidak ada tindakan, atau hanya janji tanpa tanggal."),
            gettext_noop("Sebagian: ada tindakan, tetapi tidak jelas apa, kapan, atau oleh siapa."),
            gettext_noop("Ya: apa, kapan, dan unit mana; atau jujur mengapa tidak bisa."),
        ),
    ),
    Question(
        "proof",
        gettext_noop("Ada buktinya?"),
        (
            gettext_noop("Tidak ada yang bisa diperiksa."),
            gettext_noop("Ada yang bisa ditanyakan: nomor surat, nama tempat, atau tanggal."),
            gettext_noop("Bisa diperiksa sendiri: foto, berkas, tautan, atau aturan yang dikutip."),
        ),
    ),
    Question(
        "plain",
        gettext_noop("Bahasanya biasa?"),
        (
            gettext_noop("Tidak: singkatan, pasal, atau kalimat baku tanpa isi."),
            gettext_noop("Cukup: dimengerti, tetapi perlu dibaca dua kali."),
            gettext_noop("Ya: langsung dimengerti orang yang melapor."),
        ),
    ),
)
Marks = tuple[int, ...]


# --- Who reads ---


def may_review(membership: Membership) -> bool:
    """At the centre alone, and not for one programme only."""
    return (
        membership.agency.parent_id is None
        and membership.programme_id is None
        and membership_may(membership, Capability.REVIEW, membership.agency)
    )


def readers(day: datetime.date) -> dict[int, Membership]:
    """Everybody who may review that day, by their user: through which seat."""
    roles = [role for role in Role if role in TABLE[Capability.REVIEW]]
    seats = (
        Membership.objects.current(day)
        .filter(agency__parent__isnull=True, role__in=roles, programme__isnull=True)
        .select_related("user")
        .order_by("user")
    )
    return {seat.user_id: seat for seat in seats}


def kept_from(sample: Sample, users: Collection[int]) -> set[int]:
    """Those of the users who sit, or sat since the period began, where the answers came from. One statement."""
    return set(
        Membership.objects.filter(user__in=users, agency__path__startswith=sample.agency.path)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=sample.first))
        .values_list("user", flat=True)
    )


def _involved(answers: Sequence[SampledAnswer], users: Collection[int]) -> set[tuple[int, int]]:
    """(answer, user): who wrote it or acted in its case. One statement."""
    of_case = {answer.message.complaint_id: answer.pk for answer in answers}
    acted = Event.objects.filter(complaint__in=of_case, actor__in=users).values_list("complaint_id", "actor_id")
    found = {(of_case[case], actor) for case, actor in acted if actor is not None}
    return found | {(answer.pk, answer.message.author_id) for answer in answers if answer.message.author_id}


# --- Whose turn ---


def hand_out(now: datetime.datetime | None = None, *, of: Sample | None = None) -> int:
    """Pass on what lapsed, and give every answer (`of` one sample alone) that still needs readers to those with fewest.
    How many turns were given; a second run gives none."""
    now = now or timezone.now()
    unfinished = SampledAnswer.objects.filter(sample=OuterRef("pk"), score__isnull=True)
    samples = Sample.objects.filter(Exists(unfinished)).select_related("agency").defer("frame").order_by("pk")
    seats = readers(date_in(JAKARTA, now))
    given: Counter[int] = Counter()
    for sample in samples if of is None else samples.filter(pk=of.pk):
        with transaction.atomic():
            given.update(_hand_out(sample, set(seats), now))
    for reader in given:
        # At most one letter a day, however many turns.
        send.tell_member(seats[reader], f"{LETTER}:{date_in(JAKARTA, now):%Y%m%d}", now)
    return given.total()


def _hand_out(sample: Sample, everybody: set[int], now: datetime.datetime) -> list[int]:
    """To whom turns were given. Eight statements, however many answers."""
    today = date_in(JAKARTA, now)
    Sample.objects.select_for_update().only("pk").get(pk=sample.pk)
    ReadingTurn.objects.open().filter(answer__sample=sample, due_on__lt=today).update(
        ended_at=now, ended=ReadingTurn.Ended.SILENT
    )
    able = everybody - kept_from(sample, everybody)
    # Whoever may not read any more has no turn, and what may not be read has none.
    open_turns = ReadingTurn.objects.open().filter(answer__sample=sample)
    open_turns.filter(~Q(reader__in=able) | ~Q(answer__in=sample.answers.filter(readable()))).update(
        ended_at=now, ended=ReadingTurn.Ended.VOID
    )
    answers = list(
        sample.answers.filter(readable(), score__isnull=True)
        .select_related("message")
        .prefetch_related("turns", "readings")
        .order_by("number")
    )
    if not answers or not able:
        return []
    involved = _involved(answers, able)
    load = Counter(
        dict(
            ReadingTurn.objects.open().filter(reader__in=able).values_list("reader").annotate(n=Count("pk")).order_by()
        )
    )
    due, new = due_on(today), []
    for answer in answers:
        turns, done = list(answer.turns.all()), list(answer.readings.all())
        taken = {one.seat for one in turns if one.ended_at is None} | {one.seat for one in done}
        busy = {one.reader_id for one in turns if one.ended_at is None} | {one.reader_id for one in done}
        never = {one.reader_id for one in turns if one.ended in ("GIVEN_BACK", "VOID")}
        before = Counter(one.reader_id for one in turns)
        for seat in _seats(done):
            if seat in taken:
                continue
            free = [pk for pk in able if pk not in busy | never and (answer.pk, pk) not in involved]
            if not free:
                continue
            # Who was silent gets it again only where there is nobody else. The rest is spread by number and seat.
            reader = min(free, key=lambda pk: (before[pk], load[pk], (pk * 7919 + answer.pk * 104729 + seat) % 10007))
            new.append(ReadingTurn(answer=answer, seat=seat, reader_id=reader, given_at=now, due_on=due))
            busy.add(reader)
            load[reader] += 1
    ReadingTurn.objects.bulk_create(new)
    return [turn.reader_id for turn in new]


def _seats(done: Sequence[Reading]) -> tuple[int, ...]:
    pair = [one for one in done if one.seat in SEATS]
    return (THIRD,) if len(pair) == len(SEATS) and are_apart(pair[0].marks, pair[1].marks) else SEATS


def readable(prefix: str = "") -> Q:
    """Of a drawn answer: it may still be read, as `privacy.for_review` judges it."""
    asked = {
        "complaint__secret": False,
        "complaint__about_conduct": False,
        "complaint__not_for__isnull": True,
        "state": "SENT",
        "audience": "PUBLIC",
    }
    return Q(**{f"{prefix}message__{name}": value for name, value in asked.items()})


def due_on(today: datetime.date) -> datetime.date:
    holidays = Holiday.objects.kept_in(None).filter(date__gte=today).days()
    return calendar.due_on(today, DAYS, holidays)


def mine(user: User) -> QuerySet[ReadingTurn]:
    """Open turns of a reader, the nearest due first."""
    return (
        ReadingTurn.objects.open()
        .filter(readable("answer__"), reader=user)
        .select_related("answer__sample__agency", "answer__office")
        .defer("answer__sample__frame")
        .order_by("due_on", "pk")
    )


# --- Reading ---


class Gone(NotAllowed):
    """The turn has passed on, or the answer may not be read any more."""


def _locked(turn: ReadingTurn, by: Actor) -> ReadingTurn:
    if by.membership is None or by.user is None or not may_review(by.membership):
        raise NotAllowed(_("Anda tidak berwenang menilai jawaban."))
    row = ReadingTurn.objects.select_for_update(of=("self",)).select_related("answer").get(pk=turn.pk)
    if row.reader_id != by.user.pk or row.ended_at is not None:
        raise Gone(_("Giliran ini sudah diteruskan ke pembaca lain."))
    return row


@transaction.atomic
def read(
    turn: ReadingTurn, marks: Sequence[int], *, by: Actor, note: str = "", now: datetime.datetime | None = None
) -> Reading:
    """Keep what a reader says; with the last one needed the answer has its score. Raises NotAllowed, Gone,
    Incomplete."""
    now = now or timezone.now()
    row = _locked(turn, by)
    if len(marks) != len(RUBRIC) or not all(0 <= mark <= HIGHEST for mark in marks):
        raise Incomplete(RUBRIC[0].code, _("Pilih satu kalimat untuk setiap pertanyaan"))
    # Two readers who finish at once: the second one finds what the first said.
    SampledAnswer.objects.select_for_update().get(pk=row.answer_id)
    reading = Reading.objects.create(
        answer=row.answer,
        seat=row.seat,
        reader_id=row.reader_id,
        note=note.strip(),
        read_at=now,
        **dict(zip((one.code for one in RUBRIC), marks, strict=True)),
    )
    _end(row, ReadingTurn.Ended.READ, now)
    together = points(row.answer.readings.order_by("seat"))
    if together is not None:
        AnswerScore.objects.create(answer=row.answer, sample_id=row.answer.sample_id, points=together, scored_at=now)
    return reading


@transaction.atomic
def give_back(turn: ReadingTurn, reason: str, *, by: Actor, now: datetime.datetime | None = None) -> None:
    """Somebody else should read this one. Raises NotAllowed, Gone, Incomplete."""
    row = _locked(turn, by)
    if not reason.strip():
        raise Incomplete("reason", _("Tulis mengapa orang lain sebaiknya membacanya"))
    row.reason = reason.strip()[:300]
    _end(row, ReadingTurn.Ended.GIVEN_BACK, now or timezone.now())


def _end(turn: ReadingTurn, how: str, now: datetime.datetime) -> None:
    turn.ended_at, turn.ended = now, how
    turn.save(update_fields=["ended_at", "ended", "reason"])


# --- What they come to ---


def are_apart(one: Marks, other: Marks) -> bool:
    return any(abs(mine - theirs) >= APART for mine, theirs in zip(one, other, strict=True))


def points(readings: Iterable[Reading]) -> float | None:
    """0 to 100: for each question the mean of two readers, or the middle of three; None while one is missing."""
    marks: list[Marks] = [one.marks for one in readings]
    if len(marks) < len(SEATS) or (len(marks) == len(SEATS) and are_apart(marks[0], marks[1])):
        return None
    together = [float(median(each) if len(marks) > len(SEATS) else mean(each)) for each in zip(*marks, strict=True)]
    return 100 * sum(together) / (HIGHEST * len(RUBRIC))


@dataclass(frozen=True)
class Agreement:
    """How far the first two readers agree. `kappa`: Cohen's, weighted by steps; None where both gave all answers the
    same mark, so that nothing can be told from chance."""

    n: int
    same: float
    kappa: float | None

    @property
    def percent(self) -> int:
        return round(100 * self.same)

    @property
    def kappa_shown(self) -> float | None:
        return round(self.kappa, 2) if self.kappa is not None else None


@dataclass(frozen=True)
class Agreements:
    """`n`: answers read by both; `apart`: those that a third reader decides."""

    n: int = 0
    apart: int = 0
    whole: Agreement | None = None
    each: list[tuple[Question, Agreement]] = field(default_factory=list)


def agreement(pairs: Sequence[tuple[int, int]]) -> Agreement | None:
    """Of pairs of marks; None: of none."""
    n = len(pairs)
    if not n:
        return None
    same = sum(one == other for one, other in pairs) / n
    first, second = Counter(one for one, _other in pairs), Counter(other for _one, other in pairs)
    seen = sum(abs(one - other) for one, other in pairs) / n
    chance = (
        sum(abs(one - other) * first[one] * second[other] for one in range(HIGHEST + 1) for other in range(HIGHEST + 1))
        / n**2
    )
    return Agreement(n, same, 1 - seen / chance if chance else None)


def agreements(sample: Sample) -> Agreements:
    """Of the answers of a sample that both first readers have read. One statement."""
    marks: dict[int, dict[int, Marks]] = defaultdict(dict)
    for reading in Reading.objects.filter(answer__sample=sample, seat__in=SEATS):
        marks[reading.answer_id][reading.seat] = reading.marks
    both = [(one[1], one[2]) for one in marks.values() if len(one) == len(SEATS)]
    if not both:
        return Agreements()
    by_question = [[(one[place], other[place]) for one, other in both] for place in range(len(RUBRIC))]
    each = [
        (question, found)
        for question, pairs in zip(RUBRIC, by_question, strict=True)
        if (found := agreement(pairs)) is not None
    ]
    return Agreements(
        len(both),
        sum(are_apart(one, other) for one, other in both),
        agreement([pair for pairs in by_question for pair in pairs]),
        each,
    )
