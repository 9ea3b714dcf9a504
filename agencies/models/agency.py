"""Agency: one office of the state, and its place in the tree."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lapor.kit.compiled import Blank, Compiled
from lapor.kit.standing import never_deleted

from .region import Region

if TYPE_CHECKING:
    from .people import User


class Kind(models.TextChoices):
    PUSAT = "PUSAT", _("pusat")
    KEMENTERIAN = "KEMENTERIAN", _("kementerian")
    LEMBAGA = "LEMBAGA", _("lembaga")
    PROVINSI = "PROVINSI", _("pemerintah provinsi")
    KABUPATEN = "KABUPATEN", _("pemerintah kabupaten")
    KOTA = "KOTA", _("pemerintah kota")
    OPD = "OPD", _("perangkat daerah")
    UNIT = "UNIT", _("unit")
    BUMN = "BUMN", _("BUMN")
    PTN = "PTN", _("perguruan tinggi negeri")
    PERWAKILAN = "PERWAKILAN", _("perwakilan RI")


PEMDA = (Kind.PROVINSI, Kind.KABUPATEN, Kind.KOTA)
# Roles that staff an office (agencies.models.people.Role).
OFFICERS = ("LIAISON", "HEAD", "COORDINATOR")


class AgencyQuerySet(models.QuerySet["Agency"]):
    def root(self) -> Agency:
        """The centre: the one agency without a parent. Raises Agency.DoesNotExist where none was laid."""
        for root in _ROOT():
            return root
        raise Agency.DoesNotExist

    def under(self, agency: Agency) -> AgencyQuerySet:
        """The agency itself and everything below it."""
        return self.filter(path__startswith=agency.path)

    def above(self, agency: Agency) -> AgencyQuerySet:
        """Every agency strictly above, nearest first."""
        return self.filter(pk__in=agency.ids_above).order_by("-path_length")

    def active_on(self, day: datetime.date | Blank) -> AgencyQuerySet:
        """Agencies that exist on this day: begun, and not yet ended."""
        begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
        return self.filter(begun).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def serving(self, region: Region) -> AgencyQuerySet:
        """The pemda responsible at this place: of its kabupaten/kota and of its provinsi, narrowest first."""
        return self.filter(kind__in=PEMDA, region_id__in=region.codes_above).order_by("-region_id")

    def staffed_on(self, day: datetime.date | Blank, excluding_users: Iterable[User] = ()) -> AgencyQuerySet:
        """Offices where somebody may act: a current LIAISON, HEAD or COORDINATOR. The root always counts.

        `excluding_users`: who may not see the case asked about, and so staffs nothing for it.
        """
        return self._with_officers(OFFICERS, day, excluding_users)

    def desks_on(self, day: datetime.date | Blank, excluding_users: Iterable[User] = ()) -> AgencyQuerySet:
        """Offices with a current COORDINATOR, who decide whose a case is. The root always counts."""
        return self._with_officers(("COORDINATOR",), day, excluding_users)

    def _with_officers(
        self, roles: Sequence[str], day: datetime.date | Blank, excluding_users: Iterable[User]
    ) -> AgencyQuerySet:
        from .people import Membership

        officers = (
            Membership.objects.current(day)
            .filter(agency=models.OuterRef("pk"), role__in=roles)
            .exclude(user__in=[user.pk for user in excluding_users])
        )
        return self.filter(Q(parent__isnull=True) | models.Exists(officers))

    def on_the_way_up(self, agency: Agency, *, with_itself: bool, not_for: Agency | None = None) -> AgencyQuerySet:
        """The path from the agency to the root, nearest first, without what lies in the subtree of `not_for`."""
        path = self.filter(pk__in=[*agency.ids_above, *([agency.pk] if with_itself else [])])
        if not_for is not None:
            path = path.exclude(path__startswith=not_for.path)
        return path.order_by("-path_length")

    def staffed_at_or_above(
        self,
        agency: Agency,
        day: datetime.date,
        not_for: Agency | None = None,
        excluding_users: Iterable[User] = (),
    ) -> Agency:
        """The nearest existing staffed office, the agency itself first; the root if nobody else. One query."""
        path = self.on_the_way_up(agency, with_itself=True, not_for=not_for)
        return path.active_on(day).staffed_on(day, excluding_users)[0]

    def staffed_above(
        self,
        agency: Agency,
        day: datetime.date,
        not_for: Agency | None = None,
        excluding_users: Iterable[User] = (),
    ) -> Agency:
        """As `staffed_at_or_above`, strictly above. The agency must not be the root. One query."""
        path = self.on_the_way_up(agency, with_itself=False, not_for=not_for)
        return path.active_on(day).staffed_on(day, excluding_users)[0]

    def desk_at_or_above(
        self,
        agency: Agency,
        day: datetime.date,
        not_for: Agency | None = None,
        excluding_users: Iterable[User] = (),
    ) -> Agency:
        """The lowest existing desk at or above the agency; the root if there is no other. One query."""
        path = self.on_the_way_up(agency, with_itself=True, not_for=not_for)
        return path.active_on(day).desks_on(day, excluding_users)[0]

    def desk_above(
        self,
        agency: Agency,
        day: datetime.date,
        not_for: Agency | None = None,
        excluding_users: Iterable[User] = (),
    ) -> Agency:
        """As `desk_at_or_above`, strictly above. The agency must not be the root. One query."""
        path = self.on_the_way_up(agency, with_itself=False, not_for=not_for)
        return path.active_on(day).desks_on(day, excluding_users)[0]

    def plant(self, agencies: Sequence[Agency]) -> list[Agency]:
        """Insert many at once with their paths; a parent stands before its children or has been saved."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [self.model._meta.db_table, len(agencies)],
            )
            for agency, (pk,) in zip(agencies, cursor.fetchall(), strict=True):
                agency.pk = pk
        for agency in agencies:
            # They got their ids after they were given to this one.
            agency.parent = agency.parent
            agency.succeeded_by = agency.succeeded_by
            agency.coordinators_at = agency.coordinators_at
            agency.take_path()
        return self.bulk_create(agencies)


