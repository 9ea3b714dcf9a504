"""Steps of many cases at once: reminders and the ladder, a page in one transaction where they were taken one by one.

A page takes its cases without waiting, and only those of which every officer of the office may know: who is told then
depends on the office alone. What it leaves is for whoever takes the steps one by one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db import transaction

from complaints.models import Clock, Complaint
from complaints.transitions import OPEN

log = logging.getLogger(__name__)

S = TypeVar("S", bound=tuple[Clock, object])


def take(clocks: Iterable[Clock]) -> dict[int, Complaint]:
    """Cases of these clocks, by id, as they are now: ours until the transaction ends. One statement."""
    rows = (
        Complaint.objects.filter(pk__in={clock.complaint_id for clock in clocks}, status__in=OPEN)
        .filter(silent=False, about_conduct=False, not_for__isnull=True)
        .select_related("handler", "place")
        .select_for_update(of=("self",), skip_locked=True)
    )
    return {case.pk: case for case in rows.order_by("pk")}


def together(what: str, due: Sequence[S], take_all: Callable[[Sequence[S]], set[int]], one: Callable[[S], bool]) -> int:
    """Take what is due together, then one by one what that left: `take_all` gives the ids of the clocks it did. How
    many steps were taken. A page that fails is done one by one, and one that fails keeps no other waiting."""
    taken = set[int]()
    if len(due) > 1:
        try:
            with transaction.atomic():
                taken = take_all(due)
        except Exception:
            taken = set()
            log.exception("%s, %s of them", what, len(due))
    done = len(taken)
    for step in due:
        if step[0].pk not in taken:
            try:
                done += one(step)
            except Exception:
                log.exception("%s %s", what, step[0].pk)
    return done
