"""The coordinator's lesson: a day at Kominfo."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.models import AuditEntry, Leave
from complaints.models import Event
from lapor.training import people
from lapor.training.lessons.laid import forward, place
from lapor.training.lessons.lesson import Laid, Learner, Lesson, Step, to


def _nudged(learner: Learner) -> bool:
    """An office as a whole, or about one of its cases."""
    office = AuditEntry.objects.filter(subject_kind="agency", what="nudge", who=learner.user)
    return office.exists() or Event.objects.filter(verb="nudge", actor=learner.user).exists()


def _deputy(learner: Learner) -> bool:
    return Leave.objects.filter(entered_by=learner.user, lent__isnull=False).exists()


KOMINFO = Lesson(
    people.BY_SLUG["kominfo"],
    _("Meneruskan, memindahkan, mengawasi, dan mengatur pengganti"),
    _(
        "Sehari di Kominfo: yang baru diteruskan, yang salah alamat dipindahkan, yang diam diingatkan, "
        "yang cuti digantikan."
    ),
    (
        Step(
            "teruskan",
            _("Teruskan laporan yang belum jelas kantornya"),
            _(
                "Laporan pupuk dengan nama Anda menunggu di “Meja”. Tekan “Teruskan ke kantor”, cari kantornya, "
                "misalnya dengan kata pertanian, dan tulis alasannya."
            ),
            _("Laporan pupuk belum diteruskan oleh akun Anda."),
            lambda learner: learner.acted("teruskan", "forward"),
            lambda learner: learner.address("teruskan"),
        ),
        Step(
            "pindah",
            _("Pindahkan yang salah alamat"),
            _(
                "Laporan jalan longsor tersasar ke Dinas Kesehatan. Tekan “Pindahkan ke kantor lain”, dan pilih dinas "
                "pekerjaan umum; batas waktunya jalan terus."
            ),
            _("Laporan jalan longsor belum dipindahkan oleh akun Anda."),
            lambda learner: learner.acted("pindah", "move"),
            lambda learner: learner.address("pindah"),
        ),
        Step(
            "awasi",
            _("Lihat siapa yang terlambat"),
            _("Buka “Pengawasan”: kantor yang diam dan yang paling lama terlambat berdiri di atas."),
            _("Halaman pengawasan kabupaten belum dibuka sebagai Operator Kominfo."),
            lambda learner: bool(learner.looks("routing:oversight", "routing:oversight_of")),
            to("routing:oversight"),
        ),
        Step(
            "ingatkan",
            _("Ingatkan sebuah kantor"),
            _(
                "Di “Pengawasan”, tekan “Ingatkan” di baris kantor yang diam; di baris lain ia ada di dalam "
                "“Tindakan”. Tulis alasannya. Satu kantor diingatkan sekali sehari."
            ),
            _(
                "Belum ada kantor yang diingatkan oleh akun Anda. Sudah diingatkan peserta lain hari ini? Pilih "
                "kantor lain."
            ),
            _nudged,
            to("routing:oversight"),
        ),
        Step(
            "pengganti",
            _("Catat cuti, dan beri pengganti"),
            _(
                "Di daftar petugas, buka seorang petugas yang punya rekan sekantor, misalnya Joko Prasetyo. Catat "
                "cutinya mulai hari ini menurut jam latihan, dan pilih penggantinya."
            ),
            _(
                "Belum ada cuti yang dicatat akun Anda dengan pengganti yang sudah berlaku. Sudah cuti? Pilih petugas "
                "lain."
            ),
            _deputy,
            to("agencies:members"),
        ),
    ),
    (
        Laid(
            "teruskan",
            "Pupuk bantuan tidak sampai",
            "Kelompok kami terdaftar, tetapi pupuk bantuan tidak pernah sampai. Kelompok lain sudah dua kali menerima.",
            place,
        ),
        Laid(
            "pindah",
            "Jalan longsor ke kebun",
            "Separuh badan jalan ke kebun longsor semalam. Mobil tidak bisa lewat.",
            forward(people.HEALTH),
        ),
    ),
)
