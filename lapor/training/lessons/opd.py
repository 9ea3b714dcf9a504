"""The liaison's lesson: answer one, ask about one, hand one back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lapor.training import people
from lapor.training.lessons.laid import forward
from lapor.training.lessons.lesson import Laid, Lesson, Step

OPD = Lesson(
    people.BY_SLUG["admin-opd"],
    _("Menjawab, bertanya, dan mengembalikan laporan"),
    _(
        "Tiga laporan menunggu di meja Anda, dengan nama Anda di judulnya: satu dijawab, satu "
        "ditanyakan, satu bukan urusan Anda."
    ),
    (
        Step(
            "buka",
            _("Buka laporan tentang lampu jalan"),
            _("Di “Meja”, cari laporan lampu jalan dengan nama Anda, lalu baca sampai habis."),
            _("Laporan lampu jalan milik Anda belum dibuka dari Meja."),
            lambda learner: learner.opened("jawab"),
            lambda learner: learner.address("jawab"),
        ),
        Step(
            "proses",
            _("Mulai memprosesnya"),
            _(
                "Tekan “Mulai kerjakan”, periksa yang akan dibaca warga, lalu tekan sekali lagi. Warga langsung "
                "tahu bahwa laporannya dikerjakan."
            ),
            _("Laporan lampu jalan belum diproses oleh akun Anda."),
            lambda learner: learner.acted("jawab", "start"),
            lambda learner: learner.address("jawab"),
        ),
        Step(
            "tuntas",
            _("Beri jawaban akhir"),
            _(
                "Di “Jawaban akhir”, pilih “Sudah dikerjakan”, lalu tulis apa yang dikerjakan, kapan, dan oleh unit "
                "mana, dalam bahasa sehari-hari."
            ),
            _("Belum ada jawaban akhir dari akun Anda di laporan lampu jalan. Tanggapan biasa belum cukup."),
            lambda learner: learner.acted("jawab", "resolve"),
            lambda learner: learner.address("jawab"),
        ),
        Step(
            "tanya",
            _("Tanyakan yang kurang"),
            _(
                "Laporan tentang jembatan tidak menyebut kampungnya. Tekan “Minta keterangan pelapor”, dan "
                "tanyakan satu hal yang jelas."
            ),
            _("Belum ada pertanyaan dari akun Anda kepada pelapor jembatan."),
            lambda learner: learner.acted("tanya", "ask"),
            lambda learner: learner.address("tanya"),
        ),
        Step(
            "kembali",
            _("Kembalikan yang bukan wewenang Anda"),
            _(
                "Laporan tentang kartu keluarga bukan urusan pekerjaan umum. Tekan “Bukan wewenang kami”, lalu "
                "cari kantor yang tepat, misalnya dengan kata kependudukan."
            ),
            _("Laporan kartu keluarga belum dikembalikan sebagai bukan wewenang. Usul arsip belum dihitung."),
            lambda learner: learner.acted("bukan", "hand_back", ground="NOT_OURS"),
            lambda learner: learner.address("bukan"),
        ),
    ),
    (
        Laid(
            "jawab",
            "Lampu jalan padam di depan pasar",
            "Tiga lampu jalan di depan pasar padam sejak seminggu. Kemarin malam dua motor bersenggolan di situ.",
            forward(people.PU),
        ),
        Laid(
            "tanya",
            "Jembatan kayu lapuk",
            "Jembatan kayu di kampung kami lapuk, papannya lepas dua. Anak-anak lewat situ ke sekolah.",
            forward(people.PU),
        ),
        Laid(
            "bukan",
            "Kartu keluarga belum jadi sebulan",
            "Saya mengurus kartu keluarga baru sebulan lalu dan sampai hari ini belum jadi.",
            forward(people.PU),
        ),
    ),
)
