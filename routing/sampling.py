"""Drawing answers that are read for their quality, by lot and so that anybody can draw them again (ADR 0043).

The frame is every final answer one pemda, ministry or other office below the root gave to a reporter in a period that
is over, without those of secret, guarded, imported cases and those for the reporter alone. It is put in order by
office, kind and outcome, inside each by SHA-256("seed:id"), and of this list every (count/size)-th is taken from a
start that the seed gives. So each stratum has its share to within one answer, and each answer the same chance. The
seed is a hash of the frame: nobody chooses it, and nobody draws twice.
"""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry
from agencies.permissions import Capability, membership_may
from complaints.models import Message
from complaints.models.event import Audience
from complaints.transitions import Incomplete, NotAllowed
from routing import answer_flags
from routing.almanac import zone_of
from routing.models import Sample, SampledAnswer

METHOD: Final = "sistematis-1"
# How many answers are drawn unless another size is asked for, and between which a size may lie.
SIZE: Final = 60
SMALLEST, LARGEST = 10, 400
# A district with fewer answers is read as a whole by its own coordinator sooner than judged by lot.
FEWEST: Final = 10
# Steps of the random start.
_STEPS: Final = 2**52


@dataclass(frozen=True)
class Unit:
    """An answer of the frame; its stratum is all but its id."""

    pk: int
    office: int
    kind: str
    outcome: str

    @property
    def stratum(self) -> tuple[int, str, str]:
        return self.office, self.kind, self.outcome


@dataclass(frozen=True)
class Draw:
    """What follows from a frame and a size: nothing here is left to chance or to anybody."""

    seed: str
    frame_hash: str
    ordered: list[Unit]
    places: list[int]

    @property
    def strata(self) -> list[list[Any]]:
        """[office, kind, outcome, how many], in the order of the frame."""
        counted = Counter(unit.stratum for unit in self.ordered)
        return [[*stratum, counted[stratum]] for stratum in sorted(counted)]


def answers_of(agency: Agency, first: datetime.date, last: datetime.date) -> QuerySet[Message]:
    """Final answers given at or below the office on these days of its own calendar, of cases that others may read. One
    statement, by `message_final_of_office`."""
    zone = ZoneInfo(zone_of(agency))
    begins = datetime.datetime.combine(first, datetime.time.min, zone)
    ends = datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time.min, zone)
    return Message.objects.filter(
        verb="resolve",
        state=Message.State.SENT,
        agency__in=list(Agency.objects.under(agency).order_by().values_list("pk", flat=True)),
        written_at__gte=begins,
        written_at__lt=ends,
        complaint__secret=False,
        complaint__about_conduct=False,
        complaint__not_for__isnull=True,
        complaint__silent=False,
    )


def frame_of(agency: Agency, first: datetime.date, last: datetime.date) -> list[Unit]:
    outcome = Coalesce(KeyTextTransform("outcome", "facts"), Value(""), output_field=TextField())
    rows = (
        answers_of(agency, first, last)
        .filter(audience=Audience.PUBLIC)
        .order_by("pk")
        .values_list("pk", "agency_id", "complaint__kind", outcome)
    )
    return [Unit(pk, office or 0, kind, outcome) for pk, office, kind, outcome in rows]


def draw(agency: int, first: datetime.date, last: datetime.date, frame: Sequence[Unit], size: int) -> Draw:
    """The same frame and size: the same answers."""
    lines = "".join(f"{one.pk};{one.office};{one.kind};{one.outcome}\n" for one in sorted(frame, key=lambda u: u.pk))
    frame_hash = _hash(lines)
    seed = _hash(f"{METHOD};{agency};{first};{last};{frame_hash}")
    ordered = sorted(frame, key=lambda one: (one.stratum, _hash(f"{seed}:{one.pk}")))
    return Draw(seed, frame_hash, ordered, places(len(ordered), size, seed))


