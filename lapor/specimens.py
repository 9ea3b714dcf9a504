"""Invented content for /komponen/: no figure is a real office's, no sentence was sent by anybody."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from lapor.kit import bars
from lapor.kit.weeks import weeks
from lapor.kit.widgets import DayField, RadioCards, RadioInline, Rating, Story

PROMISES = [
    ("on_time", 4),
    ("near", 1),
    ("near", 0),
    ("late", 6),
    ("paused", 2),
    ("kept", 3),
    ("kept", 0),
    ("answered_late", 2),
]


class SpecimenForm(forms.Form):
    """One field of every kind, each with its own sentences for empty and malformed."""

    kind = forms.ChoiceField(
        label="Apa yang ingin Anda sampaikan?",
        choices=[("masalah", "Ada masalah"), ("usul", "Saya punya usul"), ("tanya", "Saya mau bertanya")],
        widget=RadioCards(
            hints={
                "masalah": "Sesuatu rusak, lambat, atau tidak benar.",
                "usul": "Ide supaya layanan jadi lebih baik.",
                "tanya": "Syarat, biaya, jadwal, atau hal lain.",
            }
        ),
        error_messages={"required": "Pilih apa yang ingin Anda sampaikan"},
    )
    title = forms.CharField(
        label="Judul singkat",
        help_text="Satu kalimat. Contoh: Lampu jalan mati di depan pasar.",
        max_length=120,
        error_messages={"required": "Tulis judul singkat"},
    )
    story = forms.CharField(
        label="Ceritanya",
        help_text="Apa yang terjadi, sejak kapan, dan apa akibatnya. Jangan tulis NIK atau nomor telepon.",
        widget=Story(limit=10_000),
        error_messages={"required": "Tulis apa yang terjadi"},
    )
    happened_on = DayField(label="Kapan kejadiannya?", help_text="Perkiraan boleh.", today=date(2026, 5, 25))
    urgency = forms.ChoiceField(
        label="Masih terjadi sekarang?",
        choices=[("ya", "Ya"), ("tidak", "Tidak"), ("kadang", "Kadang-kadang")],
        widget=RadioInline,
        error_messages={"required": "Pilih salah satu"},
    )
    rating = forms.ChoiceField(
        label="Hasilnya baik?",
        help_text="1 buruk, 5 baik sekali.",
        choices=[(n, n) for n in "12345"],
        widget=Rating,
        required=False,
    )
    office = forms.ChoiceField(
        label="Kantor",
        choices=[("", "Semua kantor"), ("pu", "Dinas PUPR"), ("kes", "Dinas Kesehatan")],
        required=False,
    )
    file = forms.FileField(
        label="Foto atau dokumen",
        help_text="Paling banyak 5. JPG, PNG, WebP, atau PDF, masing-masing sampai 10 MB.",
        required=False,
    )
    tell = forms.MultipleChoiceField(
        label="Kabari saya lewat",
        choices=[("email", "Email"), ("sms", "SMS")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    conduct = forms.BooleanField(label="Ini tentang perilaku petugas atau pimpinan", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("kirim", "Kirim laporan"))
        self.helper.add_input(Submit("simpan", "Simpan dulu", css_class="line"))


def context() -> dict[str, Any]:
    """What both component pages show."""
    return {
        "promises": PROMISES,
        "statuses": ["Belum ditindaklanjuti", "Dalam proses", "Menunggu tanggapan pelapor", "Selesai"],
        "journey": [
            {"state": "done", "title": "Diterima", "when": "Senin, 25 Mei 2026, 08.12 WIB"},
            {
                "state": "done",
                "title": "Diteruskan ke Dinas PUPR",
                "when": "25 Mei, 4 detik kemudian",
                "detail": "Karena “jalan berlubang” dan tempatnya di Seberida.",
            },
            {
                "state": "done",
                "title": "Jawaban pertama",
                "when": "Jumat, 29 Mei, 10.40 WIB",
                "promise": {"state": "kept", "days": 3},
            },
            {
                "state": "now",
                "title": "Anda menilai",
                "when": "Sampai Kamis, 18 Juni 2026",
                "promise": {"state": "on_time", "days": 8},
            },
            {"state": "next", "title": "Selesai"},
        ],
        "calendar": weeks(
            date(2026, 5, 25),
            date(2026, 6, 4),
            {
                date(2026, 5, 27): "Iduladha",
                date(2026, 5, 28): "Cuti bersama Iduladha",
                date(2026, 6, 1): "Hari Lahir Pancasila",
            },
        ),
        "cases": [
            {
                "url": "#",
                "title": "Puskesmas pembantu tidak ada petugas",
                "place": "Desa Talang Jerinjing, Rengat Barat",
                "office": "Dinas Kesehatan",
                "same": 4,
                "status": "Belum ditindaklanjuti",
                "promise": {"state": "late", "days": 6},
            },
            {
                "url": "#",
                "title": "Jembatan gantung ke sekolah putus satu sisi",
                "place": "Desa Kelesa, Seberida",
                "office": "Dinas PUPR",
                "same": 12,
                "status": "Dalam proses",
                "promise": {"state": "near", "days": 1},
            },
        ],
        "answers": [
            {
                "label": "Dikirim ke",
                "value": "Dinas Pekerjaan Umum dan Penataan Ruang, Kab. Indragiri Hulu",
                "note": "Karena Anda menulis “jalan berlubang” dan tempatnya di Kecamatan Seberida.",
                "url": "#",
            },
            {"label": "Judul", "value": "Jalan berlubang di depan Pasar Belilas", "url": "#"},
        ],
        "files": [
            {"name": "lubang-1.jpg", "size": 340_000, "remove": "#"},
            {"name": "surat-warga.pdf", "size": 2_410_000, "remove": "#"},
        ],
        "receipt": [
            ("Diterima", "Senin, 25 Mei 2026, 08.12 WIB"),
            ("Tentang", "Jalan berlubang di depan Pasar Belilas"),
            ("Dipegang oleh", "Dinas Pekerjaan Umum dan Penataan Ruang"),
            ("Dijawab paling lambat", "Kamis, 4 Juni 2026"),
        ],
        "done_facts": [("Dikerjakan", "2 Juni 2026"), ("Oleh", "Tim Bina Marga")],
        "shares": bars.stack(
            [("Dijawab", 15_977, "t1"), ("Masih dalam batas waktu", 1_816, "t2"), ("Terlambat", 411, "t5")]
        ),
        "speed": [
            {"label": "Kec. Seberida", "value": 1.2, "tone": "t2"},
            {"label": "Seluruh kabupaten", "value": 2.4, "me": True},
            {"label": "Perhubungan", "value": 5.4, "tone": "t5"},
            {"label": "Pertanahan", "value": 6.8, "tone": "t5"},
        ],
        "months": bars.columns(
            [("Dijawab tepat waktu", "t1"), ("Dijawab terlambat", "t4"), ("Lewat batas, belum dijawab", "t5")],
            [
                (month, (140 + n * 3, 20 + n, 8))
                for n, month in enumerate(
                    ["Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des", "Jan", "Feb", "Mar", "Apr", "Mei"]
                )
            ],
        ),
        "acting": SimpleNamespace(agency=SimpleNamespace(name="Dinas PUPR Kab. Indragiri Hulu")),
        "nav": [("Meja", "/meja/", 41), ("Komponen", "/komponen/", None)],
        "views": [
            ("Semua yang terbuka", "/komponen/meja/", "41", False, True),
            ("Baru, belum dipegang", "#", "6", False, False),
            ("Tugas saya", "#", "14", False, False),
            ("Hampir lewat tenggat", "#", "5", False, False),
            ("Terlambat", "#", "3", True, False),
            ("Menunggu pelapor", "#", "8", False, False),
        ],
        "queue": [
            ("Terlambat", 2, [("late", 6, "Gorong-gorong mampet, rumah kebanjiran"), ("late", 1, "Izin belum keluar")]),
            (
                "Hampir lewat tenggat",
                2,
                [("near", 0, "Jalan tanah longsor dekat SD"), ("near", 1, "Pagar tebing roboh")],
            ),
            ("Masih ada waktu", 2, [("on_time", 3, "Kapan jalan dilebarkan?"), ("paused", 2, "Bahu jalan digali")]),
        ],
        "offices": [
            ("Kecamatan Batang Peranap", _ages(0, 1, 0, 2, 3, 1), 7, 6),
            ("Dinas PUPR", _ages(12, 9, 17, 3, 0, 0), 41, 3),
            ("Dinas Lingkungan Hidup", _ages(9, 8, 5, 0, 0, 0), 22, 0),
        ],
    }


def _ages(*counts: int) -> list[bars.Part]:
    return bars.stack([("", count, f"a{n}") for n, count in enumerate(counts, start=1)], top=41)
