"""Where the kecamatan lie, and a point inside each kabupaten/kota and kecamatan, by COPY."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path

from django.db import connection, transaction

from . import DATA


def load_boundaries(folder: Path = DATA / "boundaries") -> tuple[int, int]:
    """Replaces what there is; a region that is not (or no longer) in the list is left out. How many rings and points.

    The list of regions must be loaded before.
    """
    with (
        gzip.open(folder / "kecamatan.csv.gz", "rt", encoding="utf-8", newline="") as rings,
        (folder / "points.csv").open(encoding="utf-8", newline="") as points,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TEMP TABLE loaded_ring (code text, hole boolean, ring polygon) ON COMMIT DROP")
        cursor.execute("CREATE TEMP TABLE loaded_point (code text, lat float, lng float) ON COMMIT DROP")
        _copy("loaded_ring (code, hole, ring)", csv.reader(rings))
        _copy("loaded_point (code, lat, lng)", csv.reader(points))
        cursor.execute("DELETE FROM agencies_boundary")
        cursor.execute(
            """
            INSERT INTO agencies_boundary (region_id, ring, hole)
            SELECT l.code, l.ring, l.hole FROM loaded_ring l JOIN agencies_region r ON r.code = l.code
            """
        )
        count = cursor.rowcount
        cursor.execute(
            """
            UPDATE agencies_region r SET latitude = l.lat, longitude = l.lng FROM loaded_point l
            WHERE r.code = l.code AND (r.latitude, r.longitude) IS DISTINCT FROM (l.lat, l.lng)
            """
        )
        placed = cursor.rowcount
        cursor.execute("DROP TABLE loaded_ring, loaded_point")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE agencies_boundary")
    return count, placed


def _copy(into: str, rows: Iterable[list[str]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in list(rows)[1:]:
            copy.write_row(row)
