"""Clock: one promise to the citizen, with its date. Pause: days on which the citizen was waited for."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Region
from lapor.kit.standing import never_deleted

from .programme_promise import ProgrammePromise
from .reference import ServiceStandard


class ClockKind(models.TextChoices):
    VERIFY = "VERIFY", _("diperiksa dan diteruskan")
    RESPOND = "RESPOND", _("jawaban pertama")
    RESOLVE = "RESOLVE", _("jawaban akhir")
    REPORTER = "REPORTER", _("tanggapan pelapor")
    DECIDE = "DECIDE", _("keputusan wewenang")


class ClockQuerySet(models.QuerySet["Clock"]):
    def unstopped(self) -> ClockQuerySet:
        return self.filter(stopped_at__isnull=True)

    def running(self) -> ClockQuerySet:
        """Unstopped and not paused."""
        return self.unstopped().filter(paused_on__isnull=True)

    def to_note(self) -> ClockQuerySet:
        """The state's own promises whose miss nobody has noted."""
        return self.unstopped().filter(~Q(kind=ClockKind.REPORTER), overdue_noted_at__isnull=True)

    def past_due(self, today: datetime.date) -> ClockQuerySet:
        """Promises whose day has passed: due at the end of `due_on`, late from the next day. A pause that began
        after the date had passed changes nothing: `due_on` stays and so does the lateness."""
        return self.unstopped().filter(due_on__lt=today)


class Clock(models.Model):
    """One promise. The budget is copied at start: a new law does not rewrite the past (case.md section 4).

    `due_on` is the `budget`-th working day after the first that lies in no pause. It is None while the clock is
    paused before its date; `days_left` then says how many working days remain.
    """

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, db_index=False, related_name="clocks")
    kind = models.CharField(max_length=8, choices=ClockKind.choices)
    round = models.PositiveSmallIntegerField(default=1)
    budget = models.PositiveSmallIntegerField()
    standard = models.ForeignKey(
        ServiceStandard, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    # The priority programme's own promise, where that is the tighter one; None: the standard's days are the budget.
    programme_promise = models.ForeignKey(
        ProgrammePromise, models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False, related_name="+"
    )
    # Whose holidays count; fixed at start. None: only national ones.
    calendar_region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # Day zero: the calendar date at the place of the report.
    started_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    # First day of the pause it is in; None: it runs.
    paused_on = models.DateField(null=True, blank=True)
    days_left = models.SmallIntegerField(null=True, blank=True)
    # Its span touches a year without holidays or a holiday still estimated.
    provisional = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True, blank=True)
    overdue_noted_at = models.DateTimeField(null=True, blank=True)
    # Who had the case at the end of the due day; written when the miss is noted.
    missed_by = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    # A change of the calendar undid a noted miss.
    corrected_at = models.DateTimeField(null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "kind"], condition=Q(stopped_at__isnull=True), name="clock_one_unstopped_per_kind"
            )
        ]
        # And no index of their own for the foreign keys: each is written again when a promise is missed (ADR 0053).
        indexes = [
            # Read by the hourly sweep: due and not yet noted, oldest first; what it notes leaves the index.
            models.Index(
                fields=["due_on", "id"],
                condition=~Q(kind="REPORTER") & Q(stopped_at__isnull=True, overdue_noted_at__isnull=True),
                name="clock_to_note",
            ),
            # Read by the same sweep: reporters to remind, and those whose days ran out.
            models.Index(
                fields=["due_on", "id"],
                condition=Q(kind="REPORTER", stopped_at__isnull=True),
                name="clock_of_reporter",
            ),
            # What is late now, whoever noted it.
            models.Index(fields=["due_on", "id"], condition=Q(stopped_at__isnull=True), name="clock_unstopped_due"),
            models.Index(fields=["complaint", "kind"], name="clock_of_complaint"),
            # First answers by the month they were promised in: the statistics.
            models.Index(
                fields=["started_on"], condition=Q(kind=ClockKind.RESPOND, round=1), name="clock_first_answer_started"
            ),
            # The register's rows that a change of the calendar undid.
            models.Index(fields=["-corrected_at"], condition=Q(corrected_at__isnull=False), name="clock_corrected"),
        ]
        triggers = never_deleted("clock")

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None and self.paused_on is None

    def is_late_on(self, today: datetime.date) -> bool:
        return self.stopped_at is None and self.due_on is not None and self.due_on < today


class Pause(models.Model):
    """Days on which the citizen was waited for, or on which the case was merged with another in error: from
    `started_on` to the day before `ended_on`. No clock but REPORTER counts them, and no stint."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="pauses")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="pause_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_on__isnull=True), name="pause_one_open_per_complaint"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_on} – {self.ended_on}"