def places(count: int, size: int, seed: str) -> list[int]:
    """Which of so many in a row are taken: evenly spaced from a random start, in whole numbers."""
    if size >= count:
        return list(range(count))
    start = int(_hash(f"{seed}:mulai")[:13], 16)
    return [(n * _STEPS + start) * count // (size * _STEPS) for n in range(size)]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_drawn_again(sample: Sample) -> bool:
    """Drawing from the frame as it was kept gives the kept answers. One statement."""
    frame = list(units_of(sample))
    again = draw(sample.agency_id, sample.first, sample.last, frame, sample.size)
    drawn = list(sample.answers.order_by("number").values_list("message_id", flat=True))
    return (
        again.seed == sample.seed
        and again.frame_hash == sample.frame_hash
        and [one.pk for one in again.ordered] == list(sample.frame)
        and [again.ordered[place].pk for place in again.places] == drawn
    )


def units_of(sample: Sample) -> Iterator[Unit]:
    """The kept frame in its order."""
    ids = iter(sample.frame)
    for office, kind, outcome, count in sample.strata:
        for _n in range(count):
            yield Unit(next(ids), office, kind, outcome)


def proof(sample: Sample) -> Iterator[list[str]]:
    """The frame as a table, with what anybody needs to draw it again. Names of offices: one statement."""
    names = dict(Agency.objects.filter(pk__in={row[0] for row in sample.strata}).values_list("pk", "name"))
    for name, value in (
        (_("Cara"), sample.method),
        (_("Masa"), f"{sample.first}/{sample.last}"),
        (_("Instansi"), str(sample.agency_id)),
        (_("Sidik daftar (SHA-256)"), sample.frame_hash),
        (_("Benih"), sample.seed),
        (_("Jawaban dalam daftar"), str(sample.frame_count)),
        (_("Ukuran"), str(sample.size)),
        (
            _("Sidik daftar"),
            _("SHA-256 dari baris “id;nomor kantor;jenis;hasil” menurut id, tiap baris diakhiri pindah baris."),
        ),
        (_("Benih"), _("SHA-256 dari “cara;instansi;mulai;akhir;sidik daftar”.")),
        (_("Urutan"), _("Nomor kantor, jenis, hasil, lalu SHA-256 dari “benih:id”.")),
        (
            _("Terpilih"),
            _(
                "Urutan ke (n × 2^52 + mulai) × banyak : (ukuran × 2^52), dibulatkan ke bawah, mulai dari 0; “mulai” "
                "13 angka heksadesimal pertama SHA-256 “benih:mulai”."
            ),
        ),
    ):
        yield [name, value, "", "", "", "", ""]
    yield [""] * 7
    yield [_("Urutan"), _("Id jawaban"), _("Nomor kantor"), _("Kantor"), _("Jenis"), _("Hasil"), _("Terpilih")]
    taken = set(places(sample.frame_count, sample.size, sample.seed))
    for place, unit in enumerate(units_of(sample)):
        yield [
            str(place),
            str(unit.pk),
            str(unit.office),
            names.get(unit.office, ""),
            unit.kind,
            unit.outcome,
            _("ya") if place in taken else "",
        ]


def periods(today: datetime.date, years: int = 3) -> list[tuple[datetime.date, datetime.date]]:
    """Quarters and years that are over, the newest first; a year before its quarters."""
    found = []
    for year in range(today.year, today.year - years, -1):
        spans = [(1, 12), (10, 12), (7, 9), (4, 6), (1, 3)]
        for month, until in spans:
            after = datetime.date(year + (until == 12), until % 12 + 1, 1)
            last = after - datetime.timedelta(days=1)
            if last < today:
                found.append((datetime.date(year, month, 1), last))
    return found


def may_draw(by: Actor) -> bool:
    """The centre."""
    held = by.membership
    return held is not None and membership_may(held, Capability.PUBLISH_EVALUATIONS, held.agency)


def take(
    agency: Agency,
    first: datetime.date,
    last: datetime.date,
    size: int,
    *,
    by: Actor | None,
    now: datetime.datetime | None = None,
) -> Sample:
    """Draw, once for an office and period; `by` None: a command. Raises NotAllowed, Incomplete."""
    now = now or timezone.now()
    if by is not None and not may_draw(by):
        raise NotAllowed(_("Anda tidak berwenang menarik contoh."))
    if agency.path_length != 2:
        raise Incomplete("agency", _("Pilih pemda, kementerian, atau lembaga."))
    if not SMALLEST <= size <= LARGEST:
        raise Incomplete(
            "size", _("Tulis bilangan dari %(least)s sampai %(most)s") % {"least": SMALLEST, "most": LARGEST}
        )
    if last >= timezone.localtime(now, ZoneInfo(zone_of(agency))).date():
        raise Incomplete("period", _("Masa ini belum berakhir. Pilih yang sudah lewat."))
    with transaction.atomic():
        Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
        if Sample.objects.filter(agency=agency, first__lte=last, last__gte=first).exists():
            raise Incomplete("period", _("Masa ini, atau sebagian darinya, sudah punya contoh untuk instansi itu."))
        frame = frame_of(agency, first, last)
        if len(frame) < FEWEST:
            raise Incomplete(
                "agency",
                _("Baru ada %(n)s jawaban akhir yang bisa dibaca dalam masa ini; paling sedikit %(least)s.")
                % {"n": len(frame), "least": FEWEST},
            )
        drawn = draw(agency.pk, first, last, frame, size)
        sample = Sample.objects.create(
            agency=agency,
            first=first,
            last=last,
            method=METHOD,
            seed=drawn.seed,
            frame_hash=drawn.frame_hash,
            frame_count=len(frame),
            frame=[one.pk for one in drawn.ordered],
            strata=drawn.strata,
            left_out=answers_of(agency, first, last).exclude(audience=Audience.PUBLIC).count(),
            size=size,
            drawn_by=by.user if by is not None else None,
            drawn_at=now,
        )
        chosen = [drawn.ordered[place] for place in drawn.places]
        seen = answer_flags.look([one.pk for one in chosen], now=now)
        SampledAnswer.objects.bulk_create(
            SampledAnswer(
                sample=sample,
                number=number,
                message_id=one.pk,
                office_id=one.office,
                kind=one.kind,
                outcome=one.outcome,
                seen=seen.get(one.pk, {}),
            )
            for number, one in enumerate(chosen, start=1)
        )
        AuditEntry.objects.create(
            at=now,
            who=by.user if by is not None else None,
            acting_as=by.agency if by is not None else None,
            what="draw_sample",
            subject_kind="sample",
            subject_id=sample.pk,
            after={"agency": agency.pk, "first": str(first), "last": str(last), "size": size, "frame": len(frame)},
        )
    return sample
