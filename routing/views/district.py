"""/pengawasan/ of a pemda: its offices side by side, sorted and sifted by the address, and where the cases lie."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies import leaves
from agencies.acting import OfficerRequest
from agencies.models import Agency, Membership, Role
from agencies.models.agency import Kind
from agencies.permissions import Capability, agencies_for, membership_may
from lapor.kit import wording
from routing import choropleth, district, oversight
from routing.district import District, Office
from routing.measures import paper
from routing.models import Rise
from routing.views import offices, sheets
from routing.views.centre import territory_link
from routing.views.office_rows import Rows

# How many offices of the last group are shown before the rest folds away.
SHOWN = 5
# Words of the address; anything else is as if it were not there.
KINDS = ("dinas", "kecamatan")
BY_LATE = "terlambat"
# What is asked of the figures, which programmes' observers have none of.
OF_FIGURES = ("median", "kembali", "nilai", "petugas", "kosong", "sk")


def asked_of(request: OfficerRequest) -> dict[str, str]:
    """What of the address is understood: kind, only, order, words of a name, which map."""
    given = request.GET
    found = {
        "jenis": given.get("jenis", "") if given.get("jenis") in KINDS else "",
        "hanya": given.get("hanya", "") if given.get("hanya") in district.ONLY else "",
        "urut": given.get("urut", "") if given.get("urut") in district.ORDERS else "",
        "cari": " ".join(given.get("cari", "").replace("\x00", "").split())[:60],
        "peta": BY_LATE if given.get("peta") == BY_LATE else "",
    }
    return {name: value for name, value in found.items() if value}


def page(request: OfficerRequest, node: Agency, now: datetime.datetime) -> HttpResponseBase:
    membership = request.acting
    asked = asked_of(request)
    reach = agencies_for(request.user, Capability.SEE_NUMBERS)
    view = district.look(membership, node, reach, now)
    shown = _sifted(view.offices, asked)
    shown.sort(key=district.ORDERS[asked.get("urut", "")])
    kecamatan = map_of(membership, node, view, asked)
    if kind := sheets.kind_of(request):
        return sheets.answer(kind, _sheet(request, view, shown, asked, kecamatan), f"pengawasan-{node.shown_name}")
    may_oversee = membership_may(membership, Capability.OVERSEE, node)
    groups, folded = _groups(shown, asked)
    rows = Rows(view, membership, may_oversee=may_oversee)
    context = {
        "node": node,
        "is_own": node.pk == membership.agency_id,
        "title": title_of(node),
        "now": now,
        "zone": node.region.zone if node.region else None,
        "view": view,
        "asked": asked,
        "tabs": _tabs(view, asked),
        "heads": heads(view, asked),
        "sifts": _sifts(asked, figures=view.has_figures),
        "whole": len(shown) == len(view.offices),
        "groups": [
            (label, words, [rows.line(one, strong=strong) for one in found]) for label, words, found, strong in groups
        ],
        "folded": [rows.line(one) for one in folded],
        "territory": territory_link(membership, node),
        "may_nudge": may_oversee,
        "may_meet": membership_may(membership, Capability.SEE_OFFICERS, node),
        "download": reverse("routing:download", args=[node.pk]) if may_oversee else "",
        "away": leaves.unmanned(leaves.below(Agency.objects.under(node), view.today), view.today)
        if may_oversee
        else [],
        "numbers": reverse("routing:measures", args=[node.pk]) if membership.programme_id is None else "",
        "alarm": oversight.calendar_alarm(view.today) if may_oversee else None,
        "called": offices.called_up(membership, node, view.today),
        "rises": Rise.objects.at_or_under(node).waiting().count() if may_oversee else None,
        # Of the pemda's own desk, for its regent or mayor; a whole district's officers have a page of their own.
        "officers": oversight.officers(node, membership, view.today)
        if offices.shows_officers(membership, node)
        else [],
        "legend": offices.legend(),
        "map": kecamatan,
        "files": sheets.links(request, *asked),
    }
    return offices.oversight_page(request, "routing/oversight_district.html", context)


def _sheet(
    request: OfficerRequest, view: District, shown: list[Office], asked: dict[str, str], places: dict[str, Any] | None
) -> paper.Sheet:
    """The table as it is sifted and sorted, with the ages of its bars in figures; and the map's."""
    about = sheets.about(
        request,
        (_("Kantor"), view.node.name),
        (_("Hari"), wording.plain_day(view.today)),
        (_("Saringan"), _asked_words(view, asked)),
    )
    rows = [_cells(one, view) for one in shown]
    if len(shown) == len(view.offices):
        rows.append(_whole(view))
    head = [_("Kantor"), *sheets.ages_head(), *(one["label"] for one in heads(view, {}, sorts=False)[2:])]
    if view.has_figures:
        # What the median, the shares and the ratings rest on; how many officers there are.
        head += [_("Giliran dijawab"), _("Giliran"), _("Dinilai"), _("Petugas")]
    head += [_("Unit"), _("Unit diam")]
    found = [paper.Table(title_of(view.node), head, rows)]
    if places is not None:
        elsewhere = _("Di luar kecamatan ini, atau tidak diketahui")
        found.append(
            paper.Table(
                _("Menurut kecamatan"),
                [_("Kecamatan"), _("Terbuka"), _("Terlambat")],
                [
                    [place.name if place.code else elsewhere, sheets.number(place.open), sheets.number(place.late)]
                    for place in (one["place"] for one in places["places"])
                ],
            )
        )
    return paper.Sheet(title_of(view.node), about, (), found)


