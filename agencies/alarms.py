"""From 1 October a next year without holidays is an alarm: promises that reach into it are provisional."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import Error, connections
from django.utils import timezone

from agencies.models import Holiday


def missing_holidays(today: datetime.date) -> int | None:
    """The year whose national holidays are missing, once it is October; None: nothing is missing."""
    year = today.year + 1 if today.month >= 10 else today.year
    if Holiday.objects.filter(region__isnull=True, date__year=year).exists():
        return None
    return year


@register(Tags.database)
def check_holidays(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """`check --database default`, and after each migrate; silent where the table is not there yet."""
    if not databases or "default" not in databases:
        return []
    try:
        if Holiday._meta.db_table not in connections["default"].introspection.table_names():
            return []
        year = missing_holidays(timezone.localdate())
    except Error:
        return []
    if year is None:
        return []
    return [
        Warning(
            f"Hari libur nasional dan cuti bersama {year} belum dimuat.",
            hint="Muat dari halaman /kelola/hari-libur/ atau dengan bin/manage load_holidays FILE.csv.",
            id="agencies.W001",
        )
    ]
