"""Search of the published cases: rare, common and three words, filters and counts (house.md: p95 ≤ 150 ms at 1 M).

    bench/search.py [publications …]        default 10000 100000; by hand also 1000000

Texts are made of invented words by rank: the n-th word stands in about 1/n of the texts. Prints p50 and p95 in
milliseconds of the pages as the view asks for them, how much dearer each size is than the one before, and of the last
the plan of each first page.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import Taken, compare, ground, p, timed

CONSONANTS, VOWELS = "bdgklmnprst", "aiueo"
VOCABULARY = 20_000
RARE, MIDDLE, COMMON = 15_000, 300, 2


def vocabulary() -> list[str]:
    """Invented words of four syllables, the same at every run."""
    invented = random.Random(1708)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(invented.choice(CONSONANTS) + invented.choice(VOWELS) for _ in range(4))] = None
    return list(words)


def publish(count: int, words: list[str]) -> None:
    """One publication for each case that has none, in batches; each of 30 words drawn by rank."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE vocabulary AS SELECT * FROM unnest(%s::text[]) WITH ORDINALITY AS v(word, n)", [words]
        )
        cursor.execute("CREATE UNIQUE INDEX ON vocabulary (n)")
        cursor.execute("SELECT setseed(0.1708)")
        cursor.execute("SELECT COALESCE(min(id), 0), COALESCE(max(id), 0) FROM complaints_complaint")
        first, last = cursor.fetchone()
        for start in range(first, last + 1, 50_000):
            cursor.execute(
                """
                INSERT INTO complaints_publication
                    (complaint_id, title, body, conversation, place_id, kind, category_id, search, published_at)
                SELECT c.id, left(t.body, 60), t.body, '[]', c.place_id, c.kind,
                       (SELECT id FROM complaints_category ORDER BY id OFFSET c.id %% 5 LIMIT 1),
                       setweight(to_tsvector('indonesian', left(t.body, 60)), 'A')
                           || setweight(to_tsvector('indonesian', t.body), 'B'),
                       now() - (%(last)s - c.id) * interval '30 seconds'
                FROM complaints_complaint c
                CROSS JOIN LATERAL (
                    SELECT string_agg(v.word, ' ') AS body
                    FROM (SELECT least(%(words)s, floor(exp(random() * ln(%(words)s))))::bigint AS n
                          FROM generate_series(1, 30) WHERE c.id > 0) drawn
                    JOIN vocabulary v ON v.n = drawn.n) t
                WHERE c.id >= %(start)s AND c.id < %(start)s + 50000
                """,
                {"last": last, "start": start, "words": VOCABULARY},
            )
        cursor.execute("ANALYZE complaints_publication")
        cursor.execute("ANALYZE complaints_complaint")


def main(sizes: list[int]) -> None:
    compare({cases: measure(cases, plans=cases == sizes[-1]) for cases in sizes})


def measure(count: int, *, plans: bool) -> dict[str, Taken]:
    measured: dict[str, Taken] = {}
    with ground(cases=count, durable=False) as world:
        from django.db import connection, transaction
        from django.utils import timezone

        from agencies.models import Agency
        from complaints import cards, search

        words = vocabulary()
        publish(count, words)
        today = timezone.localdate()
        asked: dict[str, dict[str, Any]] = {
            "no filter": {},
            "rare word": {"words": words[RARE]},
            "middle word": {"words": words[MIDDLE]},
            "common word": {"words": words[COMMON]},
            "no such word": {"words": "xyzzyplugh"},
            "three common words": {"words": " ".join(words[COMMON : COMMON + 3])},
            "three mixed words": {"words": f"{words[COMMON]} {words[30]} {words[MIDDLE]}"},
            "common, best first": {"words": words[COMMON], "order": search.MATCH},
            "late first": {"order": search.LATE},
            "common, late first": {"words": words[COMMON], "order": search.LATE},
            "one office": {"office": world.dinas_pu},
            "an office without any": {"office": world.dinas_sosial},
            "one district": {"place": world.sukamaju},
            "one village and common word": {"place": world.sukasari, "words": words[COMMON]},
            "open only": {"groups": ("belum",)},
            "one category": {"category": world.cat_power},
        }
        print(f"{count} publications, {Agency.objects.count()} offices")
        for label, more in asked.items():
            wanted = search.Wanted(**more)

            def view(wanted: search.Wanted = wanted) -> None:
                among, _total = search.narrowed(wanted)
                cards.cards(search.page(wanted, among, "", today).rows)

            taken = measured[label] = timed(view, times=30)
            total = search.narrowed(wanted)[1]
            print(f"{label:30} p50 {p(taken, 50):7.1f} ms   p95 {p(taken, 95):7.1f} ms   hits {total}", flush=True)
        for label in ("rare word", "common word", "three common words", "an office without any") if plans else ():
            wanted = search.Wanted(**asked[label])
            newest = search.narrowed(wanted)[0].order_by("-published_at", "-pk").only("pk")[:21]
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
                words_first = search.published(wanted).order_by().only("pk")[: search.CAP + 1].explain(analyze=True)
            print(f"\n{label}: by words\n{words_first}\n{label}: the page\n{newest.explain(analyze=True)[:2000]}")
    return measured


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [10_000, 100_000])