def _cells(one: Office, view: District) -> list[str]:
    cells = [one.agency.name, *sheets.ages(one.ages), *(sheets.number(n) for n in (one.open, one.near, one.late))]
    cells += [sheets.number(one.oldest), sheets.number(one.trend) if one.open or one.before else "–"]
    if view.has_figures:
        cells += [sheets.number(one.median), sheets.percent(one.share_bounced), sheets.number(one.rating, 1)]
    cells.append(one.visited_on.isoformat() if one.visited_on else _("tidak pernah"))
    if view.has_figures:
        counts = (one.active, one.valid, one.answered, one.turns, one.rated, one.officers)
        cells += [sheets.number(n) for n in counts]
    cells += [sheets.number(one.units), sheets.number(one.silent_below)]
    return cells


def _whole(view: District) -> list[str]:
    ages = [sum(counts) for counts in zip(*(one.ages for one in view.offices), strict=True)]
    return [_("Semua"), *sheets.ages(ages), *(sheets.number(n) for n in (view.open, view.near, view.late, view.oldest))]


def _asked_words(view: District, asked: dict[str, str]) -> str:
    """What is left out and in which order, in the words of the form."""
    said = [tab["label"] for tab in _tabs(view, asked) if tab["current"] and "jenis" in asked]
    said += [asked["cari"]] if "cari" in asked else []
    for choices in _sifts(asked, figures=view.has_figures).values():
        said += [label for value, label, chosen in choices if value and chosen]
    return " · ".join(said) or _("tidak ada")


def title_of(node: Agency) -> str:
    if node.kind == Kind.PROVINSI:
        return _("Pengawasan SKPD")
    if node.kind in (Kind.KABUPATEN, Kind.KOTA):
        return _("Pengawasan SKPD dan kecamatan")
    return _("Pengawasan %(office)s") % {"office": node.shown_name}


def _sifted(found: Iterable[Office], asked: dict[str, str]) -> list[Office]:
    words = asked.get("cari", "").casefold()
    only = district.ONLY.get(asked.get("hanya", ""))
    return [
        one
        for one in found
        if district.is_of(one, asked.get("jenis", ""))
        and (only is None or only(one))
        and (not words or words in f"{one.agency.name} {one.agency.short_name}".casefold())
    ]


Group = tuple[str, str, list[Office], bool]


def _groups(shown: list[Office], asked: dict[str, str]) -> tuple[list[Group], list[Office]]:
    """Silent ones, late ones, the others, of which most fold away; one group in any order that was asked for."""
    if "urut" in asked:
        return [(_("Semua"), _offices(len(shown)), shown, False)], []
    silent = [one for one in shown if one.is_silent]
    late = [one for one in shown if one.late and not one.is_silent]
    rest = [one for one in shown if not one.late and not one.is_silent]
    most = len(rest) if "cari" in asked or "hanya" in asked else SHOWN
    groups = [
        (_("Diam"), _("meja belum dibuka lebih dari 5 hari kerja"), silent, True),
        (_("Ada yang terlambat"), _offices(len(late)), late, False),
        (_("Tidak ada yang terlambat"), _offices(len(rest)), rest[:most], False),
    ]
    return groups, rest[most:]


def _offices(count: int) -> str:
    return ngettext("%(n)s kantor", "%(n)s kantor", count) % {"n": wording.number(count)}


def _address(asked: dict[str, str], **more: str) -> str:
    query = {name: value for name, value in {**asked, **more}.items() if value}
    return f"?{urlencode(query)}"


def _tabs(view: District, asked: dict[str, str]) -> list[dict[str, Any]]:
    counts = {code: sum(district.is_of(one, code) for one in view.offices) for code in ("", *KINDS)}
    if not counts["kecamatan"]:
        return []
    labels = {"": _("Semua"), "dinas": _("Dinas dan badan"), "kecamatan": _("Kecamatan")}
    return [
        {
            "label": labels[code],
            "count": count,
            "url": _address(asked, jenis=code),
            "current": code == asked.get("jenis", ""),
        }
        for code, count in counts.items()
    ]


