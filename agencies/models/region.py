"""Wilayah: provinsi to kelurahan/desa, by the codes of Kemendagri (Kepmendagri 300.2.2-2430/2025)."""

from __future__ import annotations

import datetime
from itertools import takewhile

from django.db import connection, models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    PROVINSI = "PROVINSI", _("provinsi")
    KABUPATEN = "KABUPATEN", _("kabupaten")
    KOTA = "KOTA", _("kota")
    KECAMATAN = "KECAMATAN", _("kecamatan")
    KELURAHAN = "KELURAHAN", _("kelurahan")
    DESA = "DESA", _("desa")


# Degrees, some 220 m: borders are simplified, and so near to one nobody can tell the side.
NEAR_BORDER = 0.002

# Kecamatan that the square touches, without those in whose hole it lies.
_AROUND = """
SELECT DISTINCT b.region_id FROM agencies_boundary b
WHERE NOT b.hole AND b.ring && %(around)s::polygon
AND NOT EXISTS (
    SELECT FROM agencies_boundary h WHERE h.region_id = b.region_id AND h.hole AND h.ring @> %(around)s::polygon
)
"""


def box(latitude: float, longitude: float, by: float) -> str:
    """A square around a point, as PostgreSQL reads a polygon."""
    west, east, south, north = longitude - by, longitude + by, latitude - by, latitude + by
    return f"(({west:.6f},{south:.6f}),({east:.6f},{south:.6f}),({east:.6f},{north:.6f}),({west:.6f},{north:.6f}))"


class RegionQuerySet(models.QuerySet["Region"]):
    def under(self, region: Region) -> RegionQuerySet:
        """The region itself and everything inside it."""
        return self.filter(models.Q(pk=region.pk) | models.Q(pk__startswith=f"{region.pk}."))

    def at(self, latitude: float, longitude: float) -> Region | None:
        """The narrowest region that a point surely lies in: its kecamatan; near a border what is around both sides.
        None outside the country, and on the sea. Two statements."""
        around = box(latitude, longitude, NEAR_BORDER)
        with connection.cursor() as cursor:
            cursor.execute(_AROUND, {"around": around})
            codes = [code for (code,) in cursor.fetchall()]
        if not codes:
            return None
        columns = zip(*(code.split(".") for code in codes), strict=False)
        common = ".".join(same[0] for same in takewhile(lambda column: len(set(column)) == 1, columns))
        return self.current().filter(pk=common).first()

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
    # A point inside it, degrees; None: not known (of kelurahan and desa it is not).
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

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
