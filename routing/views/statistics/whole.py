"""The whole: how fast, and every measure with its formula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from lapor.kit import bars, wording
from routing.measures import catalogue
from routing.measures.catalogue import Count, Days, Value
from routing.measures.reading import Scope
from routing.public import ENOUGH, Body


def answers(body: Body, scope: Scope) -> tuple[Days, Count]:
    """Working days to the first answer, and the share in time: of an office from its own first day."""
    codes = ("turn_days", "turns_in_time") if body.is_office else ("answer_days", "answered_in_time")
    days, kept = (catalogue.MEASURES[code].take(scope) for code in codes)
    assert isinstance(days, Days)
    assert isinstance(kept, Count)
    return days, kept


def say(body: Body, scope: Scope) -> dict[str, Any]:
    days, kept = answers(body, scope)
    return {
        "median": wording.number(days.median) if days.n >= ENOUGH else "",
        "same_day": days.n >= ENOUGH and days.median == 0,
        "answered": days.n,
        "in_time": kept.n,
        "judged": kept.whole or 0,
        "share": round(kept.share) if kept.share is not None and (kept.whole or 0) >= ENOUGH else None,
    }


CODES = (
    "received", "followed", "answered_in_time", "answered_missed", "answer_days", "settled_in_time", "settle_days",
    "accepted", "lapsed", "open", "past_due",
)  # fmt: skip


CODES_OF_OFFICE = (
    "received", "turns", "turns_in_time", "turn_days", "settled_in_time", "settle_days", "accepted", "lapsed",
    "open", "past_due",
)  # fmt: skip


# What does not change any more once a quarter was told.
CODES_OF_CATEGORY = tuple(code for code in CODES if code not in ("open", "past_due"))


def lines_of(body: Body, scope: Scope) -> list[dict[str, Any]]:
    return lines(scope, CODES_OF_OFFICE if body.is_office else CODES)


def lines(scope: Scope, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Each measure with its formula, its value and of how many it is one."""
    found = []
    for code in codes:
        one = catalogue.MEASURES[code]
        value = one.take(scope)
        found.append({"code": code, "label": one.name, "formula": one.formula, "value": said(value), "of": base(value)})
    return found


def said(value: Value) -> str:
    """A measure's value; of too few no share and no median."""
    match value:
        case Count(of=()):
            return wording.number(value.n)
        case Count(whole=whole) if not whole:
            return "–"
        case Count(whole=whole) if whole is not None and whole < ENOUGH:
            return _("%(n)s dari %(whole)s") % {"n": wording.number(value.n), "whole": wording.number(whole)}
        case Count():
            return f"{wording.number(round(value.share or 0))} %"
        case Days() if not value.n:
            return "–"
        case Days() if value.n < ENOUGH:
            return _("data belum cukup")
        case Days():
            return _("median %(median)s hari kerja") % {"median": wording.number(value.median)}
        case _:
            return "–"


def base(value: Value) -> str:
    match value:
        case Count(of=()):
            return ""
        case Count(whole=whole) if whole is not None and whole >= ENOUGH:
            return _("%(n)s dari %(whole)s") % {"n": wording.number(value.n), "whole": wording.number(whole)}
        case Days() if value.n >= ENOUGH:
            return _("dari %(n)s; 9 dari 10 paling lama %(p90)s hari") % {
                "n": wording.number(value.n),
                "p90": wording.number(value.p90),
            }
        case Days() if value.n:
            return _("dari %(whole)s") % {"whole": wording.number(value.n)}
        case _:
            return ""


def ended(scope: Scope) -> dict[str, Any]:
    accepted, lapsed = scope.sums["accepted"], scope.sums["lapsed"]
    return {
        "n": accepted + lapsed,
        "accepted": accepted,
        "lapsed": lapsed,
        "bar": bars.stack([(_("Diterima pelapor"), accepted, "t1"), (_("Ditutup sistem"), lapsed, "t3")]),
    }
