"""The offices the portal brings along, as rows for `load_agencies`: ministries, lembaga, BUMN and 552 pemda."""

from __future__ import annotations

import csv
import datetime

from agencies import bidang
from agencies.models import Kind, Level, Region

from . import DATA
from .offices import Row

# The cabinet of 2024 (Perpres 139/2024): what it split or renamed ended on the day it was announced.
CABINET_2024 = datetime.date(2024, 10, 21)
HAJJ_MINISTRY = datetime.date(2025, 9, 8)

# Names people still use for what has ended or been renamed.
ALIASES = {
    "Kementerian Pekerjaan Umum dan Perumahan Rakyat": ["Kementerian PUPR", "KemenPUPR"],
    "Kementerian Pendidikan, Kebudayaan, Riset, dan Teknologi": [
        "Kementerian Pendidikan dan Kebudayaan",
        "Kemendikbud",
        "Kemendikbudristek",
    ],
    "Kementerian Komunikasi dan Informatika": ["Kominfo", "Kemenkominfo"],
    "Kementerian Hukum dan Hak Asasi Manusia": ["Kementerian Hukum dan HAM", "Kemenkumham"],
    "Kementerian Lingkungan Hidup dan Kehutanan": ["KLHK"],
    "Kementerian Desa, Pembangunan Daerah Tertinggal, dan Transmigrasi": [
        "Kementerian Desa, PDT, dan Transmigrasi",
        "Kemendes PDTT",
    ],
    "Kementerian Badan Usaha Milik Negara": ["Kementerian BUMN", "Badan Pengaturan BUMN", "BP BUMN"],
    "Kementerian Energi dan Sumber Daya Mineral": ["ESDM", "Kementerian Energi dan Sumber Daya Mineral (ESDM)"],
    "Kementerian Agraria dan Tata Ruang/Badan Pertanahan Nasional": [
        "BPN",
        "Badan Pertanahan Nasional",
        "Kementerian ATR/BPN",
        "Kementerian Agraria dan Tata Ruang / Badan Pertanahan Nasional",
    ],
    "Kementerian Imigrasi dan Pemasyarakatan": ["Imigrasi", "Direktorat Jenderal Imigrasi"],
    "Kepolisian Negara Republik Indonesia": ["Kepolisian Republik Indonesia", "Kepolisian RI"],
    "Badan Pengawas Obat dan Makanan": ["Badan POM"],
    "PT Perusahaan Listrik Negara (Persero)": ["PT PLN", "PT PLN (Persero)"],
    "PT Pos Indonesia (Persero)": ["PT Pos Indonesia"],
    "PT Kereta Api Indonesia (Persero)": ["PT Kereta Api Indonesia", "PT KAI"],
    "PT Telkom Indonesia (Persero) Tbk": ["PT Telkom Indonesia", "PT Telkom"],
    "PT Pertamina (Persero)": ["PT Pertamina"],
}


def shipped_rows() -> list[Row]:
    """Places must be loaded before: a pemda is an office of its region."""
    return [*_ministries(), *_lembaga(), *_bumn(), *_pemda()]


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / "agencies" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ministries() -> list[Row]:
    now = _table("kementerian.csv")
    before = _table("kementerian_2019_2024.csv")
    names_before = {row["name"] for row in before}
    names_now = {row["name"] for row in now}
    rows = []
    for row in now:
        born = None if row["name"] in names_before else CABINET_2024
        if row["name"] == "Kementerian Haji dan Umrah":
            born = HAJJ_MINISTRY
        rows.append(
            Row(
                Kind.KEMENTERIAN,
                row["name"],
                row["abbr"],
                _known_as(row["name"], row["abbr"]),
                row["klpd_code"],
                bidang=bidang.central_offices().get(row["name"], []),
                starts_on=born,
            )
        )
    for row in before:
        if row["name"] in names_now:
            continue
        # The first named took over most; a case that belongs to another is one move away.
        successor = row["successors"].split("; ")[0]
        rows.append(
            Row(
                Kind.KEMENTERIAN,
                row["name"],
                aliases=_known_as(row["name"], ""),
                ends_on=CABINET_2024,
                succeeded_by=successor,
            )
        )
    return rows


def _lembaga() -> list[Row]:
    return [
        Row(
            Kind.LEMBAGA,
            row["name"],
            row["abbr"],
            _known_as(row["name"], row["abbr"]),
            row["klpd_code"],
            bidang=bidang.central_offices().get(row["name"], []),
        )
        for row in _table("lembaga.csv")
    ]


def _bumn() -> list[Row]:
    return [
        Row(Kind.BUMN, row["name"], row["abbr"], _known_as(row["name"], row["abbr"]), bidang=[row["bidang"]])
        for row in _table("bumn_umum.csv")
    ]


def _known_as(name: str, abbr: str) -> list[str]:
    return [alias for alias in (abbr, *ALIASES.get(name, [])) if alias]


def _pemda() -> list[Row]:
    rows = []
    pemda = Region.objects.current().filter(level__in=(Level.PROVINSI, Level.KABUPATEN, Level.KOTA)).order_by("code")
    for region in pemda:
        # The list without the invented places of tests.
        if region.code[:2] in ("98", "99"):
            continue
        rows.append(pemda_row(region))
    return rows


def pemda_row(region: Region) -> Row:
    """“Pemerintah Kabupaten Bandung”, short “Pemkab Bandung”, also known as “Kabupaten Bandung”, “Kab. Bandung”."""
    if region.level == Level.PROVINSI:
        name = region.name.replace("Daerah Khusus Ibukota Jakarta", "DKI Jakarta")
        name = name.replace("Daerah Istimewa Yogyakarta", "D.I. Yogyakarta")
        aliases = [f"Provinsi {name}"]
        if name != region.name:
            aliases += [f"Provinsi {region.name}", f"Pemerintah Provinsi {region.name}", f"Pemerintah {region.name}"]
        if name == "Aceh":
            aliases.append("Pemerintah Aceh")
        return Row(Kind.PROVINSI, f"Pemerintah Provinsi {name}", f"Pemprov {name}", aliases, region=region.code)
    bare = region.name.removeprefix("Kabupaten ").removeprefix("Kota ")
    if region.level == Level.KOTA:
        return Row(Kind.KOTA, f"Pemerintah {region.name}", f"Pemkot {bare}", [region.name], region=region.code)
    return Row(
        Kind.KABUPATEN,
        f"Pemerintah {region.name}",
        f"Pemkab {bare}",
        [region.name, f"Kab. {bare}"],
        region=region.code,
    )
