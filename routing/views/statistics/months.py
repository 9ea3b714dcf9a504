"""Month by month: the sentence, the bars and the table."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.dates import MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lapor.kit import wording
from routing.public import ENOUGH, Month


def short(month: datetime.date) -> str:
    return f"{str(MONTHS_3[month.month]).capitalize()} {month.year}"


def trend(months: Sequence[Month]) -> dict[str, Any]:
    rows = [(date_format(month.first, "F Y"), month) for month in reversed(months)]
    return drawn(months, short) | {"finding": _finding(months), "rows": rows}


def drawn(months: Sequence[Month], name: Callable[[datetime.date], str]) -> dict[str, Any]:
    """The bars of months, or of longer spans, each by what became of the first answer."""
    top = max((month.received for month in months), default=0) or 1
    found: list[list[tuple[str, str, str]]] = []
    for month in months:
        ground, blocks = 100.0, []
        for value, tone in ((month.in_time, "t1"), (month.late, "t4"), (month.missed, "t5"), (month.other, "t3")):
            if value:
                height = value * 100 / top
                ground -= height
                blocks.append((tone, f"{ground:.1f}", f"{height:.1f}"))
        found.append(blocks)
    return {
        "bars": list(enumerate(found)),
        "width": len(months) * 10,
        "top": max(months, key=lambda month: month.received),
        "ends": [name(months[n].first) for n in (0, len(months) // 2, -1)],
        "legend": [
            ("t1", _("Dijawab tepat waktu")),
            ("t4", _("Dijawab terlambat")),
            ("t5", _("Lewat batas, tidak dijawab")),
            ("t3", _("Belum dinilai")),
        ],
    }


def _finding(months: Sequence[Month]) -> str:
    """The last whole quarter of a year against the same months a year before, where both are enough; else the sum."""
    now, before = months[-4:-1], months[-16:-13]
    shares = []
    for span in (now, before):
        judged = sum(month.judged for month in span)
        shares.append(round(100 * sum(month.in_time for month in span) / judged) if judged >= ENOUGH else None)
    if shares[0] is not None and shares[1] is not None:
        words = {"first": short(now[0].first), "last": short(now[-1].first), "now": shares[0], "before": shares[1]}
        if shares[0] > shares[1]:
            return (
                _(
                    "%(first)s sampai %(last)s: %(now)s dari 100 dijawab tepat waktu, naik dari %(before)s setahun "
                    "sebelumnya."
                )
                % words
            )
        if shares[0] < shares[1]:
            return (
                _(
                    "%(first)s sampai %(last)s: %(now)s dari 100 dijawab tepat waktu, turun dari %(before)s setahun "
                    "sebelumnya."
                )
                % words
            )
        return (
            _("%(first)s sampai %(last)s: %(now)s dari 100 dijawab tepat waktu, sama dengan setahun sebelumnya.")
            % words
        )
    whole, most = sum(month.received for month in months), max(months, key=lambda month: month.received)
    return _("Dalam 24 bulan %(n)s laporan diterima, paling banyak dalam %(month)s: %(most)s.") % {
        "n": wording.number(whole),
        "month": date_format(most.first, "F Y"),
        "most": wording.number(most.received),
    }
