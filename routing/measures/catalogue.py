"""Every measure is one function of a scope (subtree of an office, period, filter). Its docstring is the sentence behind
the "?" of the page: formula, denominator, legal source. Ranking is not a measure.

Citizens' promises are measured by clocks, over the cases an office has or had last; offices by their own turns. Days
are working days. A merged case was received, and is neither answered nor settled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from routing.measures import people, quality
from routing.measures.reading import Scope


@dataclass(frozen=True)
class Count:
    """A number of cases (`code` of `counting`); `of`: the codes whose sum it is a share of, none for a mere number."""

    code: str
    n: int
    of: tuple[str, ...] = ()
    whole: int | None = None
    # Of a sum of codes: which they are.
    parts: tuple[str, ...] = ()

    @property
    def behind(self) -> tuple[str, ...]:
        """The codes of its cases."""
        return self.parts or (self.code,)

    @property
    def share(self) -> float | None:
        """Per cent; None where there is nothing to be a share of."""
        return 100 * self.n / self.whole if self.whole else None


@dataclass(frozen=True)
class Days:
    """Working days: `n` cases of which they are told."""

    n: int
    median: float | None
    mean: float | None
    p90: int | None


@dataclass(frozen=True)
class Rating:
    n: int
    mean: float | None


@dataclass(frozen=True)
class Score:
    """0 to 100, of `n` answers that were read; None where these are too few."""

    n: int
    score: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Staff:
    """Officers or offices, of today. `whole`: of how many, None for a mere number. `n` None: under a filter."""

    n: int | None
    whole: int | None = None


Value = Count | Days | Rating | Score | Staff


@dataclass(frozen=True)
class Measure:
    code: str
    label: str
    group: str
    take: Callable[[Scope], Value]
    # How it is counted, and on which law that rests.
    words: tuple[str, str]

    @property
    def name(self) -> str:
        return _(self.label)

    @property
    def formula(self) -> str:
        """What stands behind the "?": the docstring, in the reader's language."""
        return " ".join(_(one) for one in self.words)


# --- Legal sources ---

