"""Signs of gaming and samples of answers at many cases over 552 pemda (issue 5, section 4).

    bench/signals.py [cases]        default 100000; by hand also 1000000

To the cases and events of bench/figures.py come a stint, a reporter and a final answer each. Prints how long the
signals of one district and of all take, p50 and p95 of the evaluators' pages with their statements, and of the district
with most answers the draw of a year.
"""

from __future__ import annotations

import datetime
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.figures import plant, tell
from bench.ground import give_defaults, ground, report, timed

# One more district, with many answers.
HEAVY = 20_000


def people() -> None:
    """A stint, a reporter and, where it was settled, a final answer for each case: one in fifty answered at once, one
    in forty let go on its day, one in a thousand by an account that many share."""
    from django.db import connection

    give_defaults("complaints_message", "complaints_reporter", "routing_disposition")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO routing_disposition (complaint_id, agency_id, verb, reason, round, received_at, received_on,
                due_on, paused_days, bound, weighed_at, outcome, ground, ended_at, first_answer_at)
            SELECT id, handler_id, 'forward', '', 1, received_at, received_at::date, received_at::date + 7, 0, false,
                received_at, CASE WHEN id % 40 = 0 THEN 'MOVED' WHEN status = 'closed' THEN 'ANSWERED' ELSE '' END, '',
                CASE WHEN id % 40 = 0 THEN received_at + (id % 8) * interval '1 day'
                     WHEN status = 'closed' THEN received_at + interval '40 days' END,
                CASE WHEN id % 40 <> 0 THEN received_at + interval '2 days' END
            FROM complaints_complaint WHERE number LIKE 'F%'
            """
        )
        cursor.execute(
            """
            INSERT INTO complaints_message (complaint_id, side, verb, body, facts, audience, state, agency_id,
                written_at)
            SELECT c.id, 'AGENCY', 'resolve', 'Jalan di depan pasar sudah kami tambal pada hari ke ' || c.id || '.',
                '{"outcome": "DONE"}', 'PUBLIC', 'SENT', c.handler_id,
                c.received_at + CASE WHEN c.id % 50 = 0 THEN interval '5 minutes' ELSE interval '9 days' END
            FROM complaints_complaint c WHERE number LIKE 'F%' AND status = 'closed'
            """
        )
        cursor.execute(
            """
            INSERT INTO complaints_reporter (complaint_id, account_fingerprint, email_fingerprint, news, language)
            SELECT id, CASE WHEN id % 1000 = 0 THEN md5('bersama') ELSE md5(id::text) END, '', 'ALL', 'id'
            FROM complaints_complaint WHERE number LIKE 'F%'
            """
        )
        for table in ("complaints_message", "complaints_reporter", "routing_disposition"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def main(count: int) -> None:
    with ground(durable=False) as world:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext
        from django.utils import timezone

        from agencies.models import Agency
        from complaints.models import Message
        from routing import readings, sampling, signals
        from routing.measures import ledger
        from tests.world import client_of

        plant()
        tell(count)
        people()
        ledger.keep_up()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        district = Agency.objects.filter(kind="KABUPATEN", name__startswith="Pemerintah Kabupaten ").latest("pk")
        heavy = Agency.objects.filter(parent=district).earliest("pk")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE complaints_message SET agency_id = %s WHERE id IN (SELECT id FROM complaints_message LIMIT %s)",
                [heavy.pk, min(HEAVY, count // 5)],
            )
            cursor.execute("VACUUM ANALYZE complaints_message")
        year = timezone.now().year
        with CaptureQueriesContext(connection) as said:
            signals.count(district, year)
        report(f"tanda satu daerah ({len(said)} pernyataan)", timed(lambda: signals.count(district, year), 20))
        began = time.monotonic()
        counted = signals.count_all(year)
        print(f"tanda {counted} instansi: {time.monotonic() - began:.1f} detik", flush=True)

        national, ratna = client_of(world.ratna), world.ratna
        pages = {
            "tanda, negara": f"/pengawasan/tanda/?tahun={year}",
            "tanda, daerah": f"/pengawasan/tanda/{district.pk}/?tahun={year}",
        }
        first, last = datetime.date(year, 1, 1), timezone.localdate() - datetime.timedelta(days=1)
        began = time.monotonic()
        sample = sampling.take(district, first, last, 100, by=ratna)
        given = readings.hand_out()
        answers = Message.objects.filter(agency__path__startswith=district.path, verb="resolve").count()
        took = time.monotonic() - began
        print(
            f"undian dari {sample.frame_count:,} ({answers:,}) jawaban: {took:.1f} detik, {given} giliran", flush=True
        )
        pages |= {"mutu": "/evaluasi/mutu/", "satu contoh": f"/evaluasi/mutu/{sample.pk}/"}
        turn = readings.mine(ratna.user).first()
        if turn is not None:
            pages["satu jawaban"] = f"/evaluasi/mutu/giliran/{turn.pk}/"
        for name, address in pages.items():
            with CaptureQueriesContext(connection) as said:
                answer = national.get(address)
            assert answer.status_code == 200, (name, answer.status_code)
            report(f"{name} ({len(said)} pernyataan)", timed(partial(national.get, address), 20), 300)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
