"""What they are about and by which channel they came."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from complaints.channels import registry
from complaints.models import Category
from lapor.kit import bars
from routing.measures import splits
from routing.views.statistics.asked import DAY, Asked, filter_of

# Columns of the table by channel.
CHANNELS = 5


def split(asked: Asked) -> dict[str, Any] | None:
    """By category and channel, of the quarters that are over; of agencies and what they make together, not of an
    office. Two statements."""
    body = asked.body
    if body.is_office:
        return None
    wanted = splits.quarters(asked.scope.first, asked.scope.last, asked.today)
    told = splits.of(None if body.is_country else body.tops, wanted)
    names = dict(Category.objects.filter(pk__in=told.categories).values_list("pk", "name"))
    channels = list(told.channels)[:CHANNELS]
    top = max(told.categories.values(), default=1)
    named = next(((names[pk], count) for pk, count in told.categories.items() if pk in names), None)
    return {
        "told": told,
        "most": named,
        "words": quarters_words(wanted),
        "channels": [(registry.name(code), told.channels[code]) for code in told.channels],
        "columns": [registry.name(code) for code in channels],
        "rows": [
            {
                "name": names.get(category, _("Tanpa kategori")) if category else _("Tanpa kategori"),
                "count": count,
                "width": bars.stack([("", count, "t2")], top=top)[0].width,
                "cells": [told.cells.get((category, code)) for code in channels],
                "url": _page_of(asked, category),
            }
            for category, count in told.categories.items()
        ],
        "rest": told.rest_of_categories,
        "rest_of_channels": told.rest_of_channels,
        "file": asked.file("kategori"),
    }


def quarters_words(quarters: Sequence[datetime.date]) -> str:
    if not quarters:
        return ""
    last = splits.after(quarters[-1]) - DAY
    first, until = date_format(quarters[0], "F Y"), date_format(last, "F Y")
    return _("%(first)s sampai %(last)s") % {"first": first, "last": until}


def _page_of(asked: Asked, category: int) -> str:
    """Of the country its own page, else the public list of what is published of it there."""
    if not category:
        return ""
    if asked.body.is_country:
        return asked.page(("kategori", str(category)))
    return f"{reverse('complaints:list')}?{urlencode(filter_of(asked.body) | {'kategori': str(category)})}"
