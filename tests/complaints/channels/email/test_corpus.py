"""Letters as people and machines write them, and what must become of each: a report, an addition, a person's decision
or a refusal with its reason. Nothing raises, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import override_settings

from complaints import privacy
from complaints.models import Arrival, Complaint, Message, Notification, Reporter
from tests.complaints.channels.email.post import HEARD, SAMPLES, Post, begin
from tests.world import build

# One world for all letters; each of them is read in a transaction that is undone.
pytestmark = pytest.mark.usefixtures("own_database", "nudges")

STORY = "Sudah dua minggu lampu jalan di Kampung Baru mati. Anak-anak pulang mengaji dalam gelap."


@dataclass(frozen=True)
class Report:
    """Opens a case. `files`: taken, then refused; None: not looked at."""

    title: str | None = None
    body: str | None = None
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    files: tuple[list[str], list[str]] | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Added:
    """Becomes a message of the reporter in their case; `replies`: they are told so."""

    body: str
    files: tuple[list[str], list[str]] = ([], [])
    replies: bool = True


@dataclass(frozen=True)
class Held:
    why: str
    text: str = ""
    # None: about another case.
    about_case: bool | None = False


@dataclass(frozen=True)
class Refused:
    """`reply`: words that go back to its sender; "": silence."""

    reason: str
    reply: str = ""


@dataclass(frozen=True)
class Returned:
    """A letter of ours came back; `lasting`: the address counts as unreachable from now on."""

    lasting: bool


@dataclass(frozen=True)
class Answered:
    body: str


Expected = Report | Added | Held | Refused | Returned | Answered

CORPUS: dict[str, Expected] = {
    # A report, in every dress a mail program knows
    "polos": Report("Lampu jalan mati di Kampung Baru", STORY),
    "sandi-qp": Report(has=("Dusun Émbong sudah lapuk – berbahaya",)),
    "utf8-mengaku-ascii": Report("Air PDAM keruh", "Air keruh sejak Idul Fitri – warnanya kecokelatan, baunya “amis”."),
    "windows-mengaku-latin": Report("Trotoar dijual", "Trotoar di depan pasar “disewakan” – Rp5.000 per meter."),
    "sandi-tak-dikenal": Report(has=("tutup sejak pukul 10 – padahal",)),
    "utf16": Report("Sekolah bocor", "Atap kelas tiga bocor sejak Januari."),
    "emoji": Report("🚧 Jalan longsor", "Jalan ke Desa Curug longsor 🚧🚧. Mobil tidak bisa lewat 🙏"),
    "dua-bahasa": Report(has=("broken for a month", "rusak sejak sebulan")),
    "html-saja": Report(
        "Parkir liar",
        "Parkir liar di Jalan Anggrek menutup trotoar.\n\nLokasinya di peta ini (https://peta.contoh.test/?q=1).\n\n"
        "- setiap pagi\n- setiap sore",
    ),
    "html-word": Report(has=("Gang “Melati” mampet.", "Air masuk rumah."), lacks=("font-face",)),
    "dua-rupa": Report("Halte rusak", "Atap halte Simpang Tiga roboh.", files=([], [])),
    "dua-rupa-polos-kosong": Report(body="Atap halte Simpang Empat roboh."),
    "winmail": Report(body="Jembatan Kali Bening retak di sisi barat.", files=(["retak.jpg"], [])),
    "winmail-rusak": Report(has=("Jembatan Kali Bening retak, lihat lampiran.",), files=([], ["winmail.dat"])),
    "bersarang": Report(body="Sampah menumpuk di belakang pasar.", files=(["bukti.jpg", "dekat.jpg"], [])),
    "terlampir-surat": Report(
        "Jawaban dinas",
        has=(
            "Begini jawaban mereka",
            "Dari: Dinas Contoh <dinas@contoh.test>",
            "Jalan Mawar sudah selesai diperbaiki.",
        ),
        files=(["mawar.jpg"], []),
    ),
    "terusan": Report("Jalan Mawar", has=("Tolong dibantu.", "Jalan Mawar sudah selesai diperbaiki.")),
    "nama-2231": Report(files=(["tiang miring – gang dua.jpg"], [])),
    "nama-2047": Report(files=(["tiang – miring.jpg"], [])),
    "kepala-8bit": Report("Café tanpa izin – bising", facts={"name": "André Hartono"}),
    "kepala-terpotong": Report("Jembatan – retak"),
    "nama-berkoma": Report(facts={"name": "Hartono, Rudi (warga)", "email": "rudi@contoh.test"}),
    "uuencode": Report(
        body="Ada lubang di Jalan Kenanga, fotonya di bawah.\n\nTerima kasih.", files=(["lubang.jpg"], [])
    ),
    "uuencode-palsu": Report(has=("begin 644 rapat", "hanya kata-kata"), files=([], [])),
    "mengalir": Report(
        body="Setiap hujan, air masuk ke rumah warga di RT 03 karena saluran di ujung jalan tersumbat sampah pasar.\n\n"
        "Sudah kami bersihkan, besoknya penuh lagi.",
        lacks=("0812",),
    ),
    "smime-terbaca": Report(body="Ada pungutan Rp20.000 di loket tiga.", files=([], [])),
    "smime-tertutup": Report(body="Loket tiga meminta uang – tanpa kuitansi.", files=([], [])),
    "smime-tersandi": Held("UNREADABLE", "Pungutan, tersandi"),
    "undangan": Report(body="Kami mengundang petugas melihat jalan longsor."),
    "undangan-saja": Report(has=("Warga datang ke balai desa", "Tempat: Balai Desa Curug", "jalan longsor, bawa foto")),
    "tanpa-isi": Report(
        "Lampu lalu lintas Simpang Lima mati sejak Senin", "Lampu lalu lintas Simpang Lima mati sejak Senin"
    ),
    "kosong": Held("INCOMPLETE"),
    "foto-saja": Held("INCOMPLETE"),
    "tujuh-foto": Report(
        files=([f"foto-{n}.jpg" for n in range(1, 6)], ["foto-6.jpg", "foto-7.jpg"]),
    ),
    "program": Report(files=(["asli.jpg"], ["formulir.pdf.exe", "bukan-foto.jpg"])),
    "logo": Report(has=("Samsat keliling tidak datang.",), files=([], [])),
    "apel": Report(body="Ini dari arah utara:\n\ndan ini dari selatan.", files=(["utara.jpg"], [])),
    "rahasia": Report("Pungli di loket tiga", facts={"secret": True, "anonymous": False, "name": "Rudi Hartono"}),
    "anonim": Report("Pungli di loket empat", facts={"secret": False, "anonymous": True, "name": ""}),
    "rahasia-anonim": Report("Pungli di loket lima", facts={"secret": True, "anonymous": True, "name": ""}),
    "rahasia-sebagai-kata": Report("Rahasia umum di kantor desa", facts={"secret": True, "anonymous": False}),
    "re-fwd": Report("Jalan rusak"),
    "tanpa-judul": Report("Satu dua tiga empat lima enam tujuh delapan…"),
    "judul-panjang": Report(has=(STORY,)),
    "cerita-panjang": Report(has=("Kami sudah berkali-kali",), lacks=("kalimat penutupnya",)),
    "nul": Report("Tanda nol", "Tulisandengantanda nol."),
    "pasangan-yatim": Report(has=("Tulisan", "dengan pasangan yatim")),
    "awalan": Report("jalan ke pasar berlubang", facts={"office": "pemkab"}),
    "awalan-plus": Report("Jalan ke pasar berlubang", facts={"office": "pemkab"}),
    "awalan-salah-ketik": Report("SUKAMAJI jalan ke pasar berlubang", facts={"office": None}),
    "tanda-tangan": Report("Pasar becek", "Pasar Kliwon becek."),
    "tanpa-id": Report("Tanpa nomor surat"),
    "kepala-saja": Report("Kepala saja, tanpa badan", "Kepala saja, tanpa badan"),
    "batas-hilang": Report(has=("Isi ini tidak pernah dibuka",)),
    "base64-terpotong": Report(has=("Jalan rusak",), files=([], ["jalan.jpg"])),
    # An answer of the reporter, by each program's way of quoting
    "balas-gmail": Added("Nomor 7, di seberang masjid."),
    "balas-gmail-inggris": Added("Number 7, across the mosque."),
    "balas-outlook": Added("Di seberang masjid.\n\nSalam,\nSari"),
    "balas-outlook-lama": Added("Di seberang masjid."),
    "balas-iphone": Added("Di seberang masjid"),
    "balas-yahoo": Added("Di seberang masjid"),
    "balas-samsung": Added("Di seberang masjid"),
    "balas-sela": Added("> Di mana tepatnya lubang itu?\n\nDi seberang masjid.\n\n> Sejak kapan?\n\nSejak Lebaran."),
    "balas-bawah": Added("Jawaban saya ada di bawah sini."),
    "balas-html": Added("Di seberang masjid."),
    "balas-foto": Added("Berkas terlampir.", (["dekat.jpg"], ["semua.zip"])),
    "balas-huruf-besar": Added("Nomor 7."),
    "balas-tembusan": Added("Nomor 7."),
    "balas-ke-utama": Added("Nomor 7."),
    # What only a person can tell
    "tanda-salah": Held("WHOSE", "Nomor 7."),
    "tanda-aneh": Held("WHOSE", "Nomor 7."),
    "tanda-pengirim-lain": Held("NOT_THEIRS", "Saya tetangganya", about_case=True),
    "tanda-lama": Held("WHOSE", "Nomor 7.", about_case=True),
    "dua-tanda": Held("WHOSE", "Nomor 7."),
    "surat-pengirim-lain": Held("NOT_THEIRS", "Saya juga mau tahu", about_case=True),
    "jawab-pemastian": Held("WHOSE", "Ya, benar ini alamat saya.", about_case=None),
    "tanpa-pengirim": Held("SUSPECT", STORY),
    "dua-pengirim": Held("SUSPECT", STORY),
    "tak-bisa-dibalas": Held("SUSPECT", "Transaksi Anda berhasil."),
    "domain-sendiri": Held("SUSPECT", STORY),
    "jangan-dijawab": Held("SUSPECT", "Tiket Anda"),
    "cuti-tanpa-tanda": Held("SUSPECT", "sedang cuti", about_case=True),
    "jawab-orang-lain": Held("NOT_THEIRS", "Kami tambal besok.", about_case=True),
    "jawab-tanda-palsu": Held("WHOSE", "Kami tambal besok."),
    # Machines, and our own letters
    "otomatis": Refused("Auto-Submitted"),
    "balasan-otomatis": Refused("sedang tidak di tempat"),
    "out-of-office": Refused("sedang tidak di tempat"),
    "massal": Refused("Precedence"),
    "milis": Refused("milis"),
    "langganan": Refused("milis"),
    "pengirim-kosong": Refused("pengirim kosong"),
    "alamat-sendiri": Refused("alamat kami sendiri"),
    "alamat-balasan-sendiri": Refused("alamat kami sendiri"),
    "jawab-otomatis": Refused("Auto-Submitted"),
    "surat-kembali": Returned(lasting=True),
    "surat-kembali-kepala": Returned(lasting=True),
    "surat-kembali-kuno": Returned(lasting=True),
    "surat-kembali-sementara": Returned(lasting=False),
    "surat-tertunda": Refused("451 try later"),
    "surat-kembali-asing": Refused("bukan dari kami"),
    # Officers
    "jawab-petugas": Answered("Lubang kami tambal hari Kamis oleh UPT Jalan.\n\nJoko"),
    "jawab-kosong": Refused("tanpa kata-kata", "Kami tidak menemukan tulisan Anda"),
    "jawab-lewat-waktu": Refused("tujuh hari", "> Kami tambal besok."),
    "jawab-basi": Refused("berubah sesudah surat", "> Kami tambal besok."),
    # Nothing at all
    "acak": Held("SUSPECT"),
    "hanya-nul": Held("SUSPECT"),
}


@pytest.fixture(scope="module")
def before(own_database: str) -> Iterator[Post]:
    # Nobody is woken: what a worker would do, the tests do.
    with override_settings(**HEARD), patch("lapor.kit.nudge.after_commit"):
        yield begin(build())


@pytest.fixture
def post(before: Post) -> Iterator[Post]:
    with transaction.atomic():
        before.case = Complaint.objects.get(pk=before.case.pk)
        yield before
        transaction.set_rollback(True)


def test_every_sample_says_what_must_become_of_it() -> None:
    # A letter that answers another sample's is read in its own test below.
    assert {path.stem for path in SAMPLES.glob("*.eml")} - {"surat-kedua"} == set(CORPUS)
    assert len(CORPUS) >= 100


@pytest.mark.parametrize("name", sorted(CORPUS))
@pytest.mark.sampled
def test_a_letter_becomes_what_it_must(post: Post, name: str) -> None:
    expected = CORPUS[name]
    cases, messages = Complaint.objects.count(), Message.objects.count()
    raw = post.sample(name)
    arrival = post.take(raw)

    assert arrival.raw() == raw, "kept as it came"
    assert arrival.tries == 1, "understood at the first try"
    match expected:
        case Report():
            assert Complaint.objects.count() == cases + 1
            check_report(post, arrival, expected)
        case Added():
            assert (arrival.outcome, arrival.complaint) == ("APPENDED", post.case)
            message = post.case.messages.get()
            assert (message.side, message.body) == ("REPORTER", expected.body)
            assert files_of(post.case) == expected.files
            assert arrival.replies.exists() == expected.replies
        case Held():
            assert (arrival.outcome, arrival.hold) == ("HELD", expected.why)
            assert expected.text in arrival.text
            about = arrival.suggestion.get("complaint")
            assert (about == post.case.pk) is bool(expected.about_case)
            assert (about is None) is (expected.about_case is False)
            assert not arrival.replies.exists(), "whoever it was learns nothing"
        case Refused():
            assert arrival.outcome == "REFUSED"
            assert expected.reason in arrival.reason
            letters = post.deliver()
            assert [letter.to for letter in letters if letter.to == [arrival.sender]] == (
                [["joko@contoh.test"]] if expected.reply else []
            )
            if expected.reply:
                assert expected.reply in letters[-1].body
        case Returned():
            assert arrival.outcome == "REFUSED"
            row = Notification.objects.get(message_id=post.letter)
            reporter = Reporter.objects.get(complaint=post.case)
            assert (row.state == "FAILED") == expected.lasting
            assert (reporter.unreachable_since is not None) == expected.lasting
            assert post.case.events.filter(verb="undeliverable").exists() == expected.lasting
            last = row.attempts.order_by("pk").last()
            assert last is not None
            assert not last.succeeded
            assert "sari@" not in last.answer
            assert "@" not in arrival.reason
        case Answered():
            assert (arrival.outcome, arrival.complaint) == ("APPENDED", post.case)
            message = post.case.messages.get()
            assert (message.side, message.body, message.author) == ("AGENCY", expected.body, post.world.joko.user)
    if not isinstance(expected, Report):
        assert Complaint.objects.count() == cases
    if isinstance(expected, Held | Refused | Returned):
        assert Message.objects.count() == messages


def check_report(post: Post, arrival: Arrival, expected: Report) -> None:
    case = arrival.complaint
    assert case is not None
    assert (arrival.outcome, case.channel) == ("OPENED", "email")
    assert expected.title is None or case.title == expected.title
    assert expected.body is None or case.body == expected.body
    for words in expected.has:
        assert words in case.body
    for words in expected.lacks:
        assert words not in case.body
    assert expected.files is None or files_of(case) == expected.files
    known = privacy._identity(case)
    facts = {"email": "rudi@contoh.test", **expected.facts}
    for name, value in facts.items():
        match name:
            case "office":
                assert case.addressed_to == (getattr(post.world, value) if value else None)
                assert case.addressed_by == ("PREFIX" if value else "")
            case "name" | "email":
                assert getattr(known, name) == value
            case _:
                assert getattr(case, name) is value
    # From is no proof: the address gets the question whether it is right, and not a word of the report.
    assert case.reporter.email_confirmed_at is None
    assert case.reporter.door == ""
    assert not arrival.replies.exists()


def files_of(case: Complaint) -> tuple[list[str], list[str]]:
    """Names of the files that were taken, and of those that were not, each with a reason."""
    files = list(case.attachments.all())
    refused = [file for file in files if file.state == "REFUSED"]
    assert all(file.reason for file in refused)
    return [file.name for file in files if file not in refused], [file.name for file in refused]


def test_a_second_letter_to_ones_own_first_is_added_and_not_answered(post: Post) -> None:
    first = post.take("polos")
    second = post.take("surat-kedua")

    assert (second.outcome, second.complaint) == ("APPENDED", first.complaint)
    assert not second.replies.exists(), "nobody has confirmed that address"
    stranger = post.take(
        post.sample("surat-kedua").replace(b"rudi@contoh.test", b"lain@contoh.test").replace(b"<surat-", b"<lain-")
    )
    assert stranger.outcome == "OPENED", "its references name nothing of ours any more"


def test_a_long_letter_is_kept_whole_in_parts(post: Post) -> None:
    case = post.take("cerita-panjang").complaint
    assert case is not None
    whole = " ".join([case.body, *case.messages.values_list("body", flat=True)])
    assert whole.count("Kami sudah berkali-kali melapor tentang jalan ini.") == 480
    assert whole.endswith("Ini kalimat penutupnya.")
