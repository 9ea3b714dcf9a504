"""Provinces, regencies, districts and villages (Kepmendagri 300.2.2-2430/2025) by COPY and one upsert."""

from __future__ import annotations

import csv
import datetime
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction

from agencies.models import Level

from . import DATA, Outcome

WITA = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
WIT = {"81", "82", "91", "92", "93", "94", "95", "96"}

# A list that lost more than this share of its codes is a broken file, not a decree.
MOST_THAT_MAY_VANISH = 0.05


class TooManyVanished(Exception):
    """The list misses so many known codes that it can't be a newer list."""


def zone_of(code: str) -> str:
    """IANA zone by province (Keppres 41/1987: Kalimantan Barat and Tengah WIB, Timur, Selatan and Utara WITA)."""
    province = code[:2]
    if province in WIT:
        return "Asia/Jayapura"
    return "Asia/Makassar" if province in WITA else "Asia/Jakarta"


def search_name(name: str) -> str:
    """As people type it: lower case, no accents, no "kabupaten" or "kota" in front."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    for prefix in ("kabupaten ", "kota "):
        plain = plain.removeprefix(prefix)
    return " ".join(plain.replace("'", "").replace("’", "").split())


def level_of(code: str, name: str) -> Level:
    match code.count("."):
        case 0:
            return Level.PROVINSI
        case 1:
            return Level.KOTA if name.startswith("Kota ") else Level.KABUPATEN
        case 2:
            return Level.KECAMATAN
    # The fourth group starts with 1 for a kelurahan, 2 for a desa, 3 for a desa adat.
    return Level.KELURAHAN if code.rpartition(".")[2].startswith("1") else Level.DESA


def rows(folder: Path) -> Iterator[tuple[str, str, str, str, str | None, str]]:
    for file_name in ("provinces.csv", "regencies.csv", "districts.csv", "villages.csv"):
        with (folder / file_name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                code, name = row["code"], row["name"]
                parent = code.rpartition(".")[0] or None
                yield code, name, search_name(name), level_of(code, name), parent, zone_of(code)


def load_wilayah(today: datetime.date, folder: Path = DATA / "wilayah") -> Outcome:
    """Codes that vanished from the list end today, codes that came back go on. Raises TooManyVanished."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE loaded_wilayah (LIKE agencies_region INCLUDING DEFAULTS) ON COMMIT DROP")
        with cursor.copy("COPY loaded_wilayah (code, name, search_name, level, parent_id, zone) FROM STDIN") as copy:
            for row in rows(folder):
                copy.write_row(row)
        cursor.execute("ANALYZE loaded_wilayah")
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE l.code IS NULL)"
            " FROM agencies_region r LEFT JOIN loaded_wilayah l USING (code) WHERE r.ended_on IS NULL"
        )
        known, gone = cursor.fetchone()
        if gone > 20 and gone > known * MOST_THAT_MAY_VANISH:
            raise TooManyVanished(f"{gone} dari {known} kode hilang dari daftar")
        cursor.execute(
            """
            INSERT INTO agencies_region AS r (code, name, search_name, level, parent_id, zone)
            SELECT code, name, search_name, level, parent_id, zone FROM loaded_wilayah
            ON CONFLICT (code) DO UPDATE SET name = excluded.name, search_name = excluded.search_name,
                level = excluded.level, parent_id = excluded.parent_id, zone = excluded.zone, ended_on = NULL
            WHERE (r.name, r.search_name, r.level, r.zone) IS DISTINCT FROM
                  (excluded.name, excluded.search_name, excluded.level, excluded.zone) OR r.ended_on IS NOT NULL
            RETURNING code, xmax = 0
            """
        )
        outcome = Outcome()
        for code, is_new in cursor.fetchall():
            (outcome.added if is_new else outcome.changed).append(code)
        cursor.execute(
            """
            UPDATE agencies_region r SET ended_on = %s WHERE ended_on IS NULL
            AND NOT EXISTS (SELECT FROM loaded_wilayah l WHERE l.code = r.code) RETURNING code
            """,
            [today],
        )
        outcome.ended = [code for (code,) in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM loaded_wilayah")
        outcome.unchanged = cursor.fetchone()[0] - len(outcome.added) - len(outcome.changed)
        cursor.execute("DROP TABLE loaded_wilayah")
    if outcome.added or outcome.ended:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE agencies_region")
    return outcome
