"""Whole years of cases, told in bulk: only what the events of a case say, straight into the tables. For tests of what
is counted of many; how a case comes to such events is tested elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from agencies import calendar
from agencies.models import Agency, Kind
from complaints.models import Complaint, Event

NOON = datetime.time(5, tzinfo=datetime.UTC)  # in Jakarta
_NUMBERS = count(1)


@dataclass(frozen=True)
class Tale:
    """`n` cases of one kind, at this office. Working days until the first answer (None: never, and noted as missed);
    how it ended ("accept", "lapse", "" still open) the day after it was settled, which was so many days after the
    answer; ratings of an accepted one."""

    n: int
    office: Agency
    answered: int | None = 2
    ended: str = "accept"
    settled: int = 1
    rating: int | None = None
    secret: bool = False
    # Day and month of the first of them; the others follow day by day, and begin again after so many.
    day: tuple[int, int] = (6, 1)
    over: int = 200


def pemda(root: Agency, name: str, kind: str = Kind.KABUPATEN, offices: int = 1) -> tuple[Agency, list[Agency]]:
    made = Agency(name=name, kind=kind, parent=root)
    below = [Agency(name=f"Dinas {n} {name}", kind=Kind.OPD, parent=made) for n in range(offices)]
    Agency.objects.plant([made, *below])
    return made, below


def tell(year: int, tales: Iterable[Tale]) -> list[Complaint]:
    cases: list[Complaint] = []
    told: list[tuple[Complaint, Tale]] = []
    for tale in tales:
        first = datetime.date(year, tale.day[1], tale.day[0])
        for n in range(tale.n):
            at = datetime.datetime.combine(first + datetime.timedelta(days=n % tale.over), NOON)
            number = next(_NUMBERS)
            case = Complaint(
                number=f"T{number:010d}",
                key_hash=f"{number:064d}",
                title="Jalan rusak",
                body="Jalan rusak di depan pasar.",
                channel="web",
                secret=tale.secret,
                status="closed" if tale.ended else "in_progress",
                handler=tale.office,
                received_at=at,
                changed_at=at,
            )
            told.append((case, tale))
            cases.append(case)
    Complaint.objects.bulk_create(cases)
    Event.objects.bulk_create([event for case, tale in told for event in _events(case, tale)])
    return cases


def _events(case: Complaint, tale: Tale) -> Iterable[Event]:
    day = case.received_at.date()

    def after(days: int) -> datetime.date:
        return calendar.add_working_days(day, days, frozenset()) if days else day

    def event(verb: str, on: datetime.date, before: str, status: str, **particulars: Any) -> Event:
        at = datetime.datetime.combine(on, NOON)
        return Event(
            complaint=case,
            verb=verb,
            side="SYSTEM",
            at=at,
            recorded_at=at,
            round=1,
            status_from=before,
            status_to=status,
            handler_from_id=None if verb == "submit" else case.handler_id,
            handler_to_id=case.handler_id,
            audience="PARTIES",
            particulars=particulars,
        )

    yield event("submit", day, "", "submitted", clocks={"VERIFY": after(3).isoformat()})
    clocks = {"RESPOND": after(5).isoformat(), "RESOLVE": after(14).isoformat()}
    yield event("forward", day, "submitted", "forwarded", clocks=clocks)
    if tale.answered is None or tale.answered > 5:
        yield event("overdue", after(6), "forwarded", "forwarded", kind="RESPOND")
    if tale.answered is None:
        yield event("overdue", after(15), "forwarded", "forwarded", kind="RESOLVE")
        return
    yield event("answer", after(tale.answered), "forwarded", "in_progress")
    if not tale.ended:
        return
    yield event("resolve", after(tale.answered + tale.settled), "in_progress", "answered")
    given = {"rating_answer": tale.rating, "rating_result": tale.rating} if tale.rating else {}
    yield event(tale.ended, after(tale.answered + tale.settled + 1), "answered", "closed", **given)
