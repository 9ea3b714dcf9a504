"""How many SMS a process accepts in a second at the gateway's view, and how many it understands into reports.

    python bench/sms.py [COUNT]        default 500

One process, one connection, everything committed durably. Accepting is the whole request by Kannel's get-url: checked,
sealed, kept. Understanding is the worker's: prefix (1,100 of them), grammar, case, reply in the outbox; with it the
statements of one. Four kinds: with a prefix, without one (every prefix is looked at for a slip), a command, a text in
three parts.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import ground, report, timed

SECRET = secrets.token_urlsafe(32)
STORY = "Lampu jalan di depan balai desa padam sejak hari Senin, anak-anak pulang mengaji dalam gelap."


def main(count: int) -> None:
    os.environ |= {
        "LAPOR_SMS_GATEWAY": "kannel",
        "LAPOR_SMS_SECRET": SECRET,
        "LAPOR_SMS_SEND_URL": "http://127.0.0.1:9/",
        "LAPOR_SMS_USER": "x",
        "LAPOR_SMS_PASSWORD": "x",
    }
    with ground() as world:
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        from agencies.models import Prefix
        from complaints import arrivals
        from complaints.models import Arrival

        Prefix.objects.create(agency=world.pemkab, text="MAJU", normal="maju")
        Prefix.objects.bulk_create(
            Prefix(agency=world.pemkab_tetangga, text=f"KAB. DAERAH {n}", normal=f"kabdaerah{n}") for n in range(1100)
        )
        client, numbers = Client(), (f"%2B62812{n:08}" for n in range(10**8))

        def hand_in(text: str, number: str, more: str = "") -> None:
            query = f"from={number}&to=1708&text={quote(text)}&coding=0&charset=UTF-8&id={secrets.token_hex(8)}{more}"
            answer = client.get("/kanal/sms/kannel/", QUERY_STRING=f"{query}&token={SECRET}")
            assert answer.status_code == 200

        taken = timed(lambda: hand_in(f"MAJU {STORY}", next(numbers)), count)
        report("diterima", taken)
        print(f"SMS per detik diterima, satu proses: {len(taken) * 1000 / sum(taken):.0f}")
        Arrival.objects.all().delete()

        for name, texts in (
            ("dengan awalan", [f"MAJU {STORY}"]),
            ("tanpa awalan", [STORY]),
            ("STATUS", ["STATUS 7K4M-9QXD-2TT"]),
            ("tiga bagian", [f"MAJU {STORY}", STORY, STORY]),
        ):
            for _n in range(count // 2 + 2):
                number = next(numbers)
                for part, text in enumerate(texts, start=1):
                    more = f"&udh=%05%00%03%2A%{len(texts):02X}%{part:02X}" if len(texts) > 1 else ""
                    hand_in(text, number, more)
            waiting: Iterator[int] = iter(list(Arrival.objects.waiting().order_by("pk").values_list("pk", flat=True)))

            def understand(waiting: Iterator[int] = waiting, parts: int = len(texts)) -> None:
                """A whole message: all but its last part are told to wait."""
                for _part in range(parts):
                    arrivals.understand(next(waiting))

            with CaptureQueriesContext(connection) as queries:
                understand()
            taken = timed(understand, count // 2)
            report(name, taken)
            print(f"{name}, per detik, satu proses: {len(taken) * 1000 / sum(taken):.1f}; {len(queries)} pernyataan")
            assert not Arrival.objects.waiting().exists()


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(given[0] if given else 500)
