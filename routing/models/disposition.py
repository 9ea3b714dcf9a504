"""Disposition: one office's stint with one case. Citizens see clocks; offices are judged by stints."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from complaints.models import Complaint


class Outcome(models.TextChoices):
    ANSWERED = "ANSWERED", _("jawabannya diterima atau ditutup")
    MOVED = "MOVED", _("dipindahkan")
    HANDED_BACK = "HANDED_BACK", _("dikembalikan")
    PASSED_ON = "PASSED_ON", _("diteruskan ke unit")
    FORWARDED = "FORWARDED", _("diteruskan")
    PLACED = "PLACED", _("dititipkan")
    CONTESTED = "CONTESTED", _("belum beres menurut pelapor")
    ARCHIVED = "ARCHIVED", _("diarsipkan")
    WITHDRAWN = "WITHDRAWN", _("dicabut pelapor")
    EXPIRED = "EXPIRED", _("gugur, pelapor tidak melengkapi")
    LAPSED = "LAPSED", _("ditutup otomatis")
    SUCCEEDED = "SUCCEEDED", _("beralih ke kantor penerus")


class Ground(models.TextChoices):
    NOT_OURS = "NOT_OURS", _("bukan wewenang")
    PROPOSE_ARCHIVE = "PROPOSE_ARCHIVE", _("usul arsip")


class DispositionQuerySet(models.QuerySet["Disposition"]):
    def open(self) -> DispositionQuerySet:
        return self.filter(ended_at__isnull=True)

    def unweighed(self) -> DispositionQuerySet:
        """The worker's work: first stints of cases it has not weighed yet."""
        return self.open().filter(weighed_at__isnull=True)


class Disposition(models.Model):
    """A stint. Exactly one is open while the case is open, and its agency is the case's handler (I2).

    `due_on` is the VERIFY clock's while the case is submitted; from `forwarded` it counts the RESPOND budget from the
    stint's own first day, in no pause (case.md section 4).
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="dispositions")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="dispositions")
    from_agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # The verb that opened it: submit, place, forward, move, pass_on, hand_back, contest, reopen, unmerge.
    verb = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    paused_days = models.PositiveSmallIntegerField(default=0)
    # After the second refusal of a round: no hand_back by whoever holds it.
    bound = models.BooleanField(default=False)
    # When the worker decided on it. Only a case's first stint opens without: that *is* the work waiting.
    weighed_at = models.DateTimeField(null=True, blank=True)
    # First look by anybody of this office.
    opened_at = models.DateTimeField(null=True, blank=True)
    # Who of the office took it on ("laporan saya").
    officer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    first_answer_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    ground = models.CharField(max_length=16, choices=Ground.choices, blank=True)
    # The office a refusal named; None: "tidak tahu", or no refusal.
    proposed = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DispositionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(ended_at__isnull=True), name="disposition_one_open_per_complaint"
            )
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_on", "complaint"],
                condition=Q(ended_at__isnull=True),
                name="disposition_open_of_agency",
            ),
            # The counts of what nobody has opened yet, and of what somebody holds.
            models.Index(
                fields=["agency", "complaint"],
                condition=Q(ended_at__isnull=True, opened_at__isnull=True),
                name="disposition_unopened",
            ),
            models.Index(
                fields=["officer", "agency", "complaint"],
                condition=Q(ended_at__isnull=True, officer__isnull=False),
                name="disposition_held",
            ),
            # Read by the sweep each minute: what a lost nudge left unweighed.
            models.Index(
                fields=["id"],
                condition=Q(ended_at__isnull=True, weighed_at__isnull=True),
                name="disposition_unweighed",
            ),
            models.Index(fields=["complaint", "id"], name="disposition_of_complaint"),
            models.Index(fields=["agency", "ended_at"], name="disposition_ended_of_agency"),
            # Who refuses what comes to it (routing.bounces): the refusals alone, and of what one office received.
            models.Index(
                fields=["received_on", "agency"],
                condition=Q(outcome="HANDED_BACK", ground="NOT_OURS") & ~Q(verb="pass_on"),
                name="disposition_refused",
            ),
            models.Index(fields=["agency", "received_on"], name="disposition_received"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} di {self.agency_id}"
