"""Boundary: where a kecamatan lies, as rings of its border. A kabupaten/kota is all its kecamatan together.

PostgreSQL's own polygons: no extension is needed, and no process holds the country's borders in its memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GistIndex
from django.db import models

from .region import Region

if TYPE_CHECKING:
    _Field = models.Field[str, str]
else:
    _Field = models.Field


class RingField(_Field):
    """A closed line of (longitude, latitude), degrees; read and written as PostgreSQL writes a polygon."""

    def db_type(self, connection: Any) -> str:
        return "polygon"


class Boundary(models.Model):
    region = models.ForeignKey(Region, models.CASCADE, related_name="boundaries")
    ring = RingField()
    # True: what this ring encloses does not belong to the region (another one lies inside it).
    hole = models.BooleanField(default=False)

    class Meta:
        indexes = [GistIndex(fields=["ring"], name="boundary_ring")]

    def __str__(self) -> str:
        return f"{self.region_id} {'lubang' if self.hole else 'batas'}"
