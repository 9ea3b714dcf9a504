"""SubSite: a district's own door to the portal, with its name, mark, colours, numbers and, if it likes, its host.

Data, not code (docs/keputusan/0011): whoever coordinates the district writes it, and the same pages stand behind it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agencies import colours

from .agency import Agency


class SubSiteQuerySet(models.QuerySet["SubSite"]):
    def active(self) -> SubSiteQuerySet:
        """Those that may be visited: switched on, of an agency that has not ended."""
        today = timezone.localdate()
        going_on = Q(agency__ends_on__isnull=True) | Q(agency__ends_on__gt=today)
        return self.filter(going_on, active=True).select_related("agency__region")


class SubSite(models.Model):
    """`slug` is its address (/d/<slug>/), `host` a host name of its own ("" none), both in lower case.

    `mark` is a PNG of at most 512 pixels for paper, `small_mark` one of 64 for pages (agencies.marks); empty: the
    initials stand in. `phones` is a list of [what it is, number].
    """

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="subsite")
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    greeting = models.CharField(max_length=160, blank=True)
    host = models.CharField(max_length=120, blank=True)
    colour = models.CharField(max_length=7, default=colours.COLOUR)
    accent = models.CharField(max_length=7, default=colours.ACCENT)
    mark = models.BinaryField(default=bytes, blank=True)
    small_mark = models.BinaryField(default=bytes, blank=True)
    # Twelve hexadecimal digits of the mark, part of its address: a new mark is a new address. "": none.
    mark_version = models.CharField(max_length=12, blank=True)
    phones = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = SubSiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["host"], condition=~Q(host=""), name="subsite_host_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Its address on the national host."""
        return f"/d/{self.slug}/"

    @property
    def initials(self) -> str:
        """Two letters that stand where no mark is: "Kabupaten Indragiri Hulu" → "IH"."""
        region = self.agency.region
        words = (region.search_name if region else self.name).split()
        letters = [word[0] for word in words[:2]] if len(words) > 1 else [words[0][:2] if words else "?"]
        return "".join(letters).upper()

    @property
    def shades(self) -> dict[str, str]:
        return colours.shades(self.colour, self.accent)
