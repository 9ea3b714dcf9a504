"""/pengawasan/<pk>/angka/: every measure of an office and all below it, two periods side by side; the cases behind each
number; the table to take away. At most 20 statements."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agencies.acting import OfficerRequest
from agencies.models import Agency, Membership, Role
from agencies.permissions import Capability, agencies_for, membership_may
from complaints.channels import registry
from complaints.models import Category, Complaint, Kind
from lapor.kit import paging, wording
from routing import oversight, queue, standing
from routing.forms.period import PeriodForm
from routing.measures import catalogue, checking, counting, paper, people, quality, secrecy
from routing.measures.catalogue import Count, Days, Measure, Rating, Score, Staff, Value
from routing.measures.quality import round_half_up
from routing.measures.reading import Filter, Reader, Scope
from routing.models import Counted, TurnFigure
from routing.views import measure_rows, sheets
from routing.views.frame import for_officers, page
from routing.views.offices import titled

# Categories shown before the rest folds away; offices, before one asks for all of them.
SHOWN, OFFICES = 12, 60
# What their table tells.
COLUMNS = (
    "received", "open", "past_due", "answered_in_time", "answered_late", "answered_missed", "followed", "forwarded",
    "rating_answer", "rated", "turns_not_ours",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `outside`: somebody who looks from beside reads sums alone (routing.oversight)."""

    node: Agency
    form: PeriodForm
    now: Scope
    before: Scope
    outside: bool
    membership: Membership
    # What one answer reads once.
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        """The same, for links of this page."""
        asked = {
            "dari": self.now.first.isoformat(),
            "sampai": self.now.last.isoformat(),
            "banding_dari": self.before.first.isoformat(),
            "banding_sampai": self.before.last.isoformat(),
            "jenis": self.now.narrowed.kind,
            "saluran": self.now.narrowed.channel,
            "kategori": str(self.now.narrowed.category or ""),
        }
        return {name: value for name, value in asked.items() if value}

    def link(self, scope: Scope, codes: tuple[str, ...], **more: str) -> str:
        """The cases behind a number of this scope."""
        asked = self.query | {"dari": scope.first.isoformat(), "sampai": scope.last.isoformat()} | more
        for name in ("banding_dari", "banding_sampai"):
            asked.pop(name)
        here = reverse("routing:measure_cases", args=[self.node.pk])
        return f"{here}?{urlencode({'apa': ','.join(codes), **asked})}"

    def links_below(self) -> Callable[[int, str], str]:
        """The same of an office below, by its id, and of the node's own desk. There may be hundreds: an address is put
        together of one."""
        whole, zero = self.link(self.now, ("?",)), reverse("routing:measure_cases", args=[0])
        asked = whole.partition("?")[2].partition("&")[2]

        def link(office: int, codes: str) -> str:
            own = "&saja=ya" if office == self.node.pk else ""
            return f"{zero.replace('/0/', f'/{office}/')}?apa={codes}&{asked}{own}"

        return link


def _asked(request: OfficerRequest, pk: int) -> Asked:
    """An office whose numbers this officer may see; any other does not exist to them."""
    membership = request.acting
    node = get_object_or_404(
        agencies_for(request.user, Capability.SEE_NUMBERS).select_related("parent", "region"), pk=pk
    )
    outside = oversight.is_outside(membership, node)
    form = PeriodForm(oversight.today_at(node, timezone.now()), request.GET, filters=not outside)
    (first, last), (other, until) = form.periods()
    narrowed = Filter()
    if outside:
        (first, last), (other, until) = secrecy.whole_months(first, last), secrecy.whole_months(other, until)
    elif form.is_valid():
        said = form.cleaned_data
        narrowed = Filter(said["jenis"], said["saluran"], int(said["kategori"]) if said["kategori"] else None)
    form.filled((first, last), (other, until))
    now = Scope(node, first, last, narrowed, Reader.of(membership))
    return Asked(node, form, now, now.over(other, until), outside, membership)


P = ParamSpec("P")
View = Callable[Concatenate[OfficerRequest, P], HttpResponseBase]


