"""The head's lesson: what waits for approval, and what is late."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lapor.training import people
from lapor.training.lessons.laid import propose
from lapor.training.lessons.lesson import Laid, Lesson, Step, to

PIMPINAN = Lesson(
    people.BY_SLUG["pimpinan"],
    _("Menyetujui jawaban dan melihat yang terlambat"),
    _("Dua jawaban stafnya menunggu Anda. Yang baik disetujui, yang kurang dikembalikan; lalu lihat yang terlambat."),
    (
        Step(
            "baca",
            _("Baca jawaban yang menunggu"),
            _("Buka laporan antrean obat dengan nama Anda. Jawaban stafnya belum terlihat warga."),
            _("Laporan antrean obat milik Anda belum dibuka dari Meja."),
            lambda learner: learner.opened("setuju"),
            lambda learner: learner.address("setuju"),
        ),
        Step(
            "setuju",
            _("Setujui jawabannya"),
            _(
                "Tekan “Setujui jawaban” kalau isinya menjawab dan menyebut tanggal, periksa, lalu kirim. Baru sesudah "
                "itu warga membacanya."
            ),
            _("Jawaban di laporan antrean obat belum Anda setujui. Menjawab sendiri belum dihitung."),
            lambda learner: learner.acted("setuju", "resolve", "answer", approved=True),
            lambda learner: learner.address("setuju"),
        ),
        Step(
            "kembali",
            _("Kembalikan jawaban yang kurang"),
            _(
                "Di laporan jadwal imunisasi jawabannya tidak menyebut apa-apa. Tekan “Kembalikan jawaban”, dan "
                "tulis apa yang perlu diperbaiki."
            ),
            _("Jawaban di laporan jadwal imunisasi belum dikembalikan oleh akun Anda."),
            lambda learner: learner.acted("kembali", "return"),
            lambda learner: learner.address("kembali"),
        ),
        Step(
            "terlambat",
            _("Lihat yang terlambat, dan pada siapa"),
            _(
                "Buka “Pengawasan”: kantor Anda dibandingkan dengan masa lalunya sendiri, dan siapa yang memegang "
                "yang terlambat."
            ),
            _("Halaman pengawasan kantor belum dibuka sebagai Pimpinan."),
            lambda learner: bool(learner.looks("routing:oversight", "routing:oversight_of")),
            to("routing:oversight"),
        ),
    ),
    (
        Laid(
            "setuju",
            "Antre obat sampai sore",
            "Datang jam tujuh pagi, obat baru diterima jam empat sore. Loket yang buka hanya satu.",
            propose(
                "Mulai hari ini dua loket obat dibuka dari jam tujuh, dan nomor antreannya terpisah untuk lansia. "
                "Kalau masih lama, tekan belum beres."
            ),
        ),
        Laid(
            "kembali",
            "Jadwal imunisasi tidak ditempel",
            "Jadwal imunisasi di posyandu kami tidak pernah ditempel, jadi ibu-ibu sering datang sia-sia.",
            propose("Terima kasih atas laporannya. Akan kami tindak lanjuti."),
        ),
    ),
)
