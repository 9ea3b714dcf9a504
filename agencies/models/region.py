"""Wilayah: provinsi to kelurahan/desa, by the codes of Kemendagri (Kepmendagri 300.2.2-2430/2025)."""

from __future__ import annotations

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    PROVINSI = "PROVINSI", _("provinsi")
    KABUPATEN = "KABUPATEN", _("kabupaten")
    KOTA = "KOTA", _("kota")
    KECAMATAN = "KECAMATAN", _("kecamatan")
    KELURAHAN = "KELURAHAN", _("kelurahan")
    DESA = "DESA", _("desa")


class RegionQuerySet(models.QuerySet["Region"]):
    def under(self, region: Region) -> RegionQuerySet:
        """The region itself and everything inside it."""
        return self.filter(models.Q(pk=region.pk) | models.Q(pk__startswith=f"{region.pk}."))

    def current(self) -> RegionQuerySet:
        """Regions whose code still stands in the list of Kemendagri."""
        return self.filter(ended_on__isnull=True)


class Region(models.Model):
    """One place with a code. The dotted code is the key: a parent's code is the prefix of its child's."""

    code = models.CharField(max_length=13, primary_key=True)
    name = models.CharField(max_length=80)
    # Lower case, without "kabupaten", "kota" and accents: what somebody types is compared with this.
    search_name = models.CharField(max_length=80, db_index=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    zone = models.CharField(max_length=20, default="Asia/Jakarta")
    # First day on which the code no longer stood in the list; None: it stands.
    ended_on = models.DateField(null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")

    def __str__(self) -> str:
        return self.name

    @property
    def codes_above(self) -> list[str]:
        """Own code and those of all regions around it, widest first: ["14", "14.02", "14.02.01"]."""
        parts = self.code.split(".")
        return [".".join(parts[: n + 1]) for n in range(len(parts))]

    def ended_by(self, day: datetime.date) -> bool:
        return self.ended_on is not None and self.ended_on <= day
