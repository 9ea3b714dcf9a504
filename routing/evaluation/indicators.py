"""Every indicator is one function of a district's year, from 0 to 100, with the range it may lie in. Its docstring is
the sentence behind the "?" of the page: formula, denominator, source. None: there is nothing to judge, and its weight
goes to the others of its dimension.

Promises to the citizen are read from clocks, offices from their own turns (case.md section 4). Closed by the system is
never counted as somebody's consent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from routing.evaluation import estimates
from routing.evaluation.estimates import Estimate
from routing.evaluation.numbers import Year

Take = Callable[[Year], Estimate | None]
# Fewer ratings say nothing.
FEWEST_RATINGS: Final = 5


@dataclass(frozen=True)
class Indicator:
    code: str
    dimension: str
    label: str
    take: Take

    @property
    def name(self) -> str:
        return _(self.label)

    @property
    def formula(self) -> str:
        return _(self.take.__doc__ or "")


DIMENSIONS: Final[Mapping[str, str]] = {
    "speed": gettext_noop("Kecepatan"),
    "settlement": gettext_noop("Penyelesaian"),
    "voice": gettext_noop("Suara warga"),
    "organisation": gettext_noop("Organisasi"),
}
INDICATORS: Final[dict[str, Indicator]] = {}


def indicator(code: str, dimension: str, label: str, formula: str) -> Callable[[Take], Take]:
    """Put the function into the list; what explains it to the reader becomes its docstring."""

    def listed(take: Take) -> Take:
        take.__doc__ = formula
        INDICATORS[code] = Indicator(code, dimension, label, take)
        return take

    return listed


# --- Speed ---


@indicator(
    "verified",
    "speed",
    gettext_noop("Diteruskan tepat waktu"),
    gettext_noop(
        "Laporan yang diperiksa dan diteruskan paling lambat pada tanggal yang dijanjikan, dibagi semua yang "
        "diteruskan ditambah yang lewat batas dan belum. Sumber: jam VERIFY kepada warga (3 hari kerja, Permen PANRB "
        "62/2018, diganti 5/2025)."
    ),
)
def verified(year: Year) -> Estimate | None:
    sums = year.counted.sums
    whole = sums["verified_in_time"] + sums["verified_late"] + sums["verified_missed"]
    return estimates.share(sums["verified_in_time"], whole)


@indicator(
    "answered",
    "speed",
    gettext_noop("Jawaban pertama tepat waktu"),
    gettext_noop(
        "Laporan yang jawaban pertamanya datang paling lambat pada tanggal yang dijanjikan kepada pelapor, dibagi "
        "semua yang dijawab ditambah yang lewat batas dan tidak dijawab. Sumber: jam RESPOND kepada warga (5 hari "
        "kerja, Permen PANRB 62/2018, diganti 5/2025)."
    ),
)
def answered(year: Year) -> Estimate | None:
    sums = year.counted.sums
    whole = sums["answered_in_time"] + sums["answered_late"] + sums["answered_missed"]
    return estimates.share(sums["answered_in_time"], whole)


@indicator(
    "answer_days",
    "speed",
    gettext_noop("Lama sampai jawaban pertama"),
    gettext_noop(
        "Median hari kerja dari diteruskan sampai jawaban pertama, diubah menjadi nilai menurut tabel hari dalam cara "
        "menghitung. Yang lewat batas dan tidak pernah dijawab dihitung lebih lama daripada semua yang dijawab, "
        "sehingga mendiamkan laporan sulit tidak mempercepat angkanya. Sumber: “rata-rata waktu tindak lanjut” dalam "
        "evaluasi pengelolaan SP4N-LAPOR!."
    ),
)
def answer_days(year: Year) -> Estimate | None:
    counted = year.counted
    return _by_days(year, counted.spreads["answer_days"], counted.sums["answered_missed"])


@indicator(
    "turns",
    "speed",
    gettext_noop("Kantor menjawab dalam waktunya"),
    gettext_noop(
        "Giliran kantor yang dijawab dalam hari kerja untuk jawaban pertama, dihitung dari hari pertama kantor itu "
        "sendiri, dibagi giliran yang dijawab ditambah yang dilepas tanpa jawaban sesudah waktunya habis. Sumber: "
        "giliran kantor (waktu OPD dihitung sejak disposisi kepadanya)."
    ),
)
def turns(year: Year) -> Estimate | None:
    sums = year.counted.sums
    return estimates.share(sums["turns_in_time"], sums["turns_in_time"] + sums["turns_late"])


# --- Settlement ---


@indicator(
    "followed",
    "settlement",
    gettext_noop("Ditindaklanjuti"),
    gettext_noop(
        "Laporan yang mendapat paling sedikit satu jawaban kantor, dibagi semua yang diteruskan ke kantor. Yang "
        "digabung dan yang dibawa dari riwayat tidak ikut. Sumber: “persentase tindak lanjut” dalam evaluasi "
        "pengelolaan SP4N-LAPOR!."
    ),
)
def followed(year: Year) -> Estimate | None:
    sums = year.counted.sums
    return estimates.share(sums["followed"], sums["forwarded"])


@indicator(
    "settled",
    "settlement",
    gettext_noop("Jawaban akhir tepat waktu"),
    gettext_noop(
        "Laporan yang mendapat jawaban akhir paling lambat pada tanggal yang dijanjikan, dibagi semua yang mendapat "
        "jawaban akhir ditambah yang lewat batas dan belum. Apakah pelapor menerimanya dinilai dalam Suara warga. "
        "Sumber: jam RESOLVE kepada warga (5, 14, atau 60 hari kerja, Permen PANRB 62/2018, diganti 5/2025)."
    ),
)
def settled(year: Year) -> Estimate | None:
    sums = year.counted.sums
    whole = sums["settled_in_time"] + sums["settled_late"] + sums["settled_missed"]
    return estimates.share(sums["settled_in_time"], whole)


@indicator(
    "quality",
    "settlement",
    gettext_noop("Mutu jawaban"),
    gettext_noop(
        "Nilai dari pembaca sampel jawaban yang diambil acak: menjawab pertanyaannya, menyebut apa yang dikerjakan, "
        "ada buktinya, bahasanya mudah. Yang ikut: yang selesai dibaca sebelum angka ditutup; yang dibaca sesudahnya "
        "tidak, supaya dihitung ulang kapan pun hasilnya sama. Tanpa sampel untuk tahun ini bobotnya dibagi ke "
        "indikator lain dalam dimensinya. Sumber: “kualitas tindak lanjut” dalam evaluasi pengelolaan SP4N-LAPOR!."
    ),
)
def quality(year: Year) -> Estimate | None:
    return year.quality


# --- The citizen's voice ---


@indicator(
    "accepted",
    "voice",
    gettext_noop("Diterima pelapor"),
    gettext_noop(
        "Laporan yang ditutup dengan kata pelapornya sendiri, dibagi semua yang ditutup sesudah jawaban akhir: oleh "
        "pelapor dan oleh sistem. Yang ditutup sistem karena pelapor diam ada di pembagi dan tidak di atasnya: diam "
        "bukan puas. Sumber: kejadian terima dan tutup otomatis."
    ),
)
def accepted(year: Year) -> Estimate | None:
    return estimates.share(year.counted.sums["accepted"], year.counted.closed)


@indicator(
    "uncontested",
    "voice",
    gettext_noop("Tidak dibantah"),
    gettext_noop(
        "Laporan yang jawaban akhirnya tidak pernah dinyatakan belum beres, dibagi semua yang mendapat jawaban akhir. "
        "Sumber: kejadian “belum selesai” dari pelapor."
    ),
)
def uncontested(year: Year) -> Estimate | None:
    whole = max(year.counted.settled, year.counted.sums["contested"])
    return estimates.share(whole - year.counted.sums["contested"], whole)


@indicator(
    "rated",
    "voice",
    gettext_noop("Nilai pelapor untuk hasilnya"),
    gettext_noop(
        "Rata-rata nilai 1 sampai 5 untuk hasilnya, dijadikan 0 sampai 100. Hanya dari pelapor yang menilai; kurang "
        "dari lima penilai tidak dihitung, dan bobotnya dibagi ke indikator lain dalam dimensinya."
    ),
)
def rated(year: Year) -> Estimate | None:
    sums = year.counted.sums
    if sums["rated_result"] < FEWEST_RATINGS:
        return None
    return estimates.rating(sums["rating_result"], sums["rated_result"])


# --- Organisation ---


@indicator(
    "decrees",
    "organisation",
    gettext_noop("Petugas dengan SK yang berlaku"),
    gettext_noop(
        "Petugas yang pengangkatannya bertumpu pada keputusan yang tidak diubah keputusan lain atau sudah dikonfirmasi "
        "lagi, dibagi semua petugas; tanpa petugas 0. Keadaan pada hari angka dikumpulkan; tidak ada kejadian yang "
        "bisa menghitungnya ulang."
    ),
)
def decrees(year: Year) -> Estimate | None:
    return _of_officers(year, "valid")


@indicator(
    "active",
    "organisation",
    gettext_noop("Petugas yang membuka meja"),
    gettext_noop(
        "Petugas yang membuka mejanya dalam 30 hari terakhir, dibagi semua petugas; tanpa petugas 0. Keadaan pada hari "
        "angka dikumpulkan."
    ),
)
def active(year: Year) -> Estimate | None:
    return _of_officers(year, "active")


@indicator(
    "evidence",
    "organisation",
    gettext_noop("Bukti: SK, komitmen, rencana aksi, sosialisasi"),
    gettext_noop(
        "Nilai evaluator untuk empat macam bukti menurut rubrik, masing-masing 0 sampai 3, dibagi nilai tertingginya. "
        "Yang tidak disampaikan daerah bernilai 0. Sumber: bukti di halaman evaluasi daerah."
    ),
)
def evidence(year: Year) -> Estimate | None:
    if not year.points:
        return None
    return _exactly(sum(points or 0 for points in year.points.values()), 3 * len(year.points))


@indicator(
    "rightly",
    "organisation",
    gettext_noop("Sampai ke kantor yang benar"),
    gettext_noop(
        "Giliran yang tidak dikembalikan sebagai bukan wewenang dan tidak dipindahkan, dibagi semua giliran. Sumber: "
        "giliran kantor."
    ),
)
def rightly(year: Year) -> Estimate | None:
    sums = year.counted.sums
    return estimates.share(sums["turns"] - sums["turns_not_ours"] - sums["turns_moved"], sums["turns"])


# --- Of one office within a district ---


@indicator(
    "turn_days",
    "",
    gettext_noop("Lama giliran sampai dijawab"),
    gettext_noop(
        "Median hari kerja dari hari pertama kantor itu sampai jawabannya yang pertama, diubah menjadi nilai menurut "
        "tabel hari. Giliran yang dilepas tanpa jawaban sesudah waktunya habis dihitung lebih lama daripada semuanya."
    ),
)
def turn_days(year: Year) -> Estimate | None:
    counted = year.counted
    done = sum(counted.spreads["days"].values())
    judged = counted.sums["turns_in_time"] + counted.sums["turns_late"]
    return _by_days(year, counted.spreads["days"], max(0, judged - done))


def _by_days(year: Year, spread: Mapping[int, int], never: int) -> Estimate | None:
    found = estimates.middle(spread, never)
    if found is None:
        return None

    def points(days: float) -> float:
        return estimates.points_for(days, year.days)

    return Estimate(points(found.days), points(found.high), points(found.low), found.n)


def _of_officers(year: Year, which: str) -> Estimate:
    """Nobody appointed is nobody at the desk."""
    return _exactly(year.people.get(which, 0), year.people.get("officers", 0)) or Estimate(0, 0, 0, 0)


def _exactly(part: float, whole: float) -> Estimate | None:
    """All of it was looked at: nothing is estimated, and there is no range."""
    if not whole:
        return None
    value = 100 * part / whole
    return Estimate(value, value, value, int(whole))
