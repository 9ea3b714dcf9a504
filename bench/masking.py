"""How much of what could name somebody is found, by type, and how long 10 kB take.

    python bench/masking.py [FILE.jsonl]

Each line: {"text", "spans": [{"start", "end", "type"}]}. A span counts as found when all of its letters are masked.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from complaints.masking import mask, spans

DEV = Path(__file__).resolve().parents[2] / "shared" / "data" / "pii_id" / "pii_dev.jsonl"


def main(path: Path) -> None:
    wanted, found, false = Counter[str](), Counter[str](), 0
    small, small_found = 0, 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        masked = {at for span in spans(row["text"]) for at in range(span.start, span.end)}
        named: set[int] = set()
        for span in row["spans"]:
            place = set(range(span["start"], span["end"]))
            named |= place
            wanted[span["type"]] += 1
            if place <= masked:
                found[span["type"]] += 1
            else:
                print("terlewat:", span["type"], row["id"], row["text"])
        # As people type on a phone: the same text in small letters. Of a name its first word must be gone.
        typed = row["text"].lower()
        gone = {at for span in spans(typed) for at in range(span.start, span.end)}
        for span in row["spans"]:
            if span["type"] == "NAMA":
                small, small_found = small + 1, small_found + (span["start"] in gone)
        if masked - named:
            false += 1
            print("berlebih:", row["id"], mask(row["text"]))
    for kind in sorted(wanted):
        print(f"{kind:8} {found[kind]:4} / {wanted[kind]:4}")
    total = sum(wanted.values())
    print(f"semua    {sum(found.values()):4} / {total:4} = {sum(found.values()) / total:.1%}; teks berlebih: {false}")
    print(f"nama dalam huruf kecil {small_found} / {small}")
    for name, text in (
        ("prosa", "Pak Budi Contoh, NIK 1703102809800000, menelepon 0812-0000-7700 dari Jalan Melati No. 5. " * 115),
        ("angka", "0812 " * 2000),
        ("huruf", "Nama saya " * 1000),
        ("satu kata", "a" * 10_000),
        ("titik", "a.b@" * 2500),
    ):
        began = time.perf_counter()
        mask(text[:10_000])
        print(f"10 kB {name}: {(time.perf_counter() - began) * 1000:.1f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEV)