_ROOT: Compiled[Agency] = Compiled(lambda: Agency.objects.filter(parent__isnull=True))


class Agency(models.Model):
    """An office. `path` is the parent's path with the own id behind it ("/1/30/512/"), so that a subtree is a prefix.

    An ended agency handles nothing and names its successor. Ministries, lembaga, BUMN, provinces and kabupaten/kota
    hang directly under the root; a province knows its districts by region code only (case.md section 1).
    """

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80, blank=True)
    aliases = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    # Code of the LKPP list (K50, L6 …) where there is one; the region code names a pemda.
    code = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120, unique=True, blank=True)
    path_length = models.PositiveSmallIntegerField(default=0)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="agencies")
    # Fields of work (bidang) this office answers for; (bidang, pemda) → office is read from here.
    bidang = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Which row of PP 18/2016's list it is ("inspektorat", "kecamatan", "rsud" …); blank: none.
    urusan = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    # First day on which it no longer exists; None: it goes on.
    ends_on = models.DateField(null=True, blank=True)
    succeeded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    # When its successor took over what it had on the map; None: not yet, or it goes on.
    handed_on_at = models.DateTimeField(null=True, blank=True)
    verify_first = models.BooleanField(default=False)
    # Answers of this office wait for its head (or coordinator) to approve them.
    approves_answers = models.BooleanField(default=False)
    coordinators_at = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, kind=Kind.PUSAT) | Q(parent__isnull=False) & ~Q(kind=Kind.PUSAT),
                name="agency_only_pusat_is_root",
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(parent__isnull=True), name="agency_one_root"),
            models.UniqueConstraint(
                fields=["parent", "name"], condition=Q(ends_on__isnull=True), name="agency_name_once_per_parent"
            ),
        ]
        indexes = [models.Index(fields=["kind", "region"], name="agency_kind_region")]
        triggers = never_deleted("agency")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep `path`: it needs the own id, so a new agency is written twice in one transaction."""
        from django.db import transaction

        with transaction.atomic():
            if not self.pk:
                self.path = f"new-{id(self)}"
                super().save(*args, **kwargs)
                kwargs = {}
                args = ()
            self.take_path()
            super().save(*args, **kwargs)

    def take_path(self) -> None:
        """Path from the parent's and the own id, which must be known."""
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        self.path_length = self.path.count("/") - 1

    @property
    def ids_above(self) -> list[int]:
        """Ids of every agency strictly above, root first."""
        return [int(part) for part in self.path.strip("/").split("/")[:-1]]

    def is_under(self, other: Agency) -> bool:
        """At or below `other`."""
        return self.path.startswith(other.path)

    def is_strictly_under(self, other: Agency) -> bool:
        return self.pk != other.pk and self.is_under(other)

    def is_active_on(self, day: datetime.date) -> bool:
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day < self.ends_on)

    def is_staffed(self, day: datetime.date, excluding_users: Iterable[User] = ()) -> bool:
        """It exists on the day and somebody may act here. One query."""
        return Agency.objects.filter(pk=self.pk).active_on(day).staffed_on(day, excluding_users).exists()

    def is_bare_pemda(self) -> bool:
        """A pemda that has no office yet: the starter set begins it. One query."""
        return self.kind in PEMDA and not Agency.objects.filter(parent=self).exists()

    def is_desk(self, day: datetime.date, excluding_users: Iterable[User] = ()) -> bool:
        """It exists on the day and a coordinator decides here; the root always. One query."""
        return Agency.objects.filter(pk=self.pk).active_on(day).desks_on(day, excluding_users).exists()

    @property
    def shown_name(self) -> str:
        return self.short_name or self.name