# How the numbers of a column run when it is sorted (district.ORDERS), where the worst is not the highest.
_DIRECTIONS = {"nama": "ascending", "nilai": "ascending", "dibuka": "ascending", "petugas": "ascending", "sk": "other"}


def heads(view: District, asked: dict[str, str], *, sorts: bool = True) -> list[dict[str, Any]]:
    """The heads of the columns; a press sorts by it, worst first."""
    labels = [
        ("nama", _("Kantor"), False),
        ("", _("Umur laporan terbuka"), False),
        ("terbuka", _("Terbuka"), True),
        ("hampir", _("Hampir"), True),
        ("terlambat", _("Terlambat"), True),
        ("tertua", _("Tertua, hari kerja"), True),
        ("tren", _("Tren 4 minggu"), True),
    ]
    if view.has_figures:
        labels += [
            ("median", _("Median jawab"), True),
            ("kembali", _("Dikembalikan"), True),
            ("nilai", _("Nilai"), True),
        ]
    labels += [("dibuka", _("Meja dibuka"), False)]
    if view.has_figures:
        labels += [("petugas", _("Petugas aktif"), True), ("sk", _("SK berlaku"), True)]
    return [
        {
            "label": label,
            "number": number,
            "url": _address(asked, urut=code) if code and sorts else "",
            "sorted": _DIRECTIONS.get(code, "descending") if code and asked.get("urut") == code else "",
        }
        for code, label, number in labels
    ]


def _sifts(asked: dict[str, str], *, figures: bool) -> dict[str, list[tuple[str, str, bool]]]:
    """Choices of the form above the table: (value, label, chosen)."""
    only = [
        ("", _("Semua kantor")),
        ("diam", _("Yang diam")),
        ("terlambat", _("Yang ada terlambatnya")),
        ("naik", _("Yang bertambah dari 4 minggu lalu")),
        ("kosong", _("Tanpa petugas aktif")),
        ("sk", _("Ada SK yang tidak berlaku")),
    ]
    order = [
        ("", _("Diam dulu, lalu yang terlambat")),
        ("nama", _("Nama")),
        ("terbuka", _("Paling banyak terbuka")),
        ("hampir", _("Paling banyak hampir lewat")),
        ("terlambat", _("Paling banyak terlambat")),
        ("tertua", _("Laporan tertua")),
        ("tren", _("Paling bertambah")),
        ("median", _("Paling lama menjawab")),
        ("kembali", _("Paling sering mengembalikan")),
        ("nilai", _("Nilai terendah")),
        ("dibuka", _("Paling lama tidak dibuka")),
        ("petugas", _("Petugas aktif tersedikit")),
        ("sk", _("Terbanyak tanpa SK berlaku")),
    ]
    return {
        name: [
            (value, label, value == asked.get(name, ""))
            for value, label in choices
            if figures or value not in OF_FIGURES
        ]
        for name, choices in (("hanya", only), ("urut", order))
    }


# --- The map ---


def map_of(membership: Membership, node: Agency, view: District, asked: dict[str, str]) -> dict[str, Any] | None:
    by_late = asked.get("peta") == BY_LATE
    found = choropleth.look(membership, node, view.today, by_late=by_late) if view.open else None
    if found is None:
        return None
    # The desk's own list by kecamatan is the coordinator's alone.
    listed = membership.role == Role.COORDINATOR and node.pk == membership.agency_id
    urls = {
        one.code: _cases_at(one.name, by_late=by_late) if listed and one.open and one.code else ""
        for one in found.places
    }
    places = [{"place": one, "url": urls[one.code]} for one in found.places]
    first, keys = 1, []
    for n, step in enumerate(found.steps, start=1):
        label = wording.number(step) if first == step else f"{wording.number(first)}–{wording.number(step)}"
        keys.append((f"m{n}", label))
        first = step + 1
    return {
        "found": found,
        "places": places,
        "drawn": [(one, urls.get(one.place.code, "")) for one in found.drawn],
        "keys": keys,
        "whole": sum(found.count(one) for one in found.places),
        "most": found.most,
        "most_count": found.count(found.most) if found.most else 0,
        "open_url": f"{_address({k: v for k, v in asked.items() if k != 'peta'})}#peta",
        "late_url": f"{_address(asked, peta=BY_LATE)}#peta",
    }


def _cases_at(kecamatan: str, *, by_late: bool) -> str:
    query = f'kantor:semua kecamatan:"{kecamatan}"' + (" lewat:ya" if by_late else "")
    return f"{reverse('routing:desk')}?{urlencode({'q': query})}"
