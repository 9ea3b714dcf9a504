"""Letters of what became public at many alerts over 552 pemda (issue 5, section 5).

    bench/alerts.py [alerts] [appearances]      default 100000 alerts, and 10000 appearances of a week

Of ten alerts four follow a kecamatan or a district, three an office, one a category, one a place and a word, and of a
hundred three a word and nothing else. Prints how long it takes to find who has news and put it into the outbox, with
its statements and letters, the same once more when nothing is new, and p50 and p95 of writing one letter.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.figures import plant
from bench.ground import WORDS, cluster_time, give_defaults, ground, report, timed

LETTERS = 100


def appear(count: int) -> None:
    """Published cases of the last week, each at an office in a place of its own district, one in three answered."""
    from django.db import connection

    give_defaults("complaints_complaint", "complaints_publication", "complaints_message", "complaints_appearance")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO complaints_complaint (number, key_hash, kind, supervised, title, body, landmark, addressed_text,
                channel, anonymous, secret, about_conduct, status, handler_id, returns_to, round, version, changed_at,
                received_at, rating_reason, silent, archive_ground, addressed_by, former_number, place_id, category_id)
            SELECT 'N' || lpad(n::text, 10, '0'), md5(n::text), 'PENGADUAN', false,
                initcap(w[1 + n %% 40]) || ' ' || w[1 + (n / 40) %% 40],
                array_to_string(ARRAY(SELECT w[1 + (n * k + k * k) %% 40] FROM generate_series(1, 30) k), ' '), '', '',
                'web', false, n %% 13 = 0, false, 'in_progress', o[1 + (n * 7919) %% array_length(o, 1)], '', 1, 1, at,
                at, '', false, '', '', '', p[1 + (n * 104729) %% array_length(p, 1)],
                c[1 + n %% array_length(c, 1)]
            FROM generate_series(1, %(count)s::bigint) n
            CROSS JOIN LATERAL (SELECT now() - (n::float8 / %(count)s) * interval '7 days' AS at) t,
                (SELECT {WORDS} AS w) words,
                (SELECT array_agg(id ORDER BY id) AS o FROM agencies_agency WHERE kind = 'OPD') offices,
                (SELECT array_agg(id ORDER BY id) AS c FROM complaints_category WHERE parent_id IS NOT NULL) subjects,
                (SELECT array_agg(code) AS p FROM agencies_region WHERE level IN ('DESA', 'KELURAHAN')) places
            """,
            {"count": count},
        )
        cursor.execute(
            """
            INSERT INTO complaints_message (complaint_id, side, verb, body, facts, audience, state, agency_id,
                written_at)
            SELECT id, 'AGENCY', 'answer', 'Besok kami periksa.', '{}', 'PUBLIC', 'SENT', handler_id, received_at
            FROM complaints_complaint WHERE number LIKE 'N%' AND id % 3 = 0
            """
        )
        cursor.execute(
            """
            INSERT INTO complaints_publication (complaint_id, title, body, conversation, place_id, kind, category_id,
                search, published_at)
            SELECT c.id, c.title, c.body, CASE WHEN m.id IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
                    'message', m.id, 'side', 'AGENCY', 'verb', 'answer', 'body', m.body)) END,
                place_id, kind, category_id, setweight(to_tsvector('indonesian', title), 'A')
                    || setweight(to_tsvector('indonesian', c.body), 'B'), received_at
            FROM complaints_complaint c LEFT JOIN complaints_message m ON m.complaint_id = c.id
            WHERE number LIKE 'N%' AND NOT secret
            """
        )
        cursor.execute(
            """
            INSERT INTO complaints_appearance (complaint_id, message_id, at)
            SELECT complaint_id, NULL, published_at FROM complaints_publication
            UNION ALL SELECT complaint_id, id, written_at FROM complaints_message WHERE side = 'AGENCY'
            """
        )


def wish(count: int) -> None:
    """Alerts of as many mailboxes, all due."""
    from django.db import connection

    give_defaults("complaints_subscriber", "complaints_alert")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO complaints_subscriber (fingerprint, email_sealed, language, asked_since, asked_times)
            SELECT md5(n::text), 'x', 'id', now(), 1 FROM generate_series(1, %s::bigint) n
            """,
            [count],
        )
        cursor.execute(
            f"""
            INSERT INTO complaints_alert (subscriber_id, place_id, office_id, category_id, kind, words, reports,
                answers, rhythm, code, asked_at, confirmed_at, seen, next_at)
            SELECT s.id,
                CASE WHEN n %% 10 IN (0, 1, 2, 3, 8) THEN p[1 + (n * 7919) %% array_length(p, 1)] END,
                CASE WHEN n %% 10 IN (4, 5, 6) THEN o[1 + (n * 7919) %% array_length(o, 1)] END,
                CASE WHEN n %% 10 = 7 THEN c[1 + n %% array_length(c, 1)] END,
                '', CASE WHEN n %% 10 = 8 OR n %% 100 IN (9, 49, 89) THEN w[1 + n / 10 %% 40] ELSE '' END,
                n %% 5 <> 0, true, 'WEEKLY', '', now(), now(), 0, now() - n * interval '1 second'
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM complaints_subscriber) s,
                (SELECT {WORDS} AS w) words,
                (SELECT array_agg(id ORDER BY id) AS o FROM agencies_agency WHERE kind IN ('OPD', 'KABUPATEN')) offices,
                (SELECT array_agg(id ORDER BY id) AS c FROM complaints_category) subjects,
                (SELECT array_agg(code) AS p FROM agencies_region WHERE level IN ('KECAMATAN', 'KABUPATEN')) places
            """.replace("%%", "%")
        )
        cursor.execute("VACUUM ANALYZE")


def main(count: int, news: int) -> None:
    with ground(durable=False):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext
        from django.utils import timezone

        from complaints import alerts, appearances
        from complaints.models import Alert, Notification
        from complaints.notifications import to_subscriber

        plant()
        appear(news)
        wish(count)
        began = time.perf_counter()
        until = appearances.number_all()
        print(f"{until} appearances numbered: {time.perf_counter() - began:.2f} s")
        now = timezone.now()
        for what in ("who has news, and their letters put out", "the same when nothing is new"):
            spent = cluster_time()
            here, there, began = time.process_time(), spent(), time.perf_counter()
            with CaptureQueriesContext(connection) as statements:
                made = alerts.put_out(now, seconds=3600)
            took, here, there = time.perf_counter() - began, time.process_time() - here, spent() - there
            cost = f"prosesor {here:.1f} s Python dan {there:.1f} s PostgreSQL"
            print(f"{count} alerts: {what}: {took:.1f} s, {cost}, {len(statements)} statements, {made} letters")
            Alert.objects.update(next_at=now)
        rows = iter(Notification.objects.filter(alert__isnull=False).order_by("created_at", "pk")[: 2 * LETTERS])
        empty = 0

        def one() -> None:
            nonlocal empty
            row = next(rows)
            found = Alert.objects.select_related("subscriber", "place", "office__parent", "category").get(
                pk=row.alert_id or 0
            )
            assert found.subscriber is not None
            empty += to_subscriber.write(row.letter, found, found.subscriber) is None

        report("one letter written", timed(one, LETTERS))
        print(f"of these empty: {empty}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
