"""How many reports a process takes in a second, with how many statements, and against the same statements in bare SQL.

    python bench/filing.py [COUNT] [--show]        default 500

One process, one connection, each report committed durably. The bare figure plays the recorded statements of a filing
through psycopg with the same commits and without Django: what PostgreSQL and the wire alone would take. Its inserts
write the same bytes into a table of notes, for the same row can't be written twice.
"""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import bare_sql, ground, ratio, report, timed

STATEMENTS = 20


def main(count: int) -> None:
    with ground() as world:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from complaints.intake import Submission, receive

        def file_one() -> None:
            receive(
                Submission(
                    channel="web",
                    external_id=uuid.uuid4().hex,
                    title="Jembatan putus",
                    body="Jembatan di desa kami putus sejak kemarin pagi. " * 8,
                    name="Sari Wulandari",
                    email="sari@contoh.test",
                    place=world.sukasari,
                    category=world.cat_road,
                )
            )

        for _ in range(20):
            file_one()
        with CaptureQueriesContext(connection) as queries:
            file_one()
        said = [query["sql"] for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT"))]
        if "--show" in sys.argv:
            print(*(f"{number:3} {sql[:160]}" for number, sql in enumerate(said, start=1)), sep="\n")
        print(f"pernyataan per laporan: {len(said)} (batas {STATEMENTS})")
        taken = timed(file_one, count)
        report("satu laporan", taken)
        print(f"laporan per detik, satu proses: {len(taken) * 1000 / sum(taken):.1f}")
        bare = bare_sql(said, min(count, 300))
        report("SQL saja", bare)
        ratio("dengan Django", bare, taken)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else 500)
