"""Rise: a topic at a kecamatan that is reported far more often than on the same weekdays before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Region, User
from complaints.models import Category


class RiseQuerySet(models.QuerySet["Rise"]):
    def at_or_under(self, agency: Agency) -> RiseQuerySet:
        """Those of the districts this office coordinates."""
        return self.filter(agency__path__startswith=agency.path)

    def waiting(self) -> RiseQuerySet:
        """Nobody has said yet what it was."""
        return self.filter(state=Rise.State.NEW)


class Rise(models.Model):
    """One alarm. What was counted and against what stays as it was when the alarm was raised; the cases are looked up
    anew at each reading, as the reader may see them."""

    class State(models.TextChoices):
        NEW = "NEW", _("Belum dilihat")
        TAKEN = "TAKEN", _("Ditangani")
        DISMISSED = "DISMISSED", _("Bukan lonjakan")

    # A category of the upper level, with everything below it.
    topic = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    # A kecamatan, with its kelurahan and desa.
    place = models.ForeignKey(Region, models.PROTECT, related_name="+", db_index=False)
    # The day in the zone of the place.
    day = models.DateField()
    # The pemda whose coordinators were told; the centre where a place has none.
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    # The median of the same weekdays before, and how many of them there were to look at.
    usual = models.FloatField()
    weeks = models.PositiveSmallIntegerField()
    # How likely so many are on a usual day.
    chance = models.FloatField()
    found_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=9, choices=State.choices, default=State.NEW)
    note = models.CharField(max_length=500, blank=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = RiseQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["place", "topic", "day"], name="rise_once_a_day")]
        indexes = [models.Index(fields=["agency"], condition=Q(state="NEW"), name="rise_waiting")]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.place_id} {self.day}"
