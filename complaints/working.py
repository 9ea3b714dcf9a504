"""Who works on what, in plain words for reporter and public: the tasks of other offices that the lead let them read.

Offices by name, persons never: what the lead wrote for everybody is masked like its answers.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies import calendar
from complaints.models import Complaint, Contribution
from complaints.privacy import names_to_hide
from complaints.publishing import masked_answer
from lapor.kit import wording


@dataclass(frozen=True)
class Working:
    """One office that helps or has helped; `state` and `days` are those of parts/promise.html."""

    office: str
    task: str
    when: str
    state: str
    days: int


def working(complaint: Complaint, today: datetime.date, holidays: frozenset[datetime.date]) -> list[Working]:
    """One statement, and the reporter's where somebody helps. `holidays`: from the day the case came on, at the place
    of the report."""
    if complaint.is_guarded:
        return []
    rows = list(complaint.contributions.told_to_all().select_related("agency"))
    hide = names_to_hide(complaint) if rows else ()
    return [_working(row, masked_answer(row.shown.rstrip("."), hide=hide), today, holidays) for row in rows]


def _working(row: Contribution, task: str, today: datetime.date, holidays: frozenset[datetime.date]) -> Working:
    if not row.is_open:
        when = _("Selesai %(day)s.") % {"day": wording.short_day(row.ended_at)}
        return Working(row.agency.shown_name, task, when, "none", 0)
    left = calendar.working_days_left(today, row.due_on, holidays)
    state = "late" if today > row.due_on else "near" if left <= 1 else "on_time"
    when = _("Paling lambat %(day)s.") % {"day": wording.short_day(row.due_on)}
    return Working(row.agency.shown_name, task, when, state, abs(left))