# Where an article could not be read, the law alone is named; where there is no law, the portal's own rule.
_REPORTS = gettext_noop("Dasar: Perpres 76/2013, laporan berkala pengelola pengaduan.")
_UNANSWERED = gettext_noop(
    "Dasar: yang tidak ditanggapi tercatat di database nasional dan dinilai setiap tahun (evaluasi SP4N-LAPOR!); "
    "sesudah batas waktunya pelapor dapat melapor ke Ombudsman (UU 37/2008)."
)
_MERGED = gettext_noop(
    "Dasar: aturan portal, laporan yang sama disatukan dan tidak dihapus; pelapornya ikut mendapat kabar."
)
_BROUGHT = gettext_noop(
    "Dasar: Kepmen PANRB 680/2020, semua instansi memakai LAPOR!; bahwa riwayat dari aplikasi lama ikut dibawa adalah "
    "aturan portal."
)
_VERIFY = gettext_noop(
    "Dasar: batas 3 hari kerja (Permen PANRB 62/2018, diganti 5/2025), atau janji daerah yang lebih ketat."
)
_ANSWER = gettext_noop(
    "Dasar: batas 5 hari kerja (Permen PANRB 62/2018, diganti 5/2025), atau janji daerah yang lebih ketat."
)
_SETTLE = gettext_noop(
    "Dasar: 5 hari kerja (aspirasi, permintaan informasi), 14 (pengaduan), 60 (berkadar pengawasan), Permen PANRB "
    "62/2018, diganti 5/2025."
)
_FOLLOWED = gettext_noop("Dasar: “persentase tindak lanjut” dalam evaluasi pengelolaan SP4N-LAPOR!.")
_PACE = gettext_noop("Dasar: “rata-rata waktu tindak lanjut” dalam evaluasi pengelolaan SP4N-LAPOR!.")
_CLOSED = gettext_noop("Dasar: persentase penyelesaian dalam peta jalan SP4N (Permen PANRB 46/2020).")
_ACCEPTED = gettext_noop(
    "Dasar: UU 25/2009 pasal 37, pengaduan diselesaikan dengan cepat dan tuntas; bahwa kata pelapor dihitung "
    "tersendiri adalah aturan portal."
)
_LAPSED = gettext_noop(
    "Dasar: SP4N-LAPOR! menutup laporan sesudah 10 hari kerja tanpa tanggapan; bahwa itu dihitung tersendiri adalah "
    "aturan portal."
)
_CONTESTED = gettext_noop(
    "Dasar: UU 25/2009 pasal 37, pengaduan diselesaikan dengan cepat dan tuntas; bahwa pelapor dapat menolak jawaban "
    "akhir adalah aturan portal."
)
_REOPENED = gettext_noop(
    "Dasar: aturan portal, pelapor dapat membuka kembali sekali dalam 30 hari kerja, koordinator kapan pun."
)
_RETURNED = gettext_noop(
    "Dasar: aturan portal, yang bukan wewenang dikembalikan dengan menyebut kantor yang berwenang, paling banyak dua "
    "kali seputaran."
)
_ARCHIVES = gettext_noop("Dasar: aturan portal, hanya koordinator yang mengarsipkan, dengan alasan untuk pelapor.")
_EXPIRED = gettext_noop(
    "Dasar: UU 25/2009, pengaduan yang tidak dilengkapi pada waktunya dianggap dicabut; batas hari kerjanya adalah "
    "aturan portal."
)
_WITHDRAWN = gettext_noop("Dasar: aturan portal, pelapor boleh mencabut laporannya selama belum selesai.")
_RATED = gettext_noop("Dasar: aturan portal, penilaian pelapor seperti di SP4N-LAPOR!; skalanya 1 sampai 5.")
_QUALITY = gettext_noop("Dasar: “kualitas tindak lanjut” dalam evaluasi pengelolaan SP4N-LAPOR!.")
_TURNS = gettext_noop("Dasar: aturan portal, kantor dinilai menurut gilirannya sendiri, warga menurut janjinya.")
_TURN_DAYS = gettext_noop("Dasar: waktu tindak lanjut OPD dihitung sejak disposisi kepadanya.")
_TURNS_MOVED = gettext_noop("Dasar: aturan portal, pindah kantor tidak mengulang janji kepada pelapor.")
_OFFICERS = gettext_noop(
    "Dasar: UU 25/2009 pasal 36, penyelenggara menugaskan pelaksana yang kompeten untuk mengelola pengaduan."
)
_ACTIVE = gettext_noop("Dasar: keaktifan akun dalam evaluasi pengelolaan SP4N-LAPOR!.")
_DECREES = gettext_noop("Dasar: SK pengelola dalam evaluasi pengelolaan SP4N-LAPOR!.")
_OFFICES = gettext_noop("Dasar: Kepmen PANRB 680/2020, semua instansi memakai LAPOR!.")


GROUPS: Final[Mapping[str, str]] = {
    "masuk": gettext_noop("Yang masuk"),
    "janji": gettext_noop("Janji kepada warga"),
    "lama": gettext_noop("Lamanya, dalam hari kerja"),
    "akhir": gettext_noop("Bagaimana berakhir"),
    "giliran": gettext_noop("Giliran kantor"),
    "petugas": gettext_noop("Petugas, hari ini, apa pun periodenya"),
}
MEASURES: Final[dict[str, Measure]] = {}


def measure(
    code: str, group: str, label: str, formula: str, law: str
) -> Callable[[Callable[[Scope], Value]], Callable[[Scope], Value]]:
    """Put the function into the catalogue; what explains it to the reader, and its legal source, become its
    docstring."""

    def listed(take: Callable[[Scope], Value]) -> Callable[[Scope], Value]:
        take.__doc__ = f"{formula} {law}"
        MEASURES[code] = Measure(code, label, group, take, (formula, law))
        return take

    return listed


def of_group(group: str) -> list[Measure]:
    return [one for one in MEASURES.values() if one.group == group]


def _number(scope: Scope, code: str) -> Count:
    return Count(code, scope.sums[code])


def _share(scope: Scope, code: str, *of: str) -> Count:
    return Count(code, scope.sums[code], of, sum(scope.sums[one] for one in of))


def _sum(scope: Scope, code: str, parts: tuple[str, ...], *of: str) -> Count:
    return Count(code, sum(scope.sums[one] for one in parts), of, sum(scope.sums[one] for one in of), parts)


def _days(scope: Scope, name: str) -> Days:
    return days_of(scope.spreads[name])


