"""The columns of an SP4N-LAPOR! admin export, exactly and in its order: how a district brings its past and takes its
data home. `read_row` turns a row of theirs into one of ours, `row_of` a case into one of theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from complaints.models.reference import Kind

COLUMNS = (
    "Tracking ID",
    "Tanggal Laporan Masuk",
    "Waktu Laporan Masuk",
    "Nama Pelapor",
    "Klasifikasi Laporan",
    "ID Kategori",
    "Kategori",
    "Judul Laporan",
    "Isi Laporan Awal",
    "Isi Laporan Akhir",
    "Tipe Laporan (Anonim/Rahasia)",
    "Sumber Laporan",
    "Instansi Induk",
    "ID Instansi Terdisposisi",
    "Instansi Terdisposisi",
    "Status Laporan",
    "Alasan Tunda/Arsip",
    "Provinsi",
    "Kota/Kabupaten",
    "Kecamatan",
    "Kelurahan",
)
# Theirs → ours, where a column means one thing; the places stand apart.
OURS = {
    "tracking id": "id",
    "tanggal laporan masuk": "date",
    "waktu laporan masuk": "time",
    "nama pelapor": "reporter_name",
    "klasifikasi laporan": "kind",
    "id kategori": "category_id",
    "kategori": "category",
    "judul laporan": "title",
    "isi laporan awal": "text",
    "isi laporan akhir": "final_text",
    "tipe laporan (anonim/rahasia)": "type",
    "sumber laporan": "channel",
    "instansi induk": "above",
    "id instansi terdisposisi": "agency_id",
    "instansi terdisposisi": "agency",
    "status laporan": "status",
    "alasan tunda/arsip": "reason",
}
# Narrowest first, as a place is said.
PLACES = ("kelurahan", "kecamatan", "kota/kabupaten", "provinsi")
_TEXT = "isi laporan awal"

KINDS: Mapping[str, tuple[str, bool]] = {
    "Pengaduan Berkadar Pengawasan": (Kind.PENGADUAN, True),
    "Pengaduan Tidak Berkadar Pengawasan": (Kind.PENGADUAN, False),
    "Aspirasi": (Kind.ASPIRASI, False),
    "Permintaan Informasi": (Kind.PERMINTAAN_INFORMASI, False),
}
ANONYMOUS, SECRET, PLAIN = "Anonim", "Rahasia", "(biasa)"
# Stands for what is not told of a secret report.
HIDDEN = "[rahasia]"


def is_head(header: Sequence[str]) -> bool:
    return _TEXT in header


def ours(name: str) -> str:
    """What we call a column of theirs, in small letters; one that is not theirs keeps its name."""
    return OURS.get(name, name)


def theirs(name: str) -> str:
    """The way back: the header of a column by what we call it."""
    known = {OURS.get(column.lower(), column.lower()): column for column in COLUMNS}
    return known.get(name, name)


def kind_words(kind: str, supervised: bool) -> str:
    return next(words for words, meant in KINDS.items() if meant == (kind, supervised))


def kind_of(words: str) -> tuple[str, bool] | None:
    said = " ".join(words.lower().split())
    return next((meant for known, meant in KINDS.items() if known.lower() == said), None)


def type_words(anonymous: bool, secret: bool) -> str:
    """As they write it: "Anonim|Rahasia"; blank for a plain one."""
    return "|".join([*([ANONYMOUS] if anonymous else []), *([SECRET] if secret else [])])


def type_of(words: str) -> tuple[bool, bool] | None:
    """Anonymous and secret; None: other words than theirs."""
    said = {one.strip().lower() for one in re.split(r"[|,;/]", words)} - {"", PLAIN, "biasa"}
    if said - {ANONYMOUS.lower(), SECRET.lower()}:
        return None
    return ANONYMOUS.lower() in said, SECRET.lower() in said
