"""ApiClient: a machine that signs in for an agency, and the keys it does so with.

It is nobody: it staffs no office, and what it does stands in the register under its own name. Towards a case it stands
as a liaison of its agency does (case.md section 6), as far as its permissions go.
"""

from __future__ import annotations

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .people import User


class Permission(models.TextChoices):
    """What a client may. A key that leaked is worth as much as its client's permissions, so each is given by name."""

    FILE = "file", _("Mengirim laporan warga ke instansi ini")
    QUEUE = "queue", _("Membaca laporan yang dipegang instansi ini")
    ACT = "act", _("Mulai, menjawab, dan mengembalikan laporan")
    IDENTITY = "identity", _("Membuka nama dan kontak pelapor")


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    def active_on(self, day: datetime.date) -> ApiClientQuerySet:
        """Begun, not ended, of an agency that exists."""
        lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        return self.filter(lasting, starts_on__lte=day, agency__in=Agency.objects.active_on(day))


class ApiClient(models.Model):
    name = models.CharField(max_length=80)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="api_clients")
    permissions = ArrayField(models.CharField(max_length=12, choices=Permission.choices), default=list, blank=True)
    # Requests an hour; a tenth of them may come at once.
    hourly_limit = models.PositiveIntegerField(default=3600)
    # Whom to call when it misbehaves: a team's address or number, never a reporter's.
    contact = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField(default=timezone.localdate)
    # First day on which it may no longer sign in: an act that ends it now writes today. None: it goes on.
    ends_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        ordering = ["agency__name", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="api_client_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["agency", "name"], condition=Q(ends_on__isnull=True), name="api_client_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_active_on(self, day: datetime.date) -> bool:
        begun = self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
        return begun and self.agency.is_active_on(day)

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    @property
    def shown_permissions(self) -> list[str]:
        return [str(Permission(code).label) for code in self.permissions if code in Permission.values]


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def alive_at(self, now: datetime.datetime) -> ApiKeyQuerySet:
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


class ApiKey(models.Model):
    """One key of a client: "lapor_<prefix>_<secret>". Shown once; kept are the prefix and a keyed hash of the whole.

    While a client changes over two are alive, the older one with an end.
    """

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="keys")
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True)
    # To the hour: a row is not written at every request.
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"lapor_{self.prefix}_…"

    def is_alive_at(self, now: datetime.datetime) -> bool:
        return self.ends_at is None or now < self.ends_at
