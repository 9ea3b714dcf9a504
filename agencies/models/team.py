"""TeamMember: somebody appointed to read disclosures (WBS) at an inspectorate or the centre."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .people import Decree, Membership, User


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def current(self, day: datetime.date | None = None) -> TeamMemberQuerySet:
        """In force on the day (None: today in Jakarta), of officers who still sit at that office. Who waits for a
        second person's word is none."""
        day = day or timezone.localdate()
        seat = Membership.objects.current(day).filter(user=OuterRef("user"), agency=OuterRef("agency"))
        found = self.exclude(asked_for=TeamMember.Asked.SEAT)
        return found.filter(Exists(seat), starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class TeamMember(models.Model):
    """By name, dated and decreed. It gives one right, to read this team's disclosures, which no role gives. Once a
    team has been one, two persons change it: one asks, another agrees."""

    class Asked(models.TextChoices):
        SEAT = "SEAT", _("ditunjuk")
        END = "END", _("diakhiri")

    user = models.ForeignKey(User, models.PROTECT, related_name="team_memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="team_members")
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    # First day on which it no longer holds. None: it goes on.
    ends_on = models.DateField(null=True, blank=True)
    appointed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    appointed_at = models.DateTimeField(default=timezone.now)
    # What one person asked for and a second has to agree with; "": nothing waits.
    asked_for = models.CharField(max_length=4, choices=Asked.choices, blank=True, default="")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    asked_reason = models.CharField(max_length=300, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        ordering = ["agency__path_length", "agency__name", "user__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"], condition=Q(ends_on__isnull=True), name="team_member_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="team_member_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(appointed_by__isnull=True) | ~Q(appointed_by=F("user")), name="team_member_not_by_oneself"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")) & ~Q(approved_by=F("user")),
                name="team_member_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.agency}"
