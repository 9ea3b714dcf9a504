"""How long a coordinator waits to see what a rule would have done to last month's reports.

    python bench/rules.py [CASES …]        default 10000 100000

All cases lie in one district and came within 30 days. Promise: 3 s over 100,000. The worst is a rule that fits every
report: of those the newest 10,000 are read one by one.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import Taken, compare, ground, report, timed


def main(sizes: list[int]) -> None:
    measured = {}
    for cases in sizes:
        with ground(cases, durable=False) as world:
            print(f"— {cases:,} laporan")
            measured[cases] = measure(world, cases)
    compare(measured)


def measure(world: object, cases: int) -> dict[str, Taken]:
    from django.db import connection
    from django.utils import timezone

    from routing import foresight, rulebook

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE complaints_complaint SET handler_id = %s, place_id = %s, "
            "received_at = now() - (id %% 40000) * interval '1 minute'",
            [world.dinas_pu.pk, world.sukasari.pk],  # type: ignore[attr-defined]
        )
        cursor.execute("VACUUM ANALYZE complaints_complaint")
    today = timezone.localdate()
    office = world.dinas_kesehatan  # type: ignore[attr-defined]
    for n in range(30):
        rulebook.add(
            world.pemkab,  # type: ignore[attr-defined]
            by=world.wati,  # type: ignore[attr-defined]
            words=[f"kata{n} lagi", f"lain{n}"],
            target=office,
            starts_on=today,
        )
    kinds = {
        "satu kata": {"words": ["jembatan"]},
        "tiga kata, satu dari dua kata": {"words": ["jembatan roboh", "pupuk", "antrean"]},
        "kata yang tidak ada": {"words": ["beruang kutub"]},
        "semua dari kabupaten ini": {"region": world.sukamaju},  # type: ignore[attr-defined]
    }
    found = {}
    for name, conditions in kinds.items():
        tried = rulebook.imagined(world.pemkab, None, target=office, starts_on=today, **conditions)  # type: ignore[attr-defined]
        seen = foresight.foresee(tried, by=world.wati)  # type: ignore[attr-defined]
        taken = timed(lambda tried=tried: foresight.foresee(tried, by=world.wati), 5)  # type: ignore[misc, attr-defined]
        found[name] = taken
        report(f"{name} ({seen.taken:,} dari {seen.looked:,})", taken, limit=3000 if cases <= 100_000 else None)
    return found


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [10_000, 100_000])
