"""The register of the unanswered: every promise of the state that was missed, for good (issue 5, section 3)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency
from complaints.models import Clock, Complaint, Event
from complaints.models.clock import ClockKind
from lapor.kit.standing import pointing

# What may be told to everybody of one case: nothing that is secret, kept from an office, or of somebody without a name.
LISTED = Q(complaint__secret=False, complaint__anonymous=False, complaint__not_for__isnull=True)
# The state's own promises to whoever reported: of VERIFY the desk's that should have passed it on; REPORTER is the
# citizen's.
KINDS = (ClockKind.VERIFY, ClockKind.RESPOND, ClockKind.RESOLVE, ClockKind.DECIDE)


class MissedQuerySet(models.QuerySet["Missed"]):
    def open(self) -> MissedQuerySet:
        """Still without an answer; what became of the case meanwhile is no matter."""
        return self.filter(answered_at__isnull=True, corrected_at__isnull=True)

    def listed(self) -> MissedQuerySet:
        """Those whose case may be named to everybody, as the case is now."""
        return self.filter(LISTED)


class Missed(models.Model):
    """One promise that was missed, written in the transaction that noted it. It is completed once, by an answer: moved,
    merged, archived, withdrawn or closed, the case stays. A change of the calendar that undoes the miss marks the row
    and removes nothing. A trigger refuses every other change, and each DELETE and TRUNCATE.

    One clock may be missed again: later, when it was re-dated; or in the next round, when the reporter contests a final
    answer that came too late.
    """

    # That these and the office are there, and the clock is the case's, the trigger `missed_points` sees to.
    complaint = models.ForeignKey(Complaint, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    clock = models.ForeignKey(Clock, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    kind = models.CharField(max_length=8, choices=ClockKind.choices)
    round = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField()
    # Who had the case at the end of the due day.
    missed_by = models.ForeignKey(Agency, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)
    # The answer that came after all: when, and the event of it.
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    corrected_at = models.DateTimeField(null=True, blank=True)

    objects = MissedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "round", "due_on"], name="missed_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer__isnull=True)
                | Q(answered_at__isnull=False, answer__isnull=False),
                name="missed_answer_is_an_event",
            ),
        ]
        indexes = [
            models.Index(fields=["complaint"], name="missed_of_complaint"),
            # The open part, oldest first: of the country, of some offices, of one kind of promise.
            models.Index(
                fields=["due_on", "id"],
                condition=Q(answered_at__isnull=True, corrected_at__isnull=True),
                name="missed_open",
            ),
            models.Index(
                fields=["missed_by", "due_on", "id"],
                condition=Q(answered_at__isnull=True, corrected_at__isnull=True),
                name="missed_open_office",
            ),
            models.Index(
                fields=["kind", "due_on", "id"],
                condition=Q(answered_at__isnull=True, corrected_at__isnull=True),
                name="missed_open_kind",
            ),
            # What was answered after all, and what was none: newest first.
            models.Index(
                fields=["-answered_at", "-id"], condition=Q(answered_at__isnull=False), name="missed_answered"
            ),
            models.Index(
                fields=["-corrected_at", "-id"], condition=Q(corrected_at__isnull=False), name="missed_corrected"
            ),
            # The feed of an office and all below it.
            models.Index(fields=["missed_by", "-id"], name="missed_newest_office"),
        ]
        triggers = [
            pointing(
                "missed_points",
                ("complaints_clock", "clock_id", "complaint_id"),
                ("agencies_agency", "missed_by_id"),
            ),
            pgtrigger.Protect(name="missed_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="missed_completed_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF to_jsonb(NEW) - ARRAY['answered_at', 'answer_id', 'corrected_at']
                        <> to_jsonb(OLD) - ARRAY['answered_at', 'answer_id', 'corrected_at']
                    OR (OLD.answered_at IS NOT NULL
                        AND (NEW.answered_at, NEW.answer_id) IS DISTINCT FROM (OLD.answered_at, OLD.answer_id))
                    OR (OLD.corrected_at IS NOT NULL AND NEW.corrected_at IS DISTINCT FROM OLD.corrected_at) THEN
                        RAISE EXCEPTION '% is completed once', TG_TABLE_NAME;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="missed_no_truncate",
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.corrected_at is None


class MissedSum(models.Model):
    """The open part summed for an office and all below it, by the worker; `agency` None: the country, with secret
    cases, which the sums of an office leave out (case.md, I7). Cases are counted once, by their oldest promise."""

    agency = models.ForeignKey(Agency, models.CASCADE, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    cases = models.PositiveIntegerField(default=0)
    promises = models.PositiveIntegerField(default=0)
    offices = models.PositiveIntegerField(default=0)
    oldest_on = models.DateField(null=True, blank=True)
    # Cases 1-5, 6-30 and more working days late.
    young = models.PositiveIntegerField(default=0)
    middle = models.PositiveIntegerField(default=0)
    old = models.PositiveIntegerField(default=0)
    # Counted, not listed.
    unlisted = models.PositiveIntegerField(default=0)
    # Missed by the office itself, not by one below.
    own = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency"], nulls_distinct=False, name="missed_sum_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.cases}"
