"""The pages of the weekly meeting on paper: a tagged PDF (PDF/UA-1), one A4 page an office, by the typesetter, which
never enters the web process (`complaints.poster.press`)."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies.models import Agency
from complaints.poster import press
from lapor.kit import wording
from routing.meeting import AGREEMENTS, OFFICERS, PROMISES, Page

_HERE: Final = Path(__file__).parent


def pdf(node: Agency, pages: Sequence[Page], now: datetime.datetime) -> bytes:
    """Raises press.NotPrinted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.typ").write_bytes((_HERE / "handout.typ").read_bytes())
        (folder / "words.json").write_text(json.dumps(words(node, pages, now), ensure_ascii=False), encoding="utf-8")
        return press.typeset(folder)


def words(node: Agency, pages: Sequence[Page], now: datetime.datetime) -> dict[str, Any]:
    zone = node.region.zone if node.region else None
    return {
        "language": (get_language() or "id")[:2],
        "title": _("Rapat mingguan %(office)s") % {"office": node.name},
        "over": f"{node.shown_name} · {wording.moment(now, zone)}",
        "empty": _("Tidak ada kantor dengan laporan terbuka."),
        "pages": [_page(one) for one in pages],
    }


def _page(page: Page) -> dict[str, Any]:
    row = page.office
    return {
        "name": row.agency.name,
        "numbers": [
            (_("Masuk 7 hari terakhir"), wording.number(page.came)),
            (_("Dijawab 7 hari terakhir"), wording.number(page.answered)),
            (_("Terbuka"), wording.number(row.open)),
            (_("Terlambat"), wording.number(row.late)),
            (_("Tertua, hari kerja"), wording.number(row.oldest)),
        ],
        "parts": [
            (
                _("Terlambat, pada siapa"),
                [
                    f"{one.name or _('belum dipegang siapa pun')}: {wording.number(one.count)}"
                    for one in page.late_with[:OFFICERS]
                ]
                or [_("Tidak ada yang terlambat.")],
            ),
            (
                _("Yang paling lama ditunggu"),
                [
                    _("%(number)s, %(title)s: batasnya %(date)s, %(who)s.")
                    % {
                        "number": one.shown_number,
                        "title": one.title,
                        "date": wording.plain_day(one.due_on),
                        "who": one.officer or _("belum dipegang siapa pun"),
                    }
                    for one in page.oldest
                ]
                or [_("Tidak ada.")],
            ),
            (
                _("Yang dijanjikan"),
                [
                    (
                        _("%(number)s: penjelasan diminta sampai %(date)s.")
                        if one.asked
                        else _("%(number)s: dijadwalkan selesai %(date)s.")
                    )
                    % {"number": one.shown_number, "date": wording.plain_day(one.day)}
                    for one in page.promises[:PROMISES]
                ]
                or [_("Tidak ada.")],
            ),
            (
                _("Kesepakatan"),
                [
                    _("%(body)s (paling lambat %(date)s; %(state)s)")
                    % {"body": one.body, "date": wording.plain_day(one.due_on), "state": state_of(one)}
                    for one in page.agreements[:AGREEMENTS]
                ]
                or [_("Belum ada.")],
            ),
        ],
        "lines": _("Disepakati hari ini:"),
    }


def state_of(agreement: Any) -> str:
    if not hasattr(agreement, "ending"):
        return _("berjalan")
    return _("ditepati") if agreement.ending.kept else _("tidak ditepati")
