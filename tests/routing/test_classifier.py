"""What a text is about, by its words: read in workers only, from weights that hold no text."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from routing import subject
from routing.classifier import reading, vocabulary, weights, words
from routing.classifier.vocabulary import LEVELS, Example

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT.parent / "shared/data/complaints_lapor2017_dev/complaints.csv"


def first(text: str, title: str = "") -> str:
    return subject.by(weights.shipped(), title, text).first.bidang


# --- words ---


def test_spelling_places_names_and_masks_are_brought_together() -> None:
    assert words.words_of("Jln. rusaaak bgt di Kab. Nganjuk, [NAMA] 081234567890 http://x.id/?q=1") == [
        "jalan",
        "rusak",
        "banget",
        "di",
        "kabupaten",
        words.DISTRICT,
        "#",
    ]
    assert words.words_of("Jakarta Selatan, Jawa Tengah") == [words.PROVINCE, words.PROVINCE]
    assert words.words_of("e-KTP bu Siti Aisyah") == ["ktp", "bu"]


@pytest.mark.parametrize(
    ("word", "stem"),
    [("pengaspalan", "aspal"), ("diperbaiki", "perbaik"), ("lampunya", "lampu"), ("jalan", "jalan"), ("ktp", "ktp")],
)
def test_stems_need_no_dictionary(word: str, stem: str) -> None:
    assert words.stem(word) == stem


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀" * 50, "a" * 100_000, "[NAMA]" * 2_000, "((((" * 5_000])
def test_any_text_can_be_read(text: str) -> None:
    begun = time.perf_counter()
    read = reading.read(weights.shipped(), text[:160], text)
    assert time.perf_counter() - begun < 1
    assert 0 <= read.sure <= 1
    assert sum(share for _name, share in read.bidang) == pytest.approx(1, abs=1e-3)
    assert sum(share for _name, share in read.level) == pytest.approx(1, abs=1e-3)


def test_every_word_of_the_lexicon_speaks_for_something_that_exists() -> None:
    known = {*vocabulary.bidang_names(), *(f"level:{level}" for level in LEVELS), "supervised"}
    known |= {f"kind:{kind}" for kind in reading.KINDS}
    assert {field for fields in words.lexicon().values() for field in fields} <= known
    assert set(vocabulary.bidang_names()) <= {field for fields in words.lexicon().values() for field in fields}


# --- verdicts ---


@pytest.mark.parametrize(
    ("text", "bidang"),
    [
        ("Jalan berlubang di depan pasar, sudah banyak motor yang jatuh", "pekerjaan_umum"),
        ("air pdam keruh dan berbau sejak seminggu", "air_minum"),
        ("ktp sy blm jadi2 katanya blangko habis", "dukcapil"),
        ("Kapan PKH tahap dua cair?", "sosial"),
        ("faskes tingkat pertama tidak mau kasih rujukan, kartu JKN nonaktif", "bpjs_kesehatan"),
        ("saldo JHT belum cair, KPJ sudah dikirim", "bpjs_ketenagakerjaan"),
        ("antrean paspor di kantor imigrasi selalu penuh", "imigrasi_hukum"),
        ("paket saya belum sampai, no resi sudah dilacak di kantor pos", "pos"),
        ("suami sering memukul, kekerasan dalam rumah tangga", "pemberdayaan_perempuan_anak"),
    ],
)
def test_plain_reports_of_any_city(text: str, bidang: str) -> None:
    assert first(text) == bidang


def test_the_words_that_spoke_stand_in_the_text_and_name_nobody() -> None:
    said = subject.by(weights.shipped(), "", "Pak Joko Widagdo bilang jalan berlubang belum diaspal").words
    assert "jalan berlubang" in said
    assert not {"joko", "widagdo"} & set(" ".join(said).split())


def test_kind_and_supervision_are_guessed_by_cues() -> None:
    shipped = weights.shipped()
    assert subject.by(shipped, "", "Mohon informasi bagaimana cara mengurus KIA?").kind == "PERMINTAAN_INFORMASI"
    assert subject.by(shipped, "", "Usul, sebaiknya ditambah halte").kind == "ASPIRASI"
    assert subject.by(shipped, "", "Lampu jalan mati").kind == "PENGADUAN"
    assert subject.by(shipped, "", "Pungli dan suap oleh oknum").supervised > 0.5
    assert subject.by(shipped, "", "Lampu jalan mati").supervised < 0.1


def test_nothing_is_sure_at_a_level_without_a_threshold() -> None:
    shipped = weights.shipped()
    without = [level for level in LEVELS if shipped.thresholds[level].score is None]
    assert without
    said = subject.by(shipped, "", "Sampah menumpuk di TPS, truk sampah dinas kebersihan kota tidak datang")
    assert said.first.level in without
    assert not said.is_sure


# --- weights ---


def test_weights_hold_numbers_only_and_survive_their_file() -> None:
    shipped = weights.shipped()
    again = weights.from_bytes(weights.to_bytes(shipped))
    assert again.about == shipped.about
    assert np.array_equal(again.bidang, shipped.bidang)
    with np.load(weights.SHIPPED, allow_pickle=False) as file:
        assert {file[name].dtype.kind for name in file.files} <= {"f", "u"}
    assert weights.SHIPPED.stat().st_size < 4_000_000


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a file of weights" * 9])
def test_what_is_no_weights_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="bukan berkas bobot"):
        weights.from_bytes(data)


@pytest.mark.slow
def test_a_word_of_fewer_than_three_reports_is_not_kept() -> None:
    from routing.classifier.learning import Learner

    reports = [Example("", f"laporan ke {n} tentang kwartet", "pos", "bumn", group=n) for n in range(3)]
    reports += [Example("", "sekali saja xylofonik", "pos", "bumn", group=9)] * 5
    features = Learner(reports).fit(np.arange(len(reports))).features
    assert words.number("w", "kwartet") in features
    assert words.number("w", "xylofonik") not in features, "five copies are one report"


@pytest.mark.slow
def test_near_copies_are_one_group() -> None:
    from routing.classifier.learning import grouped

    story = "lampu di depan sekolah mati sejak hari senin dan belum ada petugas yang datang"
    one, two, other = grouped([Example("", said, "", "") for said in (story, f"Halo, {story}", "air keruh sekali")])
    assert one.group == two.group != other.group


# --- where it runs ---


def test_reading_needs_no_scikit_learn_and_little_memory() -> None:
    code = (
        "import resource, sys\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "from routing.classifier import reading, weights\n"
        "reading.read(weights.shipped(), 'Jalan rusak', 'Jalan berlubang di desa kami ' * 50)\n"
        "print(int('sklearn' in sys.modules), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded, megabytes = map(int, told.stdout.split())
    assert not loaded
    assert megabytes < 150


@pytest.mark.skipif(not REPORTS.exists(), reason="perlu ../shared/data/complaints_lapor2017_dev")
def test_reports_of_2017_take_milliseconds() -> None:
    with REPORTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:200]
    shipped = weights.shipped()
    reading.read(shipped, "", "")
    begun = time.process_time()
    for row in rows:
        reading.read(shipped, row["title"], row["text"])
    assert (time.process_time() - begun) / len(rows) < 0.02
