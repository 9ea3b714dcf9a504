"""What a body is made of, as a map and a table."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lapor.kit import wording
from routing import public
from routing.public import Row
from routing.views.statistics.asked import Asked

# Rows of a table before the rest folds away.
SHOWN = 40
# So many that received nothing stay lines of their own on a phone too.
FEW = 3
# Lower ends of the shares in time, per cent, and the tone of each. Before them: none, and too few.
TONES = ((90, "m1"), (75, "m2"), (50, "m3"), (0, "m4"))


def _tone(row: Row) -> str:
    if not row.received:
        return "m0"
    share = row.in_time
    return "m5" if share is None else next(tone for least, tone in TONES if share >= least)


def _legend() -> list[tuple[str, str]]:
    return [
        ("m1", _("tepat waktu 90 % ke atas")),
        ("m2", _("75 sampai 89 %")),
        ("m3", _("50 sampai 74 %")),
        ("m4", _("di bawah 50 %")),
        ("m5", _("data belum cukup")),
        ("m0", _("tidak ada laporan")),
    ]


def parts_of(asked: Asked, rows: list[Row]) -> dict[str, Any] | None:
    body = asked.body
    if not rows:
        return None
    if body.is_country:
        title, head = _("Menurut provinsi"), _("Provinsi")
    elif body.is_province:
        title, head = _("Menurut kabupaten dan kota"), _("Kabupaten/kota")
    else:
        title, head = _("Menurut kantor"), _("Kantor")
    shown = [(row, asked.page(row.url) if row.url else "") for row in rows]
    most = SHOWN
    if not (body.is_country or body.is_province):
        # A district's quiet offices are said, behind those that have something to tell.
        shown.sort(key=lambda one: not (one[0].received or one[0].judged))
        most = min(SHOWN, sum(bool(row.received or row.judged) for row in rows)) or SHOWN
    quiet = [one for one in shown[:most] if not (one[0].received or one[0].judged)]
    found: dict[str, Any] = {
        "title": title,
        "head": head,
        "rows": shown[:most],
        "more": shown[most:],
        # On a phone one line that opens, where each would be a line that says nothing happened.
        "quiet": quiet if len(quiet) > FEW else [],
        "has_median": not (body.is_country or body.is_province),
        "finding": _compared(rows),
        "file": asked.file("bagian"),
        "map": None,
    }
    if body.is_country or body.is_province:
        outline = public.outline(body)
        drawn = [(row, outline.paths[row.code], _tone(row)) for row in rows if row.code in outline.paths]
        if drawn:
            found["map"] = {"width": outline.width, "height": outline.height, "places": drawn, "legend": _legend()}
    return found


def _compared(rows: list[Row]) -> str:
    """The table in words."""
    said, told = [], public.told_first(rows)
    if len(told) > 1:
        least, most = told[0], told[-1]
        if least.in_time == most.in_time:
            words = {"n": wording.number(len(told)), "share": most.in_time}
            said.append(_("Di %(n)s yang datanya cukup, %(share)s dari 100 dijawab tepat waktu.") % words)
        else:
            said.append(
                _("Dijawab tepat waktu: dari %(least)s dari 100 (%(low)s) sampai %(most)s dari 100 (%(high)s).")
                % {"least": least.in_time, "low": least.name, "most": most.in_time, "high": most.name}
            )
    elif any(row.received for row in rows):
        said.append(_("Data belum cukup untuk membandingkan."))
    none = sum(not row.received and not row.is_own for row in rows)
    if none:
        said.append(
            ngettext("%(n)s tidak menerima laporan.", "%(n)s tidak menerima laporan.", none)
            % {"n": wording.number(none)}
        )
    return " ".join(said)
