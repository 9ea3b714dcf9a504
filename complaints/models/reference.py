"""What a case is classified by: its kind, its category, and the working days the law gives it."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from lapor.kit.compiled import Among, Blank, Compiled


class Kind(models.TextChoices):
    PENGADUAN = "PENGADUAN", _("Pengaduan")
    ASPIRASI = "ASPIRASI", _("Aspirasi")
    PERMINTAAN_INFORMASI = "PERMINTAAN_INFORMASI", _("Permintaan informasi")


class CategoryQuerySet(models.QuerySet["Category"]):
    def on(self, day: datetime.date) -> CategoryQuerySet:
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def top(self) -> CategoryQuerySet:
        return self.filter(parent__isnull=True)


class Category(models.Model):
    """A node of the two-level tree. Each carries one bidang; never deleted, only ended."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=120)
    bidang = models.CharField(max_length=40, blank=True)
    # Which level of the state usually answers: "pusat", "provinsi", "kabkota", "bumn"; blank: any.
    level_hint = models.CharField(max_length=10, blank=True)
    # Said to the reporter who chooses it ("Keadaan darurat? Telepon 112.").
    notice = models.CharField(max_length=300, blank=True)
    # Other words people have for it, comma between them: for clients that search before they show a list.
    keywords = models.CharField(max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    # Its row in the shipped table, "parent|name" as it stands there; blank for one that was added here.
    shipped_as = models.CharField(max_length=250, blank=True)
    # Somebody of the centre changed or ended it: the shipped table has no say in it any more.
    kept_here = models.BooleanField(default=False)
    # The same of its questions.
    asks_here = models.BooleanField(default=False)
    # Clients keep the list; Open311's discovery tells them by this when to ask for it again.
    changed_at = models.DateTimeField(auto_now=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name", "starts_on"], nulls_distinct=False, name="category_once_per_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name


# What an office promises a reporter, by its clock: only of these a district may promise less than the country.
PROMISED = ("VERIFY", "RESPOND", "RESOLVE")


class ServiceStandardQuerySet(models.QuerySet["ServiceStandard"]):
    def all_in_force(
        self, kind: str, supervised: bool, agency: Agency | None, day: datetime.date
    ) -> dict[str, ServiceStandard]:
        """By clock: the standard for this pair on this day. One statement.

        An agency's own counts while it is tighter than those above it, so that a district's promise made before the
        country's became tighter is never the looser one. Days of the reporter are the country's everywhere.
        """
        offices = [*agency.ids_above, agency.pk] if agency is not None else []
        latest: dict[tuple[str, int | None], ServiceStandard] = {}
        for row in _IN_FORCE(kind=kind, supervised=supervised, day=day, offices=offices):
            if row.agency_id is None or row.clock in PROMISED:
                latest.setdefault((row.clock, row.agency_id), row)
        found: dict[str, ServiceStandard] = {}
        for row in latest.values():
            if row.clock not in found or row.working_days < found[row.clock].working_days:
                found[row.clock] = row
        return found

    def in_force(
        self, kind: str, supervised: bool, clock: str, agency: Agency | None, day: datetime.date
    ) -> ServiceStandard:
        """The standard for one clock. Raises ServiceStandard.DoesNotExist if the national rows were never loaded."""
        found = self.all_in_force(kind, supervised, agency, day).get(clock)
        if found is None:
            raise ServiceStandard.DoesNotExist(f"{kind} {clock} {day}")
        return found


_IN_FORCE: Compiled[ServiceStandard] = Compiled(
    lambda: ServiceStandard.objects.filter(
        Q(agency__isnull=True) | Q(Among("agency_id", "offices")),
        kind=Blank("kind", models.CharField()),
        supervised=Blank("supervised", models.BooleanField()),
        starts_on__lte=Blank("day", models.DateField()),
    ).order_by(models.F("agency__path_length").desc(nulls_last=True), "-starts_on")
)


class ServiceStandard(models.Model):
    """Working days promised for one clock of one kind of report, from a date on, and the law that says so."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    supervised = models.BooleanField(default=False)
    # A clock's kind, or UNREACHED: the reporter's days where no letter can reach them.
    clock = models.CharField(max_length=9)
    # None: the whole country.
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    working_days = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    legal_basis = models.CharField(max_length=300)

    objects = ServiceStandardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "supervised", "clock", "agency", "starts_on"],
                nulls_distinct=False,
                name="standard_once_per_date",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.clock} {self.working_days}"