def _of_offices(view: View[P]) -> View[P]:
    """The observer of a programme reads the numbers of that programme alone, which stand elsewhere."""

    @wraps(view)
    def inner(request: OfficerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.acting.programme_id is None:
            return view(request, *args, **kwargs)
        get_object_or_404(agencies_for(request.user, Capability.SEE_NUMBERS), pk=kwargs["pk"])
        return redirect("routing:programmes")

    return inner


@require_GET
@for_officers
@_of_offices
def measures(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The page itself."""
    asked = _asked(request, pk)
    node, now = asked.node, asked.now
    counted, order, whole = Counted.objects.first(), request.GET.get("urut", ""), request.GET.get("kantor") == "semua"
    # Asked first: where it is read by the offices below, their numbers are there too.
    received = now.sums["received"]
    offices = _offices(asked, order, most=None if whole else OFFICES)
    in_tree = node.parent_id is not None
    measure_rows.draw(offices, days=in_tree, people=in_tree and not asked.outside)
    file = reverse("routing:measure_file", args=[node.pk])
    context = {
        "node": node,
        "title": _title(node),
        "form": asked.form,
        "asked": asked,
        "now_words": period_words(now),
        "before_words": period_words(asked.before),
        "narrowed": _filter_words(now.narrowed),
        "presets": _presets(asked),
        "received": received,
        "groups": [(_(label), list(_lines(asked, group))) for group, label in _groups(asked)],
        "splits": _splits(asked),
        "offices": offices,
        "orders": _orders(asked, order),
        "all_offices": _all_offices(asked, order, len(offices)),
        "has_offices": now.has_offices,
        "knows_people": not asked.outside,
        "files": [(kind, f"{file}?{urlencode({'bentuk': kind.lower(), **asked.query})}") for kind in paper.KINDS],
        "counted": counted,
        "alarm": checking.words(counted),
        "back": reverse("routing:oversight") if node.pk == request.acting.agency_id else _above(node),
    }
    return _fresh(page(request, "routing/measures.html", context, status=400 if asked.form.errors else 200))


def _above(node: Agency) -> str:
    return reverse("routing:oversight_of", args=[node.pk])


def _title(node: Agency) -> str:
    return _("Angka seluruh Indonesia") if node.parent_id is None else _("Angka %(office)s") % {"office": node.name}


def period_words(scope: Scope) -> str:
    if scope.first == scope.last:
        return str(wording.plain_day(scope.first))
    return _("%(first)s sampai %(last)s") % {
        "first": wording.plain_day(scope.first),
        "last": wording.plain_day(scope.last),
    }


def _filter_words(narrowed: Filter) -> str:
    """What is left out, in words; empty: nothing. One statement with a category."""
    said = [str(Kind(narrowed.kind).label)] if narrowed.kind else []
    if narrowed.channel:
        said.append(registry.name(narrowed.channel))
    if narrowed.category:
        said += list(Category.objects.filter(pk=narrowed.category).values_list("name", flat=True))
    return " · ".join(said)


def _presets(asked: Asked) -> list[tuple[str, str, bool]]:
    """Label, address, and whether it is the one that is shown."""
    today = asked.form.today
    month = today.replace(day=1)
    before = (month - datetime.timedelta(days=1)).replace(day=1)
    spans = [
        (_("Tahun ini"), today.replace(month=1, day=1), today),
        (_("Tahun lalu"), datetime.date(today.year - 1, 1, 1), datetime.date(today.year - 1, 12, 31)),
        (_("Bulan ini"), month, today),
        (_("Bulan lalu"), before, month - datetime.timedelta(days=1)),
    ]
    kept = {name: asked.query[name] for name in ("jenis", "saluran", "kategori") if name in asked.query}
    return [
        (
            label,
            f"?{urlencode(kept | {'dari': first.isoformat(), 'sampai': last.isoformat()})}",
            (first, last) == (asked.now.first, asked.now.last),
        )
        for label, first, last in spans
    ]


# What there is whether or not anything was received.
OF_TODAY = "petugas"


def _groups(asked: Asked) -> list[tuple[str, str]]:
    """Those that are told: from beside nobody counts officers, and of nothing received there is nothing to say."""
    if asked.node.parent_id is None and not asked.outside and "people" not in asked.now.shared:
        # Of the country as the worker counted them.
        asked.now.shared["people"] = standing.people_of_country()
    return [
        (group, label)
        for group, label in catalogue.GROUPS.items()
        if (not asked.outside if group == OF_TODAY else asked.now.sums["received"])
    ]


def _lines(asked: Asked, group: str) -> Iterator[dict[str, Any]]:
    for one in catalogue.of_group(group):
        now = one.take(asked.now)
        if isinstance(now, Staff):
            yield {
                "code": one.code,
                "label": one.name,
                "formula": one.formula,
                "now": said(now),
                "now_n": base(now),
                "now_url": _staff_of(asked, one, now),
                "leads": _("lihat petugasnya"),
            }
            continue
        before = one.take(asked.before)
        yield {
            "code": one.code,
            "label": one.name,
            "formula": one.formula,
            "now": said(now),
            "now_n": base(now),
            "now_url": _cases_of(asked, asked.now, one, now),
            "before": said(before),
            "before_n": base(before),
            "before_url": _cases_of(asked, asked.before, one, before),
        }


# Of what is no number of cases, the code of those it is told of.
TOLD_OF = {"rating_answer": "rated", "rating_result": "rated_result"}


def _cases_of(asked: Asked, scope: Scope, one: Measure, value: Value) -> str:
    if asked.outside or not value.n:
        return ""
    return asked.link(scope, value.behind if isinstance(value, Count) else (TOLD_OF.get(one.code, one.code),))


# The officers behind a number, by the word in the address of their list; offices have none.
OFFICERS = {"officers": "", "officers_active": "aktif", "officers_decree": "sk"}


def _staff_of(asked: Asked, one: Measure, value: Staff) -> str:
    if not value.n or one.code not in OFFICERS:
        return ""
    return officers_url(asked.membership, asked.node, OFFICERS[one.code])


def officers_url(membership: Membership, node: Agency, only: str, *, own: bool = False) -> str:
    """Their list, for who may see who works there; `own`: at the office itself, nothing below."""
    if not membership_may(membership, Capability.SEE_OFFICERS, node):
        return ""
    asked = {"kantor": node.pk, "hanya": only, "saja": "ya" if own else ""}
    given = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('agencies:members')}?{given}"


def said(value: Value) -> str:
    """A measure's value, short."""
    match value:
        case Count(share=None, of=()):
            return wording.number(value.n)
        case Count():
            return "–" if value.share is None else f"{wording.number(round(value.share))} %"
        case Days():
            if not value.n:
                return "–"
            return _("median %(median)s; rata-rata %(mean)s; 9 dari 10 paling lama %(p90)s") % {
                "median": wording.number(value.median),
                "mean": wording.number(value.mean, 1),
                "p90": wording.number(value.p90),
            }
        case Rating():
            return wording.number(value.mean, 1 if value.mean is not None else None)
        case Score():
            return wording.number(round_half_up(value.score) if value.score is not None else None)
        case Staff():
            return wording.number(value.n)


def base(value: Value) -> str:
    """How many it rests on."""
    match value:
        case Count(of=()):
            return ""
        case Staff():
            return "" if value.whole is None else _("dari %(whole)s") % {"whole": wording.number(value.whole)}
        case Count():
            return _("%(n)s dari %(whole)s") % {"n": wording.number(value.n), "whole": wording.number(value.whole)}
        case Score() if value.low is not None and value.high is not None:
            return _("%(low)s sampai %(high)s, dari %(n)s jawaban") % {
                "low": wording.number(round_half_up(value.low)),
                "high": wording.number(round_half_up(value.high)),
                "n": wording.number(value.n),
            }
        case _:
            return _("dari %(whole)s") % {"whole": wording.number(value.n)}


def _splits(asked: Asked) -> list[dict[str, Any]]:
    """Received by channel, kind and category, most first; with what each filter narrows to. One statement for the
    names of the categories."""
    scope = asked.now
    names: dict[str, dict[Any, str]] = {
        "channel": {code: registry.name(code) for code, _n in scope.by("channel")},
        "kind": {str(value): str(label) for value, label in Kind.choices},
        "category_id": dict(
            Category.objects.filter(pk__in=[pk for pk, _n in scope.by("category_id") if pk]).values_list("pk", "name")
        ),
    }
    words = {"channel": "saluran", "kind": "jenis", "category_id": "kategori"}
    found = []
    for dimension, label in (("kind", _("Jenis")), ("channel", _("Saluran")), ("category_id", _("Kategori"))):
        counts = dict(scope.by(dimension))
        shown = secrecy.told(counts) if asked.outside else dict(counts)
        rows = [
            {
                "label": names[dimension].get(value, str(value)) if value else _("Tanpa kategori"),
                "n": shown[value],
                "url": asked.link(scope, ("received",), **{words[dimension]: str(value)})
                if value and not asked.outside
                else "",
            }
            for value in counts
        ]
        if rows:
            found.append({"label": label, "rows": rows[:SHOWN], "rest": rows[SHOWN:]})
    return found


# How the table of offices may be sorted: word in the address → what is largest first; by name without.
ORDERS: dict[str, Callable[[dict[str, Any]], float]] = {
    "diterima": lambda row: row["sums"]["received"],
    "terbuka": lambda row: row["sums"]["open"],
    "lewat": lambda row: row["sums"]["past_due"],
    "lama": lambda row: row["days"].p90 if row["days"].p90 is not None else -1,
    "kembali": lambda row: row["sums"]["turns_not_ours"],
}


# By column, the codes of its cases.
BEHIND = {
    "received": "received", "open": "open", "past_due": "past_due", "in_time": "answered_in_time",
    "followed": "followed", "days": "turn_days", "turns_not_ours": "turns_not_ours", "rating": "rated",
}  # fmt: skip


def _below(asked: Asked) -> Mapping[int, Mapping[str, int]]:
    if "below" not in asked.kept:
        asked.kept["below"] = asked.now.some_below(*COLUMNS)
    found: Mapping[int, Mapping[str, int]] = asked.kept["below"]
    return found


def _all_offices(asked: Asked, order: str, shown: int) -> tuple[str, str] | None:
    """The link to those that are not shown; None: all are."""
    count = len(_below(asked))
    if not shown or shown >= count:
        return None
    more = {"urut": order} if order in ORDERS else {}
    return (
        _("Semua %(n)s kantor") % {"n": wording.number(count)},
        f"?{urlencode({**asked.query, **more, 'kantor': 'semua'})}#kantor",
    )


def _offices(asked: Asked, order: str = "", *, most: int | None = None) -> list[dict[str, Any]]:
    """The offices directly below, by name; sums over them are the whole. `most`: so many of them. Four statements and
    one for the names."""
    below = _below(asked)
    if not below or list(below) == [asked.node.pk]:
        return []
    names = dict(Agency.objects.filter(pk__in=list(below)).values_list("pk", "name"))
    days = asked.now.days_below
    members = people.by_office(asked.node, asked.form.today) if asked.node.parent_id and not asked.outside else {}
    rows = []
    # There may be hundreds: an address is put together of one.
    here, asks, link = reverse("routing:measures", args=[0]), urlencode(asked.query), asked.links_below()
    sees = not asked.outside and membership_may(asked.membership, Capability.SEE_OFFICERS, asked.node)
    people_of = f"{reverse('agencies:members')}?kantor="
    for pk, sums in below.items():
        judged = sums["answered_in_time"] + sums["answered_late"] + sums["answered_missed"]
        rows.append(
            {
                "name": names.get(pk, ""),
                "own": pk == asked.node.pk,
                "url": here.replace("/0/", f"/{pk}/") + f"?{asks}" if pk != asked.node.pk and not asked.outside else "",
                "sums": sums,
                "in_time": round(100 * sums["answered_in_time"] / judged) if judged else None,
                "followed": round(100 * sums["followed"] / sums["forwarded"]) if sums["forwarded"] else None,
                "rating": sums["rating_answer"] / sums["rated"] if sums["rated"] else None,
                "days": catalogue.days_of(days.get(pk, {})),
                "members": members.get(pk, (0, 0, 0)) if members else None,
                "urls": {} if asked.outside else {code: link(pk, words) for code, words in BEHIND.items()},
                "people_url": f"{people_of}{pk}{'&saja=ya' if pk == asked.node.pk else ''}" if sees else "",
            }
        )
    rows.sort(key=lambda row: (row["own"], row["name"]))
    if order in ORDERS:
        rows.sort(key=ORDERS[order], reverse=True)
    return rows[:most]


def _orders(asked: Asked, order: str) -> list[dict[str, Any]]:
    labels = {
        "": _("Nama"),
        "diterima": _("Diterima"),
        "terbuka": _("Masih terbuka"),
        "lewat": _("Lewat batas"),
        "lama": _("Lama"),
        "kembali": _("Dikembalikan"),
    }
    return [
        {
            "label": label,
            "url": f"?{urlencode(asked.query | ({'urut': code} if code else {}))}#kantor",
            "current": code == (order if order in ORDERS else ""),
        }
        for code, label in labels.items()
    ]


# --- The cases behind a number ---


@require_GET
@for_officers
@_of_offices
def cases(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """Those this reader may see, newest first. A number may count more: secret ones that ask for a reason first, and
    those that have gone on to another office since."""
    asked = _asked(request, pk)
    membership, node = request.acting, asked.node
    codes = _codes(request.GET.get("apa", "received"))
    if asked.form.errors or not codes:
        raise Http404
    at = paging.read(request.GET.get("setelah", ""), datetime.date.fromisoformat, paging.key)
    own = request.GET.get("saja") == "ya"
    found = Complaint.objects.filter(oversight.listed(membership, node), _behind(asked.now, codes, own=own))
    if own:
        found = found.filter(handler=node)
    elif node.parent_id is not None:
        # Their ids first: the planner knows how many cases these have, and not how many a prefix has.
        found = found.filter(handler__in=asked.now.offices)
    if node.parent_id is None and membership.role == Role.NATIONAL:
        # What is secret elsewhere asks for a reason first; no list shows it.
        found = found.filter(Q(secret=False) | Q(handler=node))
    if at is not None:
        found = found.filter(figure__day__lte=at[0]).filter(Q(figure__day__lt=at[0]) | Q(pk__lt=at[1]))
    taken = list(found.order_by("-figure__day", "-pk").values_list("pk", "figure__day")[: queue.PAGE + 1])
    more = len(taken) > queue.PAGE
    taken = taken[: queue.PAGE]
    order = {pk: place for place, (pk, _day) in enumerate(taken)}
    desk = replace(
        queue.Desk.of(membership, oversees=False),
        office=node,
        looks_below=True,
        everywhere=True,
        within=Q(pk__in=list(order)),
    )
    rows = queue.page(desk, queue.read("status:semua urut:terbaru")).rows if taken else []
    numbers = dict(Complaint.objects.filter(pk__in=list(order)).values_list("number", "pk")) if rows else {}
    rows = sorted(rows, key=lambda row: order[numbers[row.number]])
    here = {name: request.GET[name] for name in request.GET if name != "setelah"}
    next_page = paging.write(taken[-1][1], taken[-1][0]) if more else ""
    context = {
        "node": node,
        "title": _what(codes),
        "own": own,
        "scope": period_words(asked.now),
        "narrowed": _filter_words(asked.now.narrowed),
        "rows": titled(rows, membership, outside=asked.outside),
        "next": f"?{urlencode(here | {'setelah': next_page})}" if more else "",
        "first": f"?{urlencode(here)}" if at is not None else "",
        "back": f"{reverse('routing:measures', args=[node.pk])}?{urlencode(asked.query)}",
    }
    return _fresh(page(request, "routing/measure_cases.html", context))


def _codes(word: str) -> tuple[str, ...]:
    """The numbers asked for, all of cases or all of turns; none, where one is unknown."""
    codes = tuple(dict.fromkeys(word.split(",")))[:6]
    known = any(
        all(code in words for code in codes) for words in (counting.CASES_BEHIND, counting.TURNS_BEHIND, (QUALITY,))
    )
    return codes if known else ()


# The cases with an answer that was read for its quality.
QUALITY = "answer_quality"


def _behind(scope: Scope, codes: tuple[str, ...], *, own: bool) -> Q:
    """`own`: of the node's own desk alone, as its row in its own table counts."""
    if codes == (QUALITY,):
        return quality.cases(scope) & Q(figure__isnull=False)
    turns = codes[0] in counting.TURNS_BEHIND
    conditions = [(counting.TURNS_BEHIND if turns else counting.CASES_BEHIND)[code] for code in codes]
    wanted = Q()
    # One of them may be all of them.
    if all(conditions):
        for one in conditions:
            wanted |= counting.lookups(one, "" if turns else "figure__")
    if turns:
        rows = TurnFigure.objects.filter(scope.cases("", turns=True), wanted, complaint=OuterRef("pk"))
        if own:
            rows = rows.filter(agency=scope.node)
        return Q(Exists(rows)) & Q(figure__isnull=False)
    return scope.cases("figure__") & wanted


def _what(codes: tuple[str, ...]) -> str:
    names = [catalogue.MEASURES[code].name for code in codes if code in catalogue.MEASURES]
    return ", ".join(names) if names else _("Laporan di balik angka ini")


# --- To take away ---


@require_GET
@for_officers
@_of_offices
def file(request: OfficerRequest, pk: int) -> HttpResponseBase:
    """The table of the page as CSV, XLSX or PDF, with filter, time and author in it."""
    asked = _asked(request, pk)
    kind = request.GET.get("bentuk", "csv")
    if asked.form.errors or kind.upper() not in paper.KINDS:
        raise Http404
    sheet = _sheet(request, asked)
    return sheets.answer(kind, sheet, f"angka-{asked.node.shown_name}-{asked.now.first:%Y%m%d}-{asked.now.last:%Y%m%d}")


def _sheet(request: OfficerRequest, asked: Asked) -> paper.Sheet:
    counted = Counted.objects.first()
    about = sheets.about(
        request,
        (_("Kantor"), asked.node.name),
        (_("Periode"), period_words(asked.now)),
        (_("Dibandingkan dengan"), period_words(asked.before)),
        (_("Saringan"), _filter_words(asked.now.narrowed) or _("tidak ada")),
        (_("Dihitung sampai"), wording.moment(counted.counted_at) if counted and counted.counted_at else "–"),
    )
    groups = [
        (
            _(label),
            [
                paper.Line(
                    row["label"],
                    row["now"],
                    row["now_n"],
                    row.get("before", ""),
                    row.get("before_n", ""),
                    row["formula"],
                )
                for row in _lines(asked, group)
            ],
        )
        for group, label in _groups(asked)
    ]
    for split in _splits(asked):
        lines = [
            paper.Line(row["label"], wording.number(row["n"]) if row["n"] is not None else _("kurang dari 5"))
            for row in [*split["rows"], *split["rest"]]
        ]
        groups.append((_("Diterima menurut %(what)s") % {"what": split["label"].lower()}, lines))
    return paper.Sheet(_title(asked.node), about, groups, _table_of_offices(asked))


def _table_of_offices(asked: Asked) -> list[paper.Table]:
    """All of them, with every column of the page and what its shares are of."""
    rows = _offices(asked)
    if not rows:
        return []
    days, members = asked.node.parent_id is not None, any(row["members"] for row in rows)
    head = [_("Kantor"), _("Diterima"), _("Masih terbuka"), _("Lewat batas"), _("Tepat waktu"), _("Ditindaklanjuti")]
    head += [_("Median"), _("9 dari 10")] if days else []
    head += [_("Dikembalikan"), _("Nilai"), _("Dinilai")]
    head += [_("Petugas"), _("Petugas aktif"), _("SK berlaku")] if members else []
    cells = []
    for row in rows:
        sums = row["sums"]
        cell = [
            row["name"],
            *(sheets.number(sums[code]) for code in ("received", "open", "past_due")),
            sheets.percent(row["in_time"]),
            sheets.percent(row["followed"]),
        ]
        cell += [sheets.number(row["days"].median), sheets.number(row["days"].p90)] if days else []
        cell += [sheets.number(sums["turns_not_ours"]), sheets.number(row["rating"], 1), sheets.number(sums["rated"])]
        cell += [sheets.number(n) for n in row["members"] or (0, 0, 0)] if members else []
        cells.append(cell)
    return [paper.Table(_("Kantor di bawahnya"), head, cells)]


def _fresh(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    return response
