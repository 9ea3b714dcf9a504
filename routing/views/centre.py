"""/pengawasan/ of the centre, of a province and of a ministry: sums with a way down, never a file.

The country folds into provinces and kinds of agency; what a table shows stands in its address.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from agencies import outlines
from agencies.acting import OfficerRequest
from agencies.models import Agency, Membership, Role
from agencies.models.agency import PEMDA, Kind
from agencies.permissions import Capability, agencies_for, membership_may
from complaints.models import Complaint, Publication
from lapor.kit import paging, wording
from routing import centre, oversight, queue, standing
from routing.measures import checking, paper
from routing.measures.reading import Reader
from routing.models import Counted, Headline, Rise
from routing.standing import Load
from routing.views import frame, offices, sheets

PAGE = 50


def page_of(request: OfficerRequest, node: Agency) -> HttpResponseBase | None:
    """The page of this node where it is the country, a province seen from beside, or a body with a deep tree; of an
    observer's programme its own. None: one table of offices (routing.views.oversight)."""
    membership = request.acting
    if membership.programme_id is not None:
        return redirect("routing:programmes") if oversight.is_grouped(membership, node) else None
    if node.parent_id is None:
        return _national(request, node)
    if oversight.is_grouped(membership, node):
        return _territory(request, node)
    if centre.is_deep(node):
        return _units(request, node)
    return None


def territory_link(membership: Membership, node: Agency) -> str:
    """Where the districts of a province stand, for who may see them; empty for all others."""
    if node.kind != Kind.PROVINSI or not membership_may(membership, Capability.SEE_TERRITORY, node):
        return ""
    return reverse("routing:territory", args=[node.pk])


