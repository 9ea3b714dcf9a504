"""How often a point and a text are told the right place, how sure it was, and how long it took.

    python bench/places.py [--islands FILE.csv] [--every]

Points: gps_points_dev.csv beside the borders. `--islands`: another table with columns coordinate (degrees, minutes,
seconds) and regency_code, as the npm package idn-area-data has it (ODbL, not ours to ship): 17,317 islands, the hardest
points there are. Texts: the reports of 2017; right is the pemda that LAPOR!'s admin gave them to, read from the agency
column. `--every` prints each miss.
"""

from __future__ import annotations

import argparse
import csv
import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from routing.places import gazetteer, naming, points

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
_DEGREES = re.compile(r"""(\d+)°(\d+)'([\d.,]+)"\s*([NS])\s+(\d+)°(\d+)'([\d.,]+)"\s*([EW])""")


def main(islands: Path | None, every: bool) -> None:
    began = time.perf_counter()
    borders = points.shipped()
    print(f"batas wilayah dibaca dalam {time.perf_counter() - began:.1f} detik")
    towns = [
        (float(row["lat"]), float(row["lng"]), row["regency_code"], row["place"])
        for row in _table(SHARED / "boundaries" / "gps_points_dev.csv")
    ]
    of_points("titik dev", borders, towns, every)
    inside = [
        (float(row["lat"]), float(row["lng"]), row["code"], row["code"])
        for row in _table(SHARED / "boundaries" / "centroids.csv")
        if row["level"] != "kabkota"
    ]
    of_points("titik dalam kecamatan", borders, inside, every)
    if islands is not None:
        of_points("pulau", borders, list(_islands(islands)), every)
    began = time.perf_counter()
    names = gazetteer.shipped()
    print(f"nama tempat dibaca dalam {time.perf_counter() - began:.1f} detik")
    of_texts(names, every)
    print(f"ingatan paling besar {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _islands(file: Path) -> Iterator[tuple[float, float, str, str]]:
    for row in _table(file):
        found = _DEGREES.match(row["coordinate"])
        if found and row["regency_code"]:
            a, b, c, ns, d, e, f, ew = found.groups()
            latitude = int(a) + int(b) / 60 + float(c.replace(",", ".")) / 3600
            longitude = int(d) + int(e) / 60 + float(f.replace(",", ".")) / 3600
            yield (
                latitude * (1 if ns == "N" else -1),
                longitude * (1 if ew == "E" else -1),
                row["regency_code"],
                row["name"],
            )


def of_points(what: str, borders: points.Borders, wanted: list[tuple[float, float, str, str]], every: bool) -> None:
    right = surely = sure_right = outside = 0
    slowest = 0.0
    began = time.process_time()
    for latitude, longitude, code, name in wanted:
        asked = time.process_time()
        spot = borders.at(latitude, longitude)
        slowest = max(slowest, time.process_time() - asked)
        found = spot.code[: len(code)] if spot else ""
        right += found == code
        outside += bool(spot and spot.away)
        if spot and len(spot.sure) >= len(code):
            surely += 1
            sure_right += found == code
        if found != code and (every or len(wanted) < 100):
            print("   terlewat:", name, code, spot)
    mean = (time.process_time() - began) / len(wanted)
    print(
        f"{what}: {right}/{len(wanted)} = {right / len(wanted):.2%}; di luar garis {outside / len(wanted):.1%}; "
        f"pasti {surely / len(wanted):.1%}, darinya benar {sure_right / max(1, surely):.2%}; "
        f"waktu prosesor rata-rata {mean * 1e6:.0f} µs, terlama {slowest * 1e3:.1f} ms"
    )


def of_texts(names: gazetteer.Gazetteer, every: bool) -> None:
    file = SHARED / "complaints_lapor2017_dev" / "complaints.csv"
    if not file.exists():
        print(f"dilewati, tidak ada: {file}")
        return
    wanted: list[tuple[str, naming.Named | None, str]] = []
    times = []
    for row in _table(file):
        began = time.process_time()
        found = naming.find(f"{row['title']}\n{row['text']}", gazetteer=names)
        times.append(time.process_time() - began)
        office = naming.find(row["agency"], gazetteer=names)
        if row["level"] in ("kabkota", "provinsi") and office is not None and office.certainty >= naming.WORTH:
            wanted.append((office.code, found, row["id"]))
    for least in (0.5, 0.6, 0.7, 0.8, 0.9):
        told = [(code, found) for code, found, _ in wanted if found and found.certainty >= least]
        right = sum(_agree(code, found.code) for code, found in told)
        print(
            f"teks, kepastian ≥ {least}: tepat {right / len(told):.1%} ({right}/{len(told)}), "
            f"terjangkau {right / len(wanted):.1%} dari {len(wanted)}"
        )
    for code, found, pk in sorted(wanted, key=lambda one: -(one[1].certainty if one[1] else 0)):
        if every and found and not _agree(code, found.code):
            print("   terlewat:", pk, code, found.code, f"{found.certainty:.2f}", [span.text for span in found.spans])
    times.sort()
    print(
        f"teks, waktu prosesor: rata-rata {sum(times) / len(times) * 1e3:.2f} ms, "
        f"p99 {times[int(len(times) * 0.99)] * 1e3:.1f} ms, terlama {times[-1] * 1e3:.1f} ms"
    )


def _agree(office: str, found: str) -> bool:
    """The same place, or the one inside the other: a province answers for Jakarta's five kota."""
    return office.startswith(found) or found.startswith(office)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--islands", type=Path)
    parser.add_argument("--every", action="store_true")
    given = parser.parse_args()
    main(given.islands, given.every)
