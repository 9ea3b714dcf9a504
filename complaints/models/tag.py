"""Tag: a case is gathered under a priority programme, from a moment until a moment."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies.models import Programme


class TagQuerySet(models.QuerySet["Tag"]):
    def current(self) -> TagQuerySet:
        return self.filter(removed_at__isnull=True)


class Tag(models.Model):
    """Says what the events `tag` and `untag` say, so that lists can be asked for it. Written by those verbs alone.

    A row that ended stays: an observer of the programme may know that the case left it.
    """

    # Found by the unique key below, current ones; what ended is asked for from the programme's side.
    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, db_index=False, related_name="tags")
    programme = models.ForeignKey(Programme, models.PROTECT, db_index=False, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    # None: the case carries it now.
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "programme"], condition=Q(removed_at__isnull=True), name="tag_once"
            )
        ]
        indexes = [models.Index(fields=["programme", "complaint"], name="tag_of_programme")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.programme_id}"
