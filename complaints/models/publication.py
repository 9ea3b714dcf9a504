"""Publication: the masked copy the public sees and searches. No row, not public."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone

from agencies.models import Region

from .reference import Category, Kind


class Publication(models.Model):
    """At most one per case, deleted in the transaction that makes the case secret.

    Every public page, search, feed, export and API reads this table and nothing else of the case's text.
    `conversation` is a list of {"message": id, "side", "at" (ISO), "agency" (name or ""), "verb", "body" (masked),
    "facts"} in order; `place` is never finer than the reporter allowed.
    """

    complaint = models.OneToOneField("complaints.Complaint", models.PROTECT, related_name="publication")
    title = models.CharField(max_length=160)
    body = models.TextField()
    conversation = models.JSONField(default=list, blank=True)
    place = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    # Copies for the public filters, kept by the same acts: the list is read from this table alone.
    kind = models.CharField(max_length=20, choices=Kind.choices)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    search = SearchVectorField(null=True)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="publication_newest"),
            models.Index(fields=["place", "-published_at", "-id"], name="publication_place_newest"),
            # A category with few reports would otherwise be looked for through all of them.
            models.Index(fields=["category", "-published_at", "-id"], name="publication_category_newest"),
            GinIndex(fields=["search"], name="publication_search"),
        ]

    def __str__(self) -> str:
        return self.title
