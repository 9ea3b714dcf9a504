"""The citizen's lesson: from a report to the rating of its answer."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lapor.training import people
from lapor.training.lessons.laid import FINAL, forward, liaison
from lapor.training.lessons.lesson import Learner, Lesson, Step, same, to
from lapor.training.models import Letter


def answer_citizen(learner: Learner) -> bool:
    """The office's side of the citizen's lesson: it answers at once. False: there is nothing to answer."""
    case = learner.own
    if case is None or case.status not in ("submitted", "forwarded", "in_progress"):
        return False
    with transaction.atomic():
        if case.status == "submitted":
            forward(people.PU)(case)
        by = liaison(case.handler)
        if case.status == "forwarded":
            case.start(by=by)
        case.resolve(FINAL, by=by, outcome="DONE", done_on=timezone.localdate(), unit="Tim lapangan")
    return True


def _read_after_answer(learner: Learner) -> bool:
    answer = learner.said("resolve")
    return answer is not None and any(
        same(look.about, learner.own.number) and look.at >= answer.at  # type: ignore[union-attr]
        for look in learner.looks("complaints:case")
    )


def _own_case(learner: Learner) -> str:
    return reverse("complaints:case", args=[learner.own.number]) if learner.own else reverse("complaints:mine")


def _posted_track(learner: Learner) -> bool:
    return learner.own is not None and any(
        same(look.about, learner.own.number) for look in learner.looks("complaints:track", posted=True)
    )


def _letter_read(learner: Learner) -> bool:
    return Letter.objects.filter(
        to=people.address_of(learner.participant, learner.part), opened_at__isnull=False
    ).exists()


WARGA = Lesson(
    people.BY_SLUG["warga"],
    _("Melapor, melacak, dan menilai jawaban"),
    _("Dari melapor sampai menilai jawaban, seperti yang dilakukan seorang warga."),
    (
        Step(
            "lapor",
            _("Sampaikan sebuah laporan"),
            _(
                "Tekan “Lapor masalah”, ceritakan hal karangan di Kabupaten Indragiri Hulu, dan pilih kabar lewat "
                "email. Catat nomor dan kuncinya: kunci hanya tampil sekali."
            ),
            _("Belum ada laporan dari akun latihan Anda. Pastikan peran Anda Warga waktu mengirim."),
            lambda learner: learner.own is not None,
            to("complaints:place"),
        ),
        Step(
            "surat",
            _("Baca surat tanda terimanya"),
            _("Buka “Surat” di pita latihan, lalu surat yang paling atas. Datangnya dalam beberapa detik."),
            _(
                "Belum ada surat untuk Anda sebagai Warga yang dibuka. Belum datang? Muat ulang halaman surat. Tidak "
                "memilih kabar lewat email? Kirim satu laporan lagi."
            ),
            _letter_read,
            to("latihan:mailbox"),
        ),
        Step(
            "lacak",
            _("Lacak dengan nomor dan kunci"),
            _(
                "Tekan “Lacak”, tulis nomor dan kunci yang Anda simpan. Begitulah warga tanpa akun mengikuti "
                "laporannya."
            ),
            _(
                "Laporan Anda belum dibuka lewat Lacak dengan kuncinya. Membukanya dari Laporan saya belum dihitung. "
                "Kuncinya tidak tercatat? Kirim satu laporan lagi."
            ),
            _posted_track,
            to("complaints:track"),
        ),
        Step(
            "jawaban",
            _("Baca jawaban kantor"),
            _("Tekan tombol di bawah supaya kantornya menjawab sekarang, lalu buka laporan Anda dan baca jawabannya."),
            _("Kantornya belum menjawab, atau laporan Anda belum dibuka sesudah jawaban itu datang."),
            _read_after_answer,
            _own_case,
            helper=_("Minta kantor menjawab sekarang"),
        ),
        Step(
            "nilai",
            _("Terima, atau katakan belum beres"),
            _(
                "Di halaman laporan, jawab pertanyaan apakah masalahnya sudah beres. “Sudah beres” menutupnya, "
                "“Belum beres” mengembalikannya ke kantor."
            ),
            _("Laporan Anda belum diterima dan belum disanggah."),
            lambda learner: learner.said("accept", "contest") is not None,
            _own_case,
        ),
    ),
)
