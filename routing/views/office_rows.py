"""The rows of a table of offices as HTML: what each has open, its figures, who works there, what may be done.

Drawn in Python for the reason told in `lapor.kit.cells`; what is alike in all rows is made once a page.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Membership
from agencies.permissions import Capability, membership_may
from lapor.kit.cells import age_bar, cell
from lapor.kit.wording import number
from routing import district
from routing.district import District, Office
from routing.views import offices

_NOTHING = SafeString("")


class Rows:
    """Draws the offices of one page."""

    def __init__(self, view: District, membership: Membership, *, may_oversee: bool) -> None:
        self.view, self.membership, self.may_oversee = view, membership, may_oversee
        first = view.today - datetime.timedelta(weeks=district.WEEKS)
        self.period = urlencode({"dari": first.isoformat(), "sampai": view.today.isoformat()})
        self.members = reverse("agencies:members")
        # Of every office an address is put together of that of none.
        names = ("oversight_cases", "oversight_of", "measure_cases")
        self.cases, self.below, self.behind = (reverse(f"routing:{name}", args=[0]) for name in names)
        self.ages, self.aged = offices.age_labels(), _("%(count)s berumur %(days)s hari kerja")
        self.acts, self.acts_for, self.remind = _("Tindakan"), _("untuk %(name)s"), _("Ingatkan")
        # Of each column what a phone's card calls it, and what its link says beside the number.
        self.columns = {
            "open": (_("Terbuka"), _("laporan terbuka di %(name)s")),
            "near": (_("Hampir"), _("laporan hampir lewat di %(name)s")),
            "late": (_("Terlambat"), _("laporan terlambat di %(name)s")),
            "oldest": (_("Tertua"), ""),
            "trend": (_("Tren"), ""),
            "median": (_("Median"), _("hari kerja, angka %(name)s")),
            "bounced": (_("Dikembalikan"), _("yang dikembalikan %(name)s")),
            "rating": (_("Nilai"), _("yang dinilai di %(name)s")),
            "visited": (_("Meja dibuka"), ""),
            "active": (_("Petugas aktif"), _("petugas aktif di %(name)s")),
            "valid": (_("SK berlaku"), _("petugas dengan SK berlaku di %(name)s")),
        }

    def line(self, one: Office, *, strong: bool = False) -> dict[str, Any]:
        """For templates: the office (`row`), and its row as it is drawn (`drawn`). `strong`: with a bordered button to
        remind it."""
        return {"row": one, "drawn": self.draw(one, strong=strong)}

    def draw(self, one: Office, *, strong: bool = False) -> SafeString:
        cases = self._at(self.cases, one)
        with_units = bool(one.open_below) and one.agency.pk != self.view.node.pk
        figures, people = (self._figures(one), self._people(one)) if self.view.has_figures else ((), ())
        cells = (*self._open(one, cases, with_units=with_units), *figures, self._visited(one), *people)
        return format_html(
            '<tr><th scope="row"><a href="{}">{}</a>{}</th><td class="wide-bar">{}</td>{}<td>{}</td></tr>',
            self._at(self.below, one) if with_units else cases,
            one.agency.name,
            self._beside_name(one),
            self._bar(one),
            mark_safe("".join(cells)),
            self._acts(one, cases, strong=strong),
        )

    def _at(self, address: str, one: Office) -> str:
        return address.replace("/0/", f"/{one.agency.pk}/")

    def _beside_name(self, one: Office) -> SafeString:
        if one.agency.pk == self.membership.agency_id and membership_may(
            self.membership, Capability.WORK, self.membership.agency
        ):
            said = _("meja Anda")
        elif one.units:
            said = ngettext("dengan %(shown)s unit", "dengan %(shown)s unit", one.units) % {"shown": number(one.units)}
        else:
            return _NOTHING
        return format_html(' <span class="place">{}</span>', said)

    def _bar(self, one: Office) -> SafeString:
        """The ages; in words too, for those who do not see the bar."""
        if not one.open:
            return _NOTHING
        told = zip(self.ages, one.ages, strict=True)
        said = ", ".join(self.aged % {"count": count, "days": label} for label, count in told if count)
        return age_bar(one.parts) + format_html('<span class="vh">{}</span>', said)

    def _cell(self, one: Office, code: str, shown: str, classes: str = "n", url: str = "", **more: str) -> SafeString:
        label, words = self.columns[code]
        return cell(label, shown, classes, url=url, words=words % {"name": one.agency.name} if url else "", **more)

    def _open(self, one: Office, cases: str, *, with_units: bool) -> Iterator[SafeString]:
        def url(count: int, only: str = "") -> str:
            return f"{cases}?{'unit=ya&' if with_units else ''}{only}".rstrip("?&") if count else ""

        yield self._cell(one, "open", number(one.open), url=url(one.open))
        yield self._cell(one, "near", number(one.near), url=url(one.near, "hampir=ya"))
        classes = "n late" if one.late else "n"
        yield self._cell(one, "late", number(one.late), classes, url(one.late, "lewat=ya"), link="late")
        yield self._cell(one, "oldest", number(one.oldest), "n" if one.oldest is not None else "n none")
        if one.open or one.before:
            sign, classes = ("+", "n up") if one.trend > 0 else ("", "n")
            yield self._cell(one, "trend", f"{sign}{number(one.trend)}", classes)
        else:
            yield self._cell(one, "trend", "–", "n none")

    def _figures(self, one: Office) -> Iterator[SafeString]:
        """The turns and ratings of the last weeks, and which they are."""
        here = self._at(self.behind, one)
        own = "&saja=ya" if one.agency.pk == self.view.node.pk else ""

        def told(code: str, shown: str, what: str, *, there: bool, more: str = "") -> SafeString:
            url = f"{here}?apa={what}&{self.period}{own}" if there else ""
            return self._cell(one, code, shown if there else "–", "n" if there else "n none", url, more=more)

        yield told("median", number(one.median), "turn_days", there=bool(one.answered))
        if one.bounced:
            yield told("bounced", f"{number(one.share_bounced)} %", "turns_not_ours", there=True)
        elif one.turns:
            yield self._cell(one, "bounced", "0 %")
        else:
            yield self._cell(one, "bounced", "–", "n none")
        rated = format_html(' <small class="mute">({})</small>', number(one.rated)) if one.rated else ""
        yield told("rating", number(one.rating, 1), "rated", there=bool(one.rated), more=rated)

    def _visited(self, one: Office) -> SafeString:
        silent = _NOTHING
        if one.silent_below:
            said = ngettext("%(shown)s unit diam", "%(shown)s unit diam", one.silent_below)
            silent = format_html(' · <b class="late">{}</b>', said % {"shown": number(one.silent_below)})
        day = offices.visited(one.visited_on, self.view.today)
        return self._cell(one, "visited", day, "late" if one.silent else "", more=silent)

    def _people(self, one: Office) -> Iterator[SafeString]:
        """How many of the officers were at the desk lately, and have a decree; who they are, for who may know."""
        shown = _("%(n)s dari %(whole)s") % {"n": number(one.active), "whole": number(one.officers)}
        named = membership_may(self.membership, Capability.SEE_OFFICERS, one.agency)
        own = "&saja=ya" if one.agency.pk == self.view.node.pk else ""

        def url(which: str, count: int) -> str:
            return f"{self.members}?kantor={one.agency.pk}{own}&hanya={which}" if named and count else ""

        if not one.officers:
            yield self._cell(one, "active", _("tidak ada"), "n late")
            yield self._cell(one, "valid", "–")
            return
        yield self._cell(one, "active", shown, "n" if one.active else "n late", url("aktif", one.active))
        yield self._cell(one, "valid", number(one.valid), "n late" if one.lacks_decree else "n", url("sk", one.valid))

    def _acts(self, one: Office, cases: str, *, strong: bool) -> SafeString:
        if not self.may_oversee or one.agency.pk == self.membership.agency_id:
            return _NOTHING
        name, button, acts = one.agency.name, _NOTHING, []
        if one.open:
            acts = [
                (f"{cases}#ingatkan", _("Ingatkan kantor")),
                (f"{cases}#laporan", _("Pindahkan laporan")),
                (f"{cases}{'?lewat=ya' if one.late else ''}#laporan", _("Minta penjelasan satu laporan")),
            ]
        called = urlencode({"q": one.agency.shown_name})
        acts.append((f"{self.members}?{called}", _("Petugas dan pengganti")))
        if strong and one.open:
            button = format_html(
                '<a class="btn line" href="{}#ingatkan">{}<span class="vh"> {}</span></a> ', cases, self.remind, name
            )
        return format_html(
            '{}<details><summary>{}<span class="vh"> {}</span></summary><ul class="menu">{}</ul></details>',
            button,
            self.acts,
            self.acts_for % {"name": name},
            format_html_join("", '<li><a href="{}">{}</a></li>', acts),
        )