def days_of(counted: Mapping[int, int]) -> Days:
    """Middle, mean and nine tenths of a spread; between two where the middle lies between two."""
    spread = sorted(counted.items())
    n = sum(count for _days, count in spread)
    if not n:
        return Days(0, None, None, None)

    def nth(place: int) -> int:
        for days, count in spread:
            if place < count:
                return days
            place -= count
        return spread[-1][0]

    twice = nth((n - 1) // 2) + nth(n // 2)
    middle = twice / 2 if twice % 2 else twice // 2
    return Days(n, middle, sum(days * count for days, count in spread) / n, nth(-(-9 * n // 10) - 1))


# --- What came ---


@measure(
    "received",
    "masuk",
    gettext_noop("Diterima"),
    gettext_noop(
        "Laporan yang diterima dalam periode ini, menurut hari di tempat laporannya, dan sekarang atau terakhir "
        "dipegang kantor di sini. Yang digabung dengan laporan lain dan yang dibawa dari riwayat ikut dihitung."
    ),
    _REPORTS,
)
def received(scope: Scope) -> Value:
    return _number(scope, "received")


@measure(
    "open",
    "masuk",
    gettext_noop("Masih terbuka"),
    gettext_noop("Dari yang diterima: yang sampai sekarang belum selesai dan belum diarsipkan."),
    _REPORTS,
)
def still_open(scope: Scope) -> Value:
    return _share(scope, "open", "received")


@measure(
    "past_due",
    "masuk",
    gettext_noop("Terbuka dan lewat batas"),
    gettext_noop(
        "Dari yang masih terbuka: giliran kantor, dan salah satu janjinya kepada pelapor sudah dicatat lewat. "
        "Yang menunggu pelapor tidak dihitung."
    ),
    _UNANSWERED,
)
def past_due(scope: Scope) -> Value:
    return _share(scope, "past_due", "open")


@measure(
    "merged",
    "masuk",
    gettext_noop("Digabung dengan laporan lain"),
    gettext_noop(
        "Dari yang diterima: yang diarsipkan karena sama dengan laporan lain. Dihitung sebagai diterima, tidak sebagai "
        "dijawab atau selesai."
    ),
    _MERGED,
)
def merged(scope: Scope) -> Value:
    return _share(scope, "merged", "received")


@measure(
    "told",
    "masuk",
    gettext_noop("Dibawa dari riwayat"),
    gettext_noop(
        "Dari yang diterima: yang keadaannya datang dari tabel lama. Kapan dijawab tidak diketahui, jadi tidak dinilai."
    ),
    _BROUGHT,
)
def told(scope: Scope) -> Value:
    return _share(scope, "told", "received")


# --- Promises to the citizen ---


@measure(
    "verified_in_time",
    "janji",
    gettext_noop("Diperiksa dan diteruskan tepat waktu"),
    gettext_noop(
        "Diteruskan paling lambat pada tanggal yang dijanjikan, dibagi semua yang diteruskan ditambah yang lewat batas "
        "dan belum diteruskan. Putaran pertama; yang batasnya belum tiba tidak ikut."
    ),
    _VERIFY,
)
def verified_in_time(scope: Scope) -> Value:
    return _share(scope, "verified_in_time", "verified_in_time", "verified_late", "verified_missed")


@measure(
    "answered_in_time",
    "janji",
    gettext_noop("Jawaban pertama tepat waktu"),
    gettext_noop(
        "Jawaban pertama paling lambat pada tanggal yang dijanjikan kepada pelapor, dibagi semua yang dijawab ditambah "
        "yang lewat batas dan belum dijawab. Pindah kantor tidak mengubah tanggalnya, mengarsipkan tidak menghapus "
        "keterlambatannya. Putaran pertama."
    ),
    _ANSWER,
)
def answered_in_time(scope: Scope) -> Value:
    return _share(scope, "answered_in_time", "answered_in_time", "answered_late", "answered_missed")


@measure(
    "answered_missed",
    "janji",
    gettext_noop("Lewat batas dan tidak dijawab"),
    gettext_noop(
        "Batas jawaban pertamanya lewat, dan sampai sekarang atau sampai diarsipkan tidak ada jawaban. Dibagi seperti "
        "jawaban pertama tepat waktu."
    ),
    _UNANSWERED,
)
def answered_missed(scope: Scope) -> Value:
    return _share(scope, "answered_missed", "answered_in_time", "answered_late", "answered_missed")


@measure(
    "settled_in_time",
    "janji",
    gettext_noop("Jawaban akhir tepat waktu"),
    gettext_noop(
        "Jawaban akhir paling lambat pada tanggal yang dijanjikan, dibagi semua yang mendapat jawaban akhir ditambah "
        "yang lewat batas dan belum. Putaran pertama; apakah pelapor menerimanya dihitung tersendiri."
    ),
    _SETTLE,
)
def settled_in_time(scope: Scope) -> Value:
    return _share(scope, "settled_in_time", "settled_in_time", "settled_late", "settled_missed")


@measure(
    "followed",
    "janji",
    gettext_noop("Ditindaklanjuti"),
    gettext_noop(
        "Mendapat paling sedikit satu jawaban kantor, dibagi semua yang diteruskan ke kantor. Yang digabung dan yang "
        "dibawa dari riwayat tidak ikut."
    ),
    _FOLLOWED,
)
def followed(scope: Scope) -> Value:
    return _share(scope, "followed", "forwarded")


# --- How long ---


@measure(
    "verify_days",
    "lama",
    gettext_noop("Sampai diteruskan"),
    gettext_noop(
        "Hari kerja sesudah hari diterima sampai hari diteruskan, tanpa hari menunggu pelapor. Hanya yang sudah "
        "diteruskan. Sembilan dari sepuluh paling lama sekian."
    ),
    _VERIFY,
)
def verify_days(scope: Scope) -> Value:
    return _days(scope, "verify_days")


@measure(
    "answer_days",
    "lama",
    gettext_noop("Sampai jawaban pertama"),
    gettext_noop(
        "Hari kerja sesudah hari diteruskan sampai jawaban pertama, tanpa hari menunggu pelapor, berapa kantor pun "
        "yang dilewati. Hanya yang sudah dijawab."
    ),
    _PACE,
)
def answer_days(scope: Scope) -> Value:
    return _days(scope, "answer_days")


@measure(
    "settle_days",
    "lama",
    gettext_noop("Sampai jawaban akhir"),
    gettext_noop(
        "Hari kerja sesudah hari diteruskan sampai jawaban akhir putaran pertama, tanpa hari menunggu pelapor. Hanya "
        "yang sudah mendapat jawaban akhir."
    ),
    _SETTLE,
)
def settle_days(scope: Scope) -> Value:
    return _days(scope, "settle_days")


# --- How it ended ---


@measure(
    "closed",
    "akhir",
    gettext_noop("Selesai"),
    gettext_noop(
        "Selesai diterima pelapor ditambah selesai ditutup sistem, dibagi semua yang diteruskan ke kantor. Keduanya "
        "ada di bawah ini, masing-masing tersendiri: hanya yang pertama adalah kata pelapor."
    ),
    _CLOSED,
)
def closed(scope: Scope) -> Value:
    return _sum(scope, "closed", ("accepted", "lapsed"), "forwarded")


@measure(
    "accepted",
    "akhir",
    gettext_noop("Selesai, diterima pelapor"),
    gettext_noop(
        "Ditutup dengan kata pelapor sendiri, dibagi semua yang diteruskan ke kantor. Tidak dicampur dengan yang "
        "ditutup sistem."
    ),
    _ACCEPTED,
)
def accepted(scope: Scope) -> Value:
    return _share(scope, "accepted", "forwarded")


@measure(
    "lapsed",
    "akhir",
    gettext_noop("Selesai, ditutup sistem"),
    gettext_noop(
        "Ditutup karena pelapor tidak menanggapi jawaban akhir sampai batas waktunya (10 hari kerja), dibagi semua "
        "yang diteruskan ke kantor. Tidak dihitung sebagai puas."
    ),
    _LAPSED,
)
def lapsed(scope: Scope) -> Value:
    return _share(scope, "lapsed", "forwarded")


@measure(
    "contested",
    "akhir",
    gettext_noop("Dinyatakan belum beres"),
    gettext_noop("Pelapor pernah menolak jawaban akhirnya, dibagi semua yang diteruskan ke kantor."),
    _CONTESTED,
)
def contested(scope: Scope) -> Value:
    return _share(scope, "contested", "forwarded")


@measure(
    "reopened",
    "akhir",
    gettext_noop("Dibuka kembali"),
    gettext_noop(
        "Pernah dibuka lagi sesudah ditutup atau diarsipkan, dibagi semua yang diterima. Yang dibuka sistem karena "
        "laporan utamanya gugur tidak ikut."
    ),
    _REOPENED,
)
def reopened(scope: Scope) -> Value:
    return _share(scope, "reopened", "received")


@measure(
    "bounced",
    "akhir",
    gettext_noop("Pernah dikembalikan: bukan wewenang"),
    gettext_noop(
        "Paling sedikit satu kantor mengembalikannya karena bukan wewenangnya, dibagi semua yang diterima. Menurut "
        "laporan; berapa kali sebuah kantor mengembalikan ada di giliran kantor."
    ),
    _RETURNED,
)
def bounced(scope: Scope) -> Value:
    return _share(scope, "bounced", "received")


_ARCHIVED = gettext_noop(
    "Diarsipkan dengan alasan ini dan sekarang masih diarsipkan, dibagi semua yang diterima. Alasannya dibaca pelapor."
)


def _archived(code: str, label: str) -> None:
    measure(code, "akhir", label, _ARCHIVED, _ARCHIVES)(lambda scope: _share(scope, code, "received"))


_archived("archived_not_public", gettext_noop("Diarsipkan: bukan layanan publik"))
_archived("archived_unclear", gettext_noop("Diarsipkan: tidak jelas"))
_archived("archived_in_court", gettext_noop("Diarsipkan: sedang diperiksa pengadilan"))
_archived("archived_abuse", gettext_noop("Diarsipkan: penghinaan, iklan, atau bukan laporan"))


@measure(
    "expired",
    "akhir",
    gettext_noop("Gugur"),
    gettext_noop("Diarsipkan karena keterangan yang diminta tidak datang sampai batasnya, dibagi semua yang diterima."),
    _EXPIRED,
)
def expired(scope: Scope) -> Value:
    return _share(scope, "expired", "received")


@measure(
    "withdrawn",
    "akhir",
    gettext_noop("Dicabut pelapor"),
    gettext_noop("Dicabut oleh pelapornya sendiri, dibagi semua yang diterima."),
    _WITHDRAWN,
)
def withdrawn(scope: Scope) -> Value:
    return _share(scope, "withdrawn", "received")


@measure(
    "rated",
    "akhir",
    gettext_noop("Dinilai pelapor"),
    gettext_noop("Pelapor memberi nilai pada jawabannya, dibagi semua yang diterima pelapor sebagai selesai."),
    _RATED,
)
def rated(scope: Scope) -> Value:
    return _share(scope, "rated", "accepted")


@measure(
    "rating_answer",
    "akhir",
    gettext_noop("Nilai untuk jawabannya"),
    gettext_noop(
        "Rata-rata nilai 1 sampai 5 dari pelapor yang menilai jawabannya. Di sampingnya: dari berapa penilai."
    ),
    _RATED,
)
def rating_answer(scope: Scope) -> Value:
    n = scope.sums["rated"]
    return Rating(n, scope.sums["rating_answer"] / n if n else None)


@measure(
    "rating_result",
    "akhir",
    gettext_noop("Nilai untuk hasilnya"),
    gettext_noop("Rata-rata nilai 1 sampai 5 dari pelapor yang menilai hasilnya. Di sampingnya: dari berapa penilai."),
    _RATED,
)
def rating_result(scope: Scope) -> Value:
    n = scope.sums["rated_result"]
    return Rating(n, scope.sums["rating_result"] / n if n else None)


@measure(
    "answer_quality",
    "akhir",
    gettext_noop("Mutu jawaban, menurut contoh"),
    gettext_noop(
        "Nilai 0 sampai 100 dari jawaban akhir yang dipilih dengan undian: menjawab yang dilaporkan, menyebut apa yang "
        "dilakukan, ada buktinya, bahasanya biasa; masing-masing 0, 1, atau 2 dari dua pembaca di pusat yang tidak "
        "saling melihat, dan pembaca ketiga kalau mereka berbeda jauh. Hanya contoh yang masanya seluruhnya dalam "
        "periode ini; di bawah 10 jawaban belum ada nilai. Selangnya 95 persen. Saringan saluran dan kategori tidak "
        "berlaku."
    ),
    _QUALITY,
)
def answer_quality(scope: Scope) -> Value:
    if scope.narrowed.channel or scope.narrowed.category:
        return Score(0, None)
    found = quality.of_scope(scope)
    return Score(found.n, found.score, found.low, found.high) if found is not None else Score(0, None)


# --- The offices' own turns ---


@measure(
    "turns",
    "giliran",
    gettext_noop("Giliran"),
    gettext_noop(
        "Berapa kali sebuah kantor di sini mendapat laporan untuk dijawab dalam periode ini, juga yang kemudian "
        "pindah. Satu laporan bisa beberapa giliran."
    ),
    _TURNS,
)
def turns(scope: Scope) -> Value:
    return _number(scope, "turns")


@measure(
    "turns_in_time",
    "giliran",
    gettext_noop("Kantor menjawab dalam waktunya"),
    gettext_noop(
        "Giliran yang dijawab dalam hari kerja untuk jawaban pertama, dihitung dari hari pertama kantor itu sendiri, "
        "tanpa hari menunggu pelapor; dibagi giliran yang dijawab ditambah yang dilepas tanpa jawaban sesudah waktunya "
        "habis. Begitu kantor yang menerima laporan terlambat tidak menanggung keterlambatan kantor sebelumnya."
    ),
    _ANSWER,
)
def turns_in_time(scope: Scope) -> Value:
    return _share(scope, "turns_in_time", "turns_in_time", "turns_late")


@measure(
    "turn_days",
    "giliran",
    gettext_noop("Lama sebuah giliran sampai dijawab"),
    gettext_noop(
        "Hari kerja sesudah hari pertama kantor itu sampai jawabannya yang pertama, tanpa hari menunggu pelapor."
    ),
    _TURN_DAYS,
)
def turn_days(scope: Scope) -> Value:
    return _days(scope, "days")


@measure(
    "turns_not_ours",
    "giliran",
    gettext_noop("Dikembalikan sebagai bukan wewenang"),
    gettext_noop("Giliran yang dikembalikan kantornya sebagai bukan wewenang, dibagi semua giliran."),
    _RETURNED,
)
def turns_not_ours(scope: Scope) -> Value:
    return _share(scope, "turns_not_ours", "turns")


@measure(
    "turns_moved",
    "giliran",
    gettext_noop("Dipindahkan ke kantor lain"),
    gettext_noop("Giliran yang berakhir karena laporannya dipindahkan koordinator atau sistem, dibagi semua giliran."),
    _TURNS_MOVED,
)
def turns_moved(scope: Scope) -> Value:
    return _share(scope, "turns_moved", "turns")


# --- Who works there: of today, whatever the period ---


def _staff(scope: Scope, what: str, of: str = "") -> Staff:
    """Nothing under a filter: officers have no kind, channel or category."""
    if scope.narrowed.cube:
        return Staff(None)
    found = people.of_scope(scope)
    return Staff(getattr(found, what), getattr(found, of) if of else None)


@measure(
    "officers",
    "petugas",
    gettext_noop("Petugas"),
    gettext_noop(
        "Keanggotaan yang hari ini berlaku di kantor-kantor di sini: penghubung, pimpinan, koordinator; pengawas tidak "
        "dihitung. Dengan saringan tidak disebut."
    ),
    _OFFICERS,
)
def officers(scope: Scope) -> Value:
    return _staff(scope, "officers")


@measure(
    "officers_active",
    "petugas",
    gettext_noop("Petugas aktif"),
    gettext_noop(
        "Petugas yang membuka mejanya dalam 30 hari terakhir, dibagi semua petugas hari ini. Dengan saringan "
        "tidak disebut."
    ),
    _ACTIVE,
)
def officers_active(scope: Scope) -> Value:
    return _staff(scope, "active", "officers")


@measure(
    "officers_decree",
    "petugas",
    gettext_noop("SK berlaku"),
    gettext_noop(
        "Petugas yang bersandar pada keputusan yang tidak diubah keputusan lain, atau dikonfirmasi sesudah perubahan "
        "itu, dibagi semua petugas hari ini. Dengan saringan tidak disebut."
    ),
    _DECREES,
)
def officers_decree(scope: Scope) -> Value:
    return _staff(scope, "valid", "officers")


@measure(
    "offices",
    "petugas",
    gettext_noop("Kantor"),
    gettext_noop("Kantor yang hari ini ada di sini, dengan kantor ini sendiri. Dengan saringan tidak disebut."),
    _OFFICES,
)
def offices(scope: Scope) -> Value:
    return _staff(scope, "offices")


@measure(
    "offices_never",
    "petugas",
    gettext_noop("Punya laporan, belum pernah membuka meja"),
    gettext_noop(
        "Kantor dengan laporan terbuka yang mejanya belum pernah dibuka seorang petugas pun, dibagi semua kantor hari "
        "ini. Laporan rahasia tidak ikut menentukan. Dengan saringan tidak disebut."
    ),
    _ACTIVE,
)
def offices_never(scope: Scope) -> Value:
    return _staff(scope, "never", "offices")
