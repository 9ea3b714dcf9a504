"""The evaluator's lesson: figures, evidence, an answer to read, and what stands out."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lapor.training import people
from lapor.training.lessons.lesson import Learner, Lesson, Step, to
from routing.models import Cycle, Points, Reading, ReadingTurn

KOMINFO: Final = people.BY_SLUG["kominfo"]


def give_turn(learner: Learner) -> None:
    """One of the drawn answers to read, taken over from a reader who is nobody's part."""
    user = learner.user
    if ReadingTurn.objects.open().filter(reader=user).exists() or Reading.objects.filter(reader=user).exists():
        return
    read = ReadingTurn.objects.filter(reader=user).values("answer")
    turn = (
        ReadingTurn.objects.open()
        .exclude(reader__email__endswith=f"@{people.DOMAIN}")
        .exclude(answer__in=read)
        .order_by("answer__number", "seat")
        .first()
    )
    if turn is not None:
        turn.reader = user
        turn.save(update_fields=["reader"])


# In these an evaluator may still give points.
_SCORED: Final = (Cycle.Stage.SCORE, Cycle.Stage.OBJECT, Cycle.Stage.DECIDE)


def _running() -> Cycle | None:
    return Cycle.objects.filter(stage__in=_SCORED).order_by("-pk").first()


def _the_year(learner: Learner) -> str:
    """The year whose evidence is scored: the districts whose evidence waits."""
    cycle = _running()
    if cycle is None:
        return reverse("routing:evaluating")
    return reverse("routing:evaluating_cycle", args=[cycle.pk]) + "?hanya=nilai"


def _the_district(learner: Learner) -> str:
    """The lessons' own district in it: its points may be given anew, however many gave them before."""
    cycle, pemda = _running(), people.office_of(KOMINFO)
    if cycle is None or pemda is None or not cycle.evaluations.filter(agency=pemda).exists():
        return _the_year(learner)
    return reverse("routing:evaluating_district", args=[cycle.pk, pemda.pk]) + "#bukti"


def _scored(learner: Learner) -> bool:
    return Points.objects.filter(by=learner.user).exists()


def _district_seen(learner: Learner) -> bool:
    return bool(learner.looks("routing:evaluating_district"))


EVALUATOR = Lesson(
    people.BY_SLUG["evaluator"],
    _("Menilai bukti daerah dan membaca mutu jawaban"),
    _(
        "Evaluasi tahun lalu sudah sampai tahap penilaian: buktinya menunggu nilai, dan contoh "
        "jawabannya menunggu pembaca."
    ),
    (
        Step(
            "daerah",
            _("Buka angka dan bukti sebuah daerah"),
            _(
                "Buka daerah yang memberi bukti, misalnya Indragiri Hulu: angkanya, komentarnya, dan buktinya. Semua "
                "sudah dinilai peserta lain? Tekan “Semua”, lalu cari daerahnya."
            ),
            _("Belum ada halaman daerah dalam evaluasi yang dibuka."),
            _district_seen,
            _the_year,
        ),
        Step(
            "nilai",
            _("Beri nilai sebuah bukti"),
            _(
                "Tekan “Beri nilai” di salah satu bukti, baca rubriknya, pilih nilainya, dan tulis alasan yang akan "
                "dibaca daerah. Yang sudah dinilai peserta lain boleh dinilai lagi."
            ),
            _(
                "Belum ada bukti yang dinilai oleh akun Anda. Evaluasinya sudah terbit? Minta pelatih mengulang dari "
                "awal."
            ),
            _scored,
            _the_district,
        ),
        Step(
            "giliran",
            _("Baca satu contoh jawaban"),
            _(
                "Di “Mutu jawaban”, tekan “Baca yang berikutnya” dan jawab keempat pertanyaannya. Pembaca lain tidak "
                "melihat nilai Anda."
            ),
            _("Belum ada giliran baca yang Anda selesaikan. Diserahkan? Giliran lain sudah disiapkan."),
            lambda learner: Reading.objects.filter(reader=learner.user).exists(),
            to("routing:reviews"),
        ),
        Step(
            "tanda",
            _("Lihat tanda yang menonjol"),
            _("Buka halaman tanda: kebiasaan yang tampak tidak wajar hanya ditunjukkan, tidak dihukum mesin."),
            _("Halaman tanda belum dibuka sebagai Evaluator."),
            lambda learner: bool(learner.looks("routing:signals", "routing:signals_of")),
            to("routing:signals"),
        ),
    ),
    more=give_turn,
)
