"""Figures counted up to the last event beside a running portal, whose own worker may be at it."""

from __future__ import annotations

import time

from django.db import connection

from lapor.kit.alone import alone
from routing.measures import ledger
from routing.models import Counted


def count() -> None:
    """Returns when every event is counted: the cursor stays below the oldest transaction that still runs, be it of
    whom it may. At most 20 seconds."""
    for _try in range(100):
        with alone(ledger.ALONE) as free:
            if free:
                ledger.keep_up()
        with connection.cursor() as cursor:
            cursor.execute("SELECT xact::text::bigint FROM complaints_event ORDER BY id DESC LIMIT 1")
            last = next(iter(cursor.fetchone() or ()), None)
        row = Counted.objects.first()
        if last is None or (row is not None and row.upto is not None and last < row.upto):
            return
        time.sleep(0.2)
    raise AssertionError("the figures were not counted in 20 seconds")