def _page(request: OfficerRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = frame.page(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response


# --- The country ---


class Asked:
    """What the address says: which agencies, in which order, from where on. Anything else is as not said."""

    def __init__(self, request: OfficerRequest) -> None:
        query = request.GET
        self.group = query.get("kelompok", "").replace("\x00", "")[:12]
        self.words = " ".join(query.get("cari", "").replace("\x00", "").split())[:80]
        self.order = query.get("urut", "") if query.get("urut", "") in centre.ORDERS else centre.ORDERS[0]
        self.which = query.get("hanya", "") if query.get("hanya", "") in ONLY else ""
        self.cursor = query.get("setelah", "")
        self.listed = bool(self.group or self.words or self.which or query.get("semua") == "ya")

    def address(self, **more: str) -> str:
        said = {
            "kelompok": self.group,
            "cari": self.words,
            "hanya": self.which,
            "urut": self.order if self.order != centre.ORDERS[0] else "",
            "semua": "ya" if self.listed and not (self.group or self.words or self.which) else "",
        } | more
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"{reverse('routing:oversight')}{'?' if asked else ''}{asked}#instansi"


ONLY = ("terlambat", "diam", "kosong", "tanpa-koordinator")


def _labels_of_only() -> dict[str, str]:
    return {
        "": _("Semua"),
        "terlambat": _("Ada yang terlambat"),
        "diam": _("Ada kantor diam"),
        "kosong": _("Tidak ada laporan terbuka"),
        "tanpa-koordinator": _("Tanpa koordinator"),
    }


def _labels_of_orders() -> dict[str, str]:
    return {
        "terlambat": _("Paling banyak terlambat"),
        "bagian": _("Bagian terlambat terbesar"),
        "terbuka": _("Paling banyak terbuka"),
        "tertua": _("Paling lama menunggu"),
        "diam": _("Paling banyak kantor diam"),
        "naik": _("Paling banyak yang naik"),
        "nama": _("Nama"),
    }


def _national(request: OfficerRequest, node: Agency) -> HttpResponseBase:
    """At most 20 statements; only the rows that are shown are told in full."""
    membership, now = request.acting, timezone.now()
    today = oversight.today_at(node, now)
    reader, made = Reader.of(membership), standing.counted(now)
    loads, found, manned = standing.by_top(reader), centre.tops(today), centre.coordinated(today)
    days, asked = centre.Days(today), Asked(request)
    whole = Load()
    for load in loads.values():
        whole.add(load)
    groups = centre.groups(found, loads, manned)
    named = {row.key: row.name for row in groups}
    if asked.group not in named:
        asked.group = ""
        asked.listed = bool(asked.words or asked.which or request.GET.get("semua") == "ya")
    context: dict[str, Any] = {
        "node": node,
        "title": _("Pengawasan seluruh Indonesia"),
        "made": made,
        "whole": whole,
        "late_agencies": sum(bool(load.late) for pk, load in loads.items() if pk in found),
        "oldest": days.since(whole.oldest_on),
        "months": centre.months_words(today),
        "legend": _legend(),
        "group_name": named.get(asked.group, ""),
        "asked": asked,
        "is_listed": asked.listed,
        "numbers": reverse("routing:measures", args=[node.pk]),
        "quiet": sum(row.quiet for row in groups),
        "agencies": len(found),
    }
    may_oversee = membership_may(membership, Capability.OVERSEE, node)
    if may_oversee:
        context["alarms"] = _alarms(made, today, len([pk for pk, top in found.items() if _is_unmanned(top, manned)]))
        context["waiting"] = _waiting(loads.get(node.pk, Load()), days, now)
        context["download"] = reverse("routing:download", args=[node.pk])
    kind = sheets.kind_of(request)
    if asked.listed:
        context |= _agencies(asked, found, loads, manned, today, reader, most=None if kind else PAGE)
    else:
        context["rows"] = _groups(groups, asked)
        provinces = [row for row in groups if row.key.isdigit()]
        context["map"] = _map(outlines.drawn(outlines.COUNTRY), provinces)
        context["finding"] = _finding(provinces)
        context["total"] = len(groups)
        context["has_quiet"] = any(not row.load.open for row in context["rows"])
    centre.draw(context["rows"], days)
    context["files"] = sheets.links(request, "kelompok", "cari", "hanya", "urut", "semua")
    if kind:
        return sheets.answer(kind, _sheet_of_country(request, context), "pengawasan-indonesia")
    return _page(request, "routing/nation.html", context)


def _sheet_of_country(request: OfficerRequest, context: dict[str, Any]) -> paper.Sheet:
    """All agencies that are asked for, not one page of them; or the groups, with what waits at the centre."""
    asked: Asked = context["asked"]
    which = [context["group_name"], asked.words, _labels_of_only()[asked.which] if asked.which else ""]
    about = sheets.about(
        request,
        (_("Dihitung"), wording.moment(context["made"].made_at)),
        (_("Saringan"), " · ".join(one for one in which if one) or _("tidak ada")),
        (_("Urutan"), _labels_of_orders()[asked.order]),
    )
    listed, found = context["is_listed"], []
    if "waiting" in context:
        rows = [[one["what"], sheets.number(one["n"]), one["more"]] for one in context["waiting"]]
        found.append(paper.Table(_("Yang menunggu di pusat"), [_("Apa"), _("Jumlah"), _("Lamanya")], rows))
    head, rows = _table(context["rows"], _("Instansi"), told=listed)
    if not listed:
        head += [_("Instansi"), _("Tanpa laporan")]
        for row, cells in zip(context["rows"], rows, strict=True):
            cells += [sheets.number(row.agencies), sheets.number(row.quiet)]
        rows.append([_("Semua, dengan meja nasional"), *sheets.load(context["whole"], context["oldest"])])
        rows[-1] += [sheets.number(context["agencies"]), sheets.number(context["quiet"])]
    found.append(paper.Table(context["group_name"] or context["title"], head, rows))
    return paper.Sheet(context["title"], about, (), found)


def _table(rows: list[centre.Row], what: str, *, told: bool) -> tuple[list[str], list[list[str]]]:
    """`told`: with what was received by month, kept in time and handed back."""
    head = [what, *sheets.load_head()]
    if told:
        months = [str(MONTHS_3[month.month]) for month in centre.months_of(timezone.localdate())]
        head += [_("Diterima, 6 bulan"), *months, _("Tepat waktu"), _("Dikembalikan")]
    cells = []
    for row in rows:
        line = [row.name, *sheets.load(row.load, row.oldest)]
        if told:
            line += [sheets.number(row.received or 0)]
            line += [sheets.number(n) for n in row.months or [0] * centre.MONTHS]
            line += [sheets.percent(row.in_time), sheets.percent(row.bounced)]
        cells.append(line)
    return head, cells


def _is_unmanned(top: centre.Top, manned: set[int]) -> bool:
    return top.kind in PEMDA and top.pk not in manned


def _groups(groups: list[centre.Row], asked: Asked) -> list[centre.Row]:
    for row in groups:
        row.url = asked.address(kelompok=row.key, semua="")
        row.urls = {
            "open": asked.address(kelompok=row.key, semua="", urut="terbuka"),
            "late": asked.address(kelompok=row.key, semua="", hanya="terlambat"),
            "silent": asked.address(kelompok=row.key, semua="", hanya="diam"),
        }
        row.place = ngettext("%(n)s instansi", "%(n)s instansi", row.agencies) % {"n": wording.number(row.agencies)}
    return groups if asked.order == centre.ORDERS[0] and not asked.listed else centre.sort(groups, asked.order)


def _agencies(
    asked: Asked,
    found: dict[int, centre.Top],
    loads: dict[int, Load],
    manned: set[int],
    today: datetime.date,
    reader: Reader,
    *,
    most: int | None = PAGE,
) -> dict[str, Any]:
    """One page of agencies; `most` None: all of them. They are in hand as plain sums; names, months and shares are
    fetched for those that are shown."""
    rows = [
        centre.Row(str(pk), top.name, loads.get(pk, Load()), unmanned=_is_unmanned(top, manned))
        for pk, top in found.items()
        if (not asked.group or top.group == asked.group) and _is_called(top, asked.words)
    ]
    total = len(rows)
    rows = centre.sort(centre.only(rows, asked.which), asked.order)
    after = paging.read(asked.cursor, paging.key) if most else None
    start = next((n + 1 for n, row in enumerate(rows) if after and row.key == str(after[0])), 0)
    shown = rows[start : start + most] if most else rows
    for row in shown:
        row.url = _down(found[int(row.key)])
        row.urls = _behind(row)
    centre.tell({int(row.key): row for row in shown}, today, reader)
    return {
        "rows": shown,
        "total": total,
        "counted": len(rows),
        "tabs": [
            (label, asked.address(hanya=code, semua="" if code else "ya"), code == asked.which)
            for code, label in _labels_of_only().items()
        ],
        "orders": [(code, label, code == asked.order) for code, label in _labels_of_orders().items()],
        "next": asked.address(setelah=paging.write(shown[-1].key)) if start + len(shown) < len(rows) else "",
        "first": asked.address() if start else "",
        "every": reverse("routing:oversight"),
    }


def _behind(row: centre.Row, *, units: bool = True) -> dict[str, str]:
    """The open cases of an office, `units`: with all below it; and which of these are silent."""
    cases = reverse("routing:oversight_cases", args=[row.key])
    more = "unit=ya&" if units else ""
    urls = {
        "open": f"{cases}?{more}".rstrip("?&"),
        "near": f"{cases}?{more}hampir=ya",
        "late": f"{cases}?{more}lewat=ya",
    }
    if units:
        urls["silent"] = f"{reverse('routing:oversight_of', args=[row.key])}?hanya=diam"
    return urls


def _is_called(top: centre.Top, words: str) -> bool:
    name = f"{top.name} {top.short}".casefold()
    return all(word in name for word in words.casefold().split())


def _down(top: centre.Top) -> str:
    return reverse("routing:oversight_of", args=[top.pk])


def _alarms(made: Headline, today: datetime.date, unmanned: int) -> list[tuple[str, str, str]]:
    """What is wrong with the portal itself: a sentence, where to see to it, and what that is called."""
    figures, said = made.figures, []
    year = oversight.calendar_alarm(today)
    if year:
        said.append(
            (
                _("Hari libur %(year)s belum dimuat. Batas waktu yang melewati akhir tahun masih sementara.")
                % {"year": year},
                reverse("agencies:holidays"),
                _("Isi hari libur"),
            )
        )
    if wrong := checking.words(Counted.objects.first()):
        said.append((wrong, "", ""))
    if unmanned:
        said.append(
            (
                ngettext(
                    "%(n)s pemda belum punya koordinator. Laporannya diperiksa meja nasional.",
                    "%(n)s pemda belum punya koordinator. Laporannya diperiksa meja nasional.",
                    unmanned,
                )
                % {"n": wording.number(unmanned)},
                f"{reverse('routing:oversight')}?hanya=tanpa-koordinator#instansi",
                _("Lihat pemdanya"),
            )
        )
    if bare := int(figures.get("no_decree", 0)):
        said.append(
            (
                _("%(n)s dari %(all)s keanggotaan petugas tidak bersandar pada keputusan yang masih berlaku.")
                % {"n": wording.number(bare), "all": wording.number(figures.get("officers", 0))},
                reverse("agencies:members"),
                _("Lihat petugas"),
            )
        )
    return said


def _waiting(desk: Load, days: centre.Days, now: datetime.datetime) -> list[dict[str, Any]]:
    """What waits at the centre: what, how many, how long, and where it is seen to."""
    there = centre.waiting(now)
    desk_days = days.since(desk.oldest_on)
    held_days = (now - there.held_since).days if there.held_since else None
    return [
        {
            "what": _("Meja verifikasi nasional"),
            "n": desk.open,
            "bad": desk.late > 0,
            "more": _since_working(desk_days, desk.late),
            "url": reverse("routing:desk"),
        },
        {
            "what": _("Pesan yang menunggu diputuskan orang"),
            "n": there.held,
            "bad": (held_days or 0) > 0,
            "more": ""
            if held_days is None
            else ngettext("tertua %(n)s hari", "tertua %(n)s hari", held_days) % {"n": held_days},
            "url": reverse("routing:pen"),
        },
        {
            "what": _("Pesan masuk yang belum terbaca lebih dari 10 menit"),
            "n": there.unread,
            "bad": there.unread > 0,
            "more": "",
            "url": reverse("routing:channels"),
        },
        {
            "what": _("Surat yang gagal terkirim, 30 hari terakhir"),
            "n": there.given_up,
            "bad": there.given_up > 0,
            "more": "",
            "url": reverse("routing:letters"),
        },
        {
            "what": _("Surat yang tertahan lebih dari sejam"),
            "n": there.letters_waiting,
            "bad": there.letters_waiting > 0,
            "more": "",
            "url": reverse("routing:letters"),
        },
        {
            "what": _("Kiriman ke sistem instansi yang gagal atau tertahan lebih dari sejam"),
            "n": there.dead + there.untold,
            "bad": there.dead + there.untold > 0,
            "more": _("%(n)s menunggu diputuskan orang") % {"n": wording.number(there.dead)} if there.dead else "",
            "url": reverse("routing:webhooks"),
        },
        {
            "what": _("Lonjakan yang belum dilihat"),
            "n": there.rises,
            "bad": there.rises > 0,
            "more": "",
            "url": reverse("routing:rises"),
        },
    ]


def _since_working(oldest: int | None, late: int) -> str:
    said = []
    if oldest is not None:
        said.append(ngettext("tertua %(n)s hari kerja", "tertua %(n)s hari kerja", oldest) % {"n": oldest})
    if late:
        said.append(_("%(n)s terlambat") % {"n": wording.number(late)})
    return ", ".join(said)


def _legend() -> list[tuple[str, str]]:
    labels = [_("0–1"), _("2–3"), _("4–5"), _("6–10"), _("11–30"), _("lebih dari 30")]
    return [(f"a{n}", label) for n, label in enumerate(labels, start=1)]


# --- A province and its districts ---


@require_GET
@frame.for_officers
def territory(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The kabupaten and kota of a province, for whoever oversees, heads or observes it, and for the centre."""
    node = get_object_or_404(
        agencies_for(request.user, Capability.SEE_TERRITORY).select_related("region"), pk=pk, kind=Kind.PROVINSI
    )
    if request.acting.programme_id is not None:
        # Whoever observes a programme reads the numbers of that programme alone, which stand elsewhere.
        return redirect("routing:programmes")
    return _territory(request, node)


def _territory(request: OfficerRequest, node: Agency) -> HttpResponseBase:
    """Totals, and the cases that climbed. At most 20 statements, however many districts there are."""
    membership, now = request.acting, timezone.now()
    today = oversight.today_at(node, now)
    # From beside nobody knows of secret cases, whatever they are at home.
    reader, made = Reader(), standing.counted(now)
    loads, manned, days = standing.by_top(reader), centre.coordinated(today), centre.Days(today)
    places = centre.districts(node, today)
    here = reverse("routing:territory", args=[node.pk])
    chosen = request.GET.get("daerah", "")
    rows: list[centre.Row] = []
    for place, top in places:
        row = centre.Row(place.code, place.name, loads.get(top.pk, Load()) if top else Load())
        row.url = f"{here}?{urlencode({'daerah': place.code})}#naik" if row.load.climbed else ""
        row.unmanned = top is None or top.pk not in manned
        rows.append(row)
    told = {top.pk: row for (_place, top), row in zip(places, rows, strict=True) if top is not None}
    centre.tell(told, today, reader)
    centre.draw(rows, days)
    names = {row.key: row.name for row in rows}
    chosen = chosen if chosen in names else ""
    whole = Load()
    for row in rows:
        whole.add(row.load)
    within = [top.pk for place, top in places if top is not None and (not chosen or place.code == chosen)]
    cases, following = _climbed(membership, node, within, request.GET.get("setelah", ""))
    order = request.GET.get("urut", "")
    ordered = centre.sort(rows, order) if order in centre.ORDERS else rows

    def address(**more: str) -> str:
        said = {"daerah": chosen, "urut": order if order in centre.ORDERS else ""} | more
        return f"{here}?{urlencode({key: value for key, value in said.items() if value})}"

    context = {
        "node": node,
        "title": _("Kabupaten dan kota di %(province)s") % {"province": node.region.name if node.region else node.name},
        "made": made,
        "whole": whole,
        "rows": ordered,
        "none": [row for row in rows if not row.load.open],
        "nothing": [row for row in rows if not row.load.open and not row.received],
        "late": [row for row in rows if row.load.late],
        "silent": [row for row in rows if row.load.silent],
        "unmanned": sum(row.unmanned for row in rows),
        "oldest": days.since(whole.oldest_on),
        "map": _map(outlines.drawn(node.region_id), rows) if node.region_id else None,
        "finding": _finding(rows),
        "months": centre.months_words(today),
        "orders": [
            (label, f"{address(urut=code)}#daerah", code == order) for code, label in _orders_of_districts().items()
        ],
        "cases": cases,
        "chosen": names.get(chosen, ""),
        "every": f"{address(daerah='')}#naik",
        "next": f"{address(setelah=following)}#naik" if following else "",
        "first": f"{address()}#naik" if request.GET.get("setelah") else "",
        "files": sheets.links(request, "urut"),
        "own": reverse("routing:oversight") if membership.role != Role.OBSERVER else "",
        "is_own": node.pk == membership.agency_id,
        "numbers": reverse("routing:measures", args=[node.pk])
        if membership_may(membership, Capability.SEE_NUMBERS, node)
        else "",
    }
    if kind := sheets.kind_of(request):
        about = sheets.about(
            request,
            (_("Provinsi"), node.name),
            (_("Dihitung"), wording.moment(made.made_at)),
            (_("Saringan"), _("tanpa laporan rahasia")),
        )
        head, cells = _table(ordered, _("Kabupaten/kota"), told=True)
        cells.append([_("Semua"), *sheets.load(whole, days.since(whole.oldest_on))])
        title = str(context["title"])
        table = paper.Table(title, head, cells)
        return sheets.answer(kind, paper.Sheet(title, about, (), [table]), f"daerah-{node.shown_name}")
    return _page(request, "routing/province.html", context)


def _orders_of_districts() -> dict[str, str]:
    return {
        "": _("Kode wilayah"),
        "nama": _("Nama"),
        "terlambat": _("Terlambat"),
        "terbuka": _("Terbuka"),
        "tertua": _("Paling lama"),
        "diam": _("Kantor diam"),
    }


def _finding(rows: list[centre.Row]) -> str:
    """The map in words."""
    late = [row for row in rows if row.load.late]
    none = sum(not row.load.open for row in rows)
    said = []
    if late:
        most = max(late, key=lambda row: (row.load.late, row.name))
        said.append(
            _("%(n)s dari %(all)s daerah punya laporan terlambat, paling banyak %(name)s (%(late)s).")
            % {
                "n": wording.number(len(late)),
                "all": wording.number(len(rows)),
                "name": most.name,
                "late": wording.number(most.load.late),
            }
        )
    else:
        said.append(_("Tidak ada daerah yang punya laporan terlambat."))
    if none:
        said.append(
            ngettext("%(n)s daerah tidak punya laporan terbuka.", "%(n)s daerah tidak punya laporan terbuka.", none)
            % {"n": wording.number(none)}
        )
    return " ".join(said)


# Upper ends of the shares of what is late, per cent, and the tone of each; nothing open, nothing late before them.
TONES = ((25, "m2"), (50, "m3"), (100, "m4"))


def _tone(load: Load) -> str:
    if not load.open:
        return "m0"
    share = load.late_share or 0
    return next(tone for most, tone in TONES if share <= most) if load.late else "m1"


def _map(drawn: outlines.Outlines, rows: list[centre.Row]) -> dict[str, Any] | None:
    """None where nothing of it can be drawn."""
    if not any(row.key in drawn.paths for row in rows):
        return None
    return {
        "width": drawn.width,
        "height": drawn.height,
        "places": [
            {"id": f"d{row.key.replace('.', '-')}", "path": drawn.paths[row.key], "tone": _tone(row.load), "row": row}
            for row in rows
            if row.key in drawn.paths
        ],
        "legend": [
            ("m0", _("tidak ada yang terbuka")),
            ("m1", _("tidak ada yang terlambat")),
            ("m2", _("terlambat sampai seperempat")),
            ("m3", _("sampai separuh")),
            ("m4", _("lebih dari separuh")),
        ],
    }


def _climbed(
    membership: Membership, node: Agency, districts: list[int], cursor: str
) -> tuple[list[dict[str, Any]], str]:
    """One page of cases that climbed, nearest promise first, and the cursor of the next: titles of the public copies,
    for nobody beside a district reads its files. Four statements."""
    if not districts:
        return [], ""
    at = paging.read(cursor, datetime.date.fromisoformat, paging.key)
    found = Complaint.objects.open().filter(centre.climbed_in(membership, districts), due_on__isnull=False)
    if at is not None:
        found = found.filter(due_on__gte=at[0]).filter(Q(due_on__gt=at[0]) | Q(pk__gt=at[1]))
    taken = list(found.order_by("due_on", "pk").values_list("pk", "due_on")[: PAGE + 1])
    more = paging.write(taken[PAGE - 1][1], taken[PAGE - 1][0]) if len(taken) > PAGE else ""
    ids = [pk for pk, _day in taken[:PAGE]]
    if not ids:
        return [], ""
    rows = _rows_of(membership, node, ids)
    copies = dict(Publication.objects.filter(complaint__in=ids).values_list("complaint__number", "title"))
    return [
        {
            "row": row,
            "title": copies.get(row.number, _("Belum diterbitkan")),
            "url": reverse("complaints:case", args=[row.shown_number]) if row.number in copies else "",
        }
        for row in rows
    ], more


def _rows_of(membership: Membership, node: Agency, ids: list[int]) -> list[queue.Row]:
    desk = replace(
        queue.Desk.of(membership, oversees=False),
        office=node,
        looks_below=True,
        everywhere=True,
        within=Q(pk__in=ids),
    )
    return queue.page(desk, queue.read("")).rows


# --- A ministry, lembaga, BUMN ---


def _units(request: OfficerRequest, node: Agency) -> HttpResponseBase:
    """Its directorates, branches and vertical bodies, each with all below it."""
    membership, now = request.acting, timezone.now()
    today = oversight.today_at(node, now)
    reader, made, days = Reader.of(membership), standing.counted(now), centre.Days(today)
    rows = centre.units(node, reader, today)
    centre.draw(rows, days)
    order = request.GET.get("urut", "")
    order = order if order in centre.ORDERS else centre.ORDERS[0]
    which = request.GET.get("hanya", "") if request.GET.get("hanya", "") in ONLY[:3] else ""
    whole = Load()
    for row in rows:
        whole.add(row.load)
        row.url = (
            reverse("routing:oversight_of", args=[row.key])
            if row.agencies
            else reverse("routing:oversight_cases", args=[row.key])
        )
        row.urls = _behind(row, units=bool(row.agencies))
    here = reverse("routing:oversight_of", args=[node.pk])

    def address(**more: str) -> str:
        said = {"urut": order if order != centre.ORDERS[0] else "", "hanya": which} | more
        asked = urlencode({key: value for key, value in said.items() if value})
        return f"{here}{'?' if asked else ''}{asked}#instansi"

    may_oversee = membership_may(membership, Capability.OVERSEE, node)
    above = node.parent if node.parent_id and node.pk != membership.agency_id else None
    context = {
        "node": node,
        "title": _("Pengawasan %(office)s") % {"office": node.shown_name},
        "made": made,
        "whole": whole,
        "rows": centre.sort(centre.only(rows, which), order),
        "late": sum(bool(row.load.late) for row in rows),
        "oldest": days.since(whole.oldest_on),
        "legend": _legend(),
        "tabs": [
            (label, address(hanya=code), code == which)
            for code, label in _labels_of_only().items()
            if code in ("", *ONLY[:3])
        ],
        "orders": [
            (label, address(urut=code if code != centre.ORDERS[0] else ""), code == order)
            for code, label in _labels_of_orders().items()
        ],
        "numbers": reverse("routing:measures", args=[node.pk]),
        "download": reverse("routing:download", args=[node.pk]) if may_oversee else "",
        "rises": Rise.objects.at_or_under(node).waiting().count() if may_oversee else None,
        "called": offices.called_up(membership, node, today),
        "back": _above(request, above) if above is not None else "",
        "files": sheets.links(request, "hanya", "urut"),
    }
    if kind := sheets.kind_of(request):
        return sheets.answer(kind, _sheet_of_units(request, context), f"pengawasan-{node.shown_name}")
    return _page(request, "routing/units.html", context)


def _sheet_of_units(request: OfficerRequest, context: dict[str, Any]) -> paper.Sheet:
    about = sheets.about(
        request,
        (_("Kantor"), context["node"].name),
        (_("Dihitung"), wording.moment(context["made"].made_at)),
        (_("Saringan"), next(label for label, _url, current in context["tabs"] if current)),
    )
    head, cells = _table(context["rows"], _("Kantor"), told=False)
    head += [_("Kantor di bawahnya"), _("Petugas"), _("Petugas aktif"), _("Tepat waktu")]
    for row, line in zip(context["rows"], cells, strict=True):
        officers, active, _valid = row.members or (0, 0, 0)
        line += [sheets.number(n) for n in (row.agencies, officers, active)]
        line.append(sheets.percent(row.in_time))
    cells.append([_("Semua"), *sheets.load(context["whole"], context["oldest"])])
    return paper.Sheet(context["title"], about, (), [paper.Table(context["title"], head, cells)])


def _above(request: OfficerRequest, above: Agency) -> str:
    if above.parent_id is None or above.pk == request.acting.agency_id:
        return reverse("routing:oversight")
    if not agencies_for(request.user, Capability.SEE_NUMBERS).filter(pk=above.pk).exists():
        return reverse("routing:oversight")
    return reverse("routing:oversight_of", args=[above.pk])
