"""One act on many cases of the desk: what it would do to each, and what it did.

The tables in `complaints.transitions` decide case by case, as they do on a case's own page. Each case is a transaction
of its own, asked for the version it was shown with; one that was overtaken is named and keeps nobody else from theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actor import Actor
from agencies.models import Membership
from agencies.permissions import Capability, membership_may
from complaints import privacy
from complaints.models import Complaint
from complaints.models.lifecycle.answers import ROUNDS_BEFORE_COORDINATOR
from complaints.number import read_number
from complaints.transitions import TABLE, Refusal, Stale, Status, Who, standing
from routing import dispatch, forms, groups

MOST = 50
Run = Callable[[Complaint, Actor, dict[str, Any], int], object]


@dataclass(frozen=True)
class BulkAct:
    """`verb` says which row of the table an act on this very case asks."""

    code: str
    button: str | Promise
    heading: str | Promise
    intro: str | Promise
    capability: Capability
    form: type[forms.BulkForm]
    verb: Callable[[Complaint], str]
    run: Run


def _send(case: Complaint, by: Actor, said: dict[str, Any], version: int) -> object:
    act = dispatch.forward if case.status == Status.SUBMITTED else dispatch.move
    return act(case, said["agency"], by=by, reason=said["reason"], version=version)


def _answer(case: Complaint, by: Actor, said: dict[str, Any], version: int) -> object:
    return case.answer(said["body"], by=by, audience=said["audience"], version=version)


def _resolve(case: Complaint, by: Actor, said: dict[str, Any], version: int) -> object:
    return case.resolve(
        said["body"],
        by=by,
        outcome=said["outcome"],
        done_on=said["done_on"],
        unit=said["unit"],
        promised_on=said["promised_on"],
        audience=said["audience"],
        version=version,
    )


ACTS: tuple[BulkAct, ...] = (
    BulkAct(
        "penanganan",
        gettext_lazy("Mulai kerjakan"),
        gettext_lazy("Mulai kerjakan laporan terpilih"),
        gettext_lazy("Nama Anda tercatat sebagai pemegang, dan pelapornya diberi tahu. Belum ada yang terbit."),
        Capability.WORK,
        forms.BulkForm,
        lambda case: "start",
        lambda case, by, said, version: case.start(by=by, version=version),
    ),
    BulkAct(
        "tanggapan",
        gettext_lazy("Tanggapi"),
        gettext_lazy("Tanggapi laporan terpilih"),
        gettext_lazy("Setiap pelapor membaca tanggapan yang sama. Laporan yang belum terbit tidak ikut terbit."),
        Capability.WORK,
        forms.BulkAnswerForm,
        lambda case: "answer",
        _answer,
    ),
    BulkAct(
        "jawaban-akhir",
        gettext_lazy("Jawaban akhir"),
        gettext_lazy("Jawaban akhir untuk laporan terpilih"),
        gettext_lazy("Setiap pelapor membaca jawaban yang sama, lalu menilainya sendiri-sendiri."),
        Capability.WORK,
        forms.BulkResolveForm,
        lambda case: "resolve",
        _resolve,
    ),
    BulkAct(
        "pindahan",
        gettext_lazy("Teruskan atau pindahkan"),
        gettext_lazy("Kirim laporan terpilih ke satu kantor"),
        gettext_lazy(
            "Yang belum diperiksa diteruskan, yang lain dipindahkan. Batas waktu kepada pelapor tidak mulai dari awal."
        ),
        Capability.MOVE,
        forms.BulkOfficeForm,
        lambda case: "forward" if case.status == Status.SUBMITTED else "move",
        _send,
    ),
    BulkAct(
        "pengingat",
        gettext_lazy("Ingatkan"),
        gettext_lazy("Ingatkan kantor pemegang laporan terpilih"),
        gettext_lazy("Petugasnya mendapat surat tentang setiap laporan; alasannya tercatat."),
        Capability.OVERSEE,
        forms.BulkNudgeForm,
        lambda case: "nudge",
        lambda case, by, said, version: case.nudge(by=by, reason=said["reason"]),
    ),
    BulkAct(
        "gabungan",
        gettext_lazy("Gabungkan"),
        gettext_lazy("Gabungkan laporan terpilih"),
        gettext_lazy(
            "Satu menjadi laporan utama, yang lain digabung ke sana. Keliru? Pisahkan lagi: sisa harinya tidak hilang."
        ),
        Capability.ARCHIVE,
        forms.BulkMergeForm,
        lambda case: "merge",
        lambda case, by, said, version: groups.merge(case, said["lead"], by=by, text=said["text"], version=version),
    ),
    BulkAct(
        "arsip",
        gettext_lazy("Arsipkan"),
        gettext_lazy("Arsipkan laporan terpilih"),
        gettext_lazy("Setiap pelapor membaca alasan dan penjelasan yang sama."),
        Capability.ARCHIVE,
        forms.BulkArchiveForm,
        lambda case: "archive",
        lambda case, by, said, version: case.archive(by=by, ground=said["ground"], text=said["text"], version=version),
    ),
)
BY_CODE = {act.code: act for act in ACTS}


def offered(membership: Membership) -> list[BulkAct]:
    """The acts that make sense for somebody who sits here."""
    return [act for act in ACTS if membership_may(membership, act.capability, membership.agency)]


@dataclass(frozen=True)
class Line:
    """One chosen case. `why` says why nothing can happen to it, "" that it can; `case` None: to this officer there is
    no such case."""

    number: str
    case: Complaint | None
    title: str | Promise = ""
    why: str = ""

    @property
    def status(self) -> str:
        return str(Status(self.case.status).label) if self.case is not None else ""


def chosen(typed: Iterable[str]) -> dict[str, int | None]:
    """Numbers as the rows carry them: "7K4M9QXD2TB", or "7K4M9QXD2TB~3" with the version shown; at most MOST."""
    found: dict[str, int | None] = {}
    for one in typed:
        number, _sep, version = one.partition("~")
        stored = read_number(number)
        if stored is not None:
            found[stored] = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
        if len(found) == MOST:
            break
    return found


def plan(act: BulkAct, numbers: Sequence[str], by: Actor) -> list[Line]:
    """What the act would do to each, in the order they were chosen."""
    seen = {
        case.number: case
        for case in Complaint.objects.visible_to(by)
        .filter(number__in=numbers)
        .select_related("handler", "place", "not_for", "addressed_to", "category")
        .prefetch_related("contributions")
    }
    return [_line(act, number, seen.get(number), by) for number in numbers]


def _line(act: BulkAct, number: str, case: Complaint | None, by: Actor) -> Line:
    if case is None:
        return Line(number, None, why=_("Laporan ini tidak ada lagi di meja Anda."))
    return Line(number, case, privacy.row_title(case, by), _hindrance(act, case, by))


def _hindrance(act: BulkAct, case: Complaint, by: Actor) -> str:
    row = TABLE[act.verb(case)]
    stands = standing(case, by)
    if not stands & set(row.who):
        return _("Ini bukan wewenang Anda pada laporan ini.")
    if case.status not in row.sources:
        return _("Statusnya “%(status)s”.") % {"status": Status(case.status).label}
    if act.code == "pengingat" and Who.HANDLER in stands:
        return _("Laporan ini ada di kantor Anda sendiri.")
    if act.code == "jawaban-akhir" and case.round > ROUNDS_BEFORE_COORDINATOR and Who.COORDINATOR not in stands:
        return _("Laporan ini sudah dua kali belum beres. Jawaban akhir berikutnya dari koordinator.")
    return ""


def run(
    act: BulkAct, lines: Sequence[Line], versions: dict[str, int | None], by: Actor, said: dict[str, Any]
) -> tuple[list[Line], list[Line]]:
    """Act on each that can be. Those done, and those not with the reason why."""
    lead = said.get("lead")
    if lead is not None:
        # What the others are merged into stays as it is, whatever could or could not be done to it.
        lines = [line for line in lines if line.number != lead.number]
    done, left = [], [line for line in lines if line.why or line.case is None]
    for line in lines:
        if line.why or line.case is None:
            continue
        version = versions.get(line.number)
        to = said.get("agency")
        if to is not None and line.case.status != Status.SUBMITTED and line.case.handler_id == to.pk:
            left.append(Line(line.number, line.case, line.title, _("Sudah ada di kantor itu.")))
            continue
        try:
            act.run(line.case, by, said, line.case.version if version is None else version)
        except Stale:
            why = _("Baru saja diubah orang lain; belum ada yang dilakukan. Baca dulu yang baru.")
            left.append(Line(line.number, line.case, line.title, why))
        except Refusal as refusal:
            left.append(Line(line.number, line.case, line.title, str(refusal.message)))
        else:
            done.append(line)
    return done, left
