"""What the centre does with the list of categories: add, change, end, take in a table. Each change is audited.

A category is never deleted: reports keep the one they were given. One that was changed here is the centre's from then
on, and the shipped table leaves it alone (`complaints.loaders`).
"""

from __future__ import annotations

import csv
import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import bidang
from agencies.actor import Actor
from agencies.loading import Outcome
from agencies.loading import Refused as RefusedRow
from agencies.loading.offices import BadTable
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry
from agencies.permissions import Capability, membership_may
from complaints.models import Category

LEVELS = ("", "pusat", "provinsi", "kabkota", "bumn")
COLUMNS = ("parent", "name", "bidang", "level_hint", "notice", "order", "ends_on")
MOST_ROWS = 1_000
# The field of work no office has: what fits nowhere goes to the coordinator.
LEFT_OVER = "lainnya"
_FIELDS = ("name", "bidang", "level_hint", "notice", "order", "ends_on")


def may_change(by: Actor) -> bool:
    return by.membership is not None and membership_may(
        by.membership, Capability.MANAGE_CATEGORIES, Agency.objects.root()
    )


@transaction.atomic
def add(
    *,
    by: Actor,
    name: str,
    bidang: str,
    parent: Category | None = None,
    level_hint: str = "",
    notice: str = "",
    order: int | None = None,
    today: datetime.date | None = None,
) -> Category:
    """A new category of the first level, or below one. Raises Refused."""
    _ask(by)
    today = today or timezone.localdate()
    _fits(parent, name, bidang, today)
    category = Category.objects.create(
        parent=parent,
        name=name,
        bidang=bidang,
        level_hint=level_hint,
        notice=notice,
        order=_last(parent) if order is None else order,
        starts_on=today,
        kept_here=True,
    )
    _audit(by, "add_category", category, after=_said(category))
    return category


@transaction.atomic
def change(category: Category, *, by: Actor, today: datetime.date | None = None, **said: Any) -> Category:
    """Another name, bidang, level, notice or place in the list: for reports that come from now on the new bidang says
    which office is meant. Raises Refused."""
    _ask(by)
    category = Category.objects.select_for_update(of=("self",)).select_related("parent").get(pk=category.pk)
    before = _said(category)
    name, field = said.get("name", category.name), said.get("bidang", category.bidang)
    _fits(category.parent, name, field, today or timezone.localdate(), besides=category)
    for key, value in said.items():
        setattr(category, key, value)
    if _said(category) != before:
        category.kept_here = True
        category.save()
        _audit(by, "change_category", category, before=before, after=_said(category))
    return category


@transaction.atomic
def end(category: Category, *, by: Actor, day: datetime.date, today: datetime.date | None = None) -> list[Category]:
    """From `day` on nobody can choose it, nor what stands below it. Raises Refused. Returns what ended."""
    _ask(by)
    today = today or timezone.localdate()
    category = Category.objects.select_for_update(of=("self",)).get(pk=category.pk)
    if day < today:
        raise Refused(_("Pilih hari ini atau sesudahnya: yang sudah lewat tidak berubah."), "ends_on")
    if category.ends_on is not None and category.ends_on <= today:
        raise Refused(_("Kategori ini sudah berakhir."), "ends_on")
    if category.bidang == LEFT_OVER and not _others_left_over(category, day):
        raise Refused(_("Harus tetap ada satu kategori untuk yang tidak cocok dengan yang lain."), "ends_on")
    below = Category.objects.filter(parent=category).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
    ended = [category, *below.select_for_update(of=("self",))]
    for one in ended:
        before = _said(one)
        one.ends_on, one.kept_here = day, True
        one.save(update_fields=["ends_on", "kept_here", "changed_at"])
        _audit(by, "end_category", one, before=before, after=_said(one))
    return ended


# --- A table ---


@dataclass(frozen=True)
class Row:
    """One line of a table; a column the table does not have is None and changes nothing."""

    line: int
    parent: str
    name: str
    said: dict[str, Any]
    ends_on: datetime.date | None


def read_table(text: str) -> tuple[list[Row], list[RefusedRow]]:
    """A CSV (comma or semicolon, header, UTF-8 with or without BOM). Raises BadTable when it is none."""
    text = text.removeprefix("\ufeff").replace("\x00", "")
    header = text.splitlines()[0] if text.strip() else ""
    reader = csv.DictReader(text.splitlines(), delimiter=";" if header.count(";") > header.count(",") else ",")
    columns = {(name or "").strip().lower() for name in reader.fieldnames or ()}
    if not {"name", "bidang"} <= columns:
        raise BadTable(_("Baris pertama harus berisi nama kolom, sedikitnya name dan bidang."))
    rows: list[Row] = []
    refused: list[RefusedRow] = []
    for line, raw in enumerate(reader, start=2):
        if line > MOST_ROWS:
            raise BadTable(_("Paling banyak %(most)s baris sekali impor.") % {"most": MOST_ROWS})
        cell = {(k or "").strip().lower(): " ".join((v or "").split()) for k, v in raw.items() if isinstance(v, str)}
        if any(cell.values()):
            read = _read(line, cell, columns)
            (rows if isinstance(read, Row) else refused).append(read)  # type: ignore[arg-type]
    return rows, refused


def _read(line: int, cell: dict[str, str], columns: set[str]) -> Row | RefusedRow:
    if not cell.get("name"):
        return RefusedRow(line, "name", _("kosong"))
    if cell["bidang"] not in bidang.names():
        return RefusedRow(line, "bidang", _("bidang “%(bidang)s” tidak dikenal") % {"bidang": cell["bidang"][:40]})
    if cell.get("level_hint", "") not in LEVELS:
        return RefusedRow(line, "level_hint", _("pilih pusat, provinsi, kabkota, bumn, atau kosong"))
    said: dict[str, Any] = {"bidang": cell["bidang"]}
    said |= {column: cell.get(column, "") for column in ("level_hint", "notice") if column in columns}
    for column, limit in (("name", 120), ("notice", 300)):
        if len(cell.get(column, "")) > limit:
            return RefusedRow(line, column, _("paling panjang %(limit)d huruf") % {"limit": limit})
    if cell.get("order"):
        if not cell["order"].isascii() or not cell["order"].isdigit() or int(cell["order"]) > 32_767:
            return RefusedRow(line, "order", _("bukan angka dari 0 sampai 32767"))
        said["order"] = int(cell["order"])
    try:
        ends_on = datetime.date.fromisoformat(cell["ends_on"]) if cell.get("ends_on") else None
    except ValueError:
        return RefusedRow(line, "ends_on", _("bukan tanggal seperti 2026-06-01"))
    return Row(line, cell.get("parent", ""), cell["name"], said, ends_on)


def load(rows: list[Row], *, by: Actor, dry_run: bool = False, today: datetime.date | None = None) -> Outcome:
    """Add what is not there, change what is, end what has a date; what the table does not name stays. First levels
    before those below them. `dry_run`: the same, and nothing is kept."""
    _ask(by)
    today = today or timezone.localdate()
    outcome = Outcome()
    with transaction.atomic():
        for row in sorted(rows, key=lambda row: bool(row.parent)):
            try:
                with transaction.atomic():
                    _take(row, by, outcome, today)
            except Refused as refused:
                column = refused.field if refused.field in COLUMNS else "name"
                outcome.refused.append(RefusedRow(row.line, column, str(refused)))
        if dry_run:
            transaction.set_rollback(True)
    outcome.refused.sort(key=lambda one: one.line)
    return outcome


def _take(row: Row, by: Actor, outcome: Outcome, today: datetime.date) -> None:
    parent = None
    if row.parent:
        parent = Category.objects.on(today).top().filter(name__iexact=row.parent).first()
        if parent is None:
            raise Refused(_("tidak ada kategori “%(name)s” di tingkat pertama") % {"name": row.parent}, "parent")
    found = Category.objects.on(today).filter(parent=parent, name__iexact=row.name).first()
    if found is None:
        found = add(by=by, parent=parent, name=row.name, today=today, **row.said)
        outcome.added.append(str(found))
    elif any(getattr(found, field) != value for field, value in row.said.items()):
        change(found, by=by, today=today, **row.said)
        outcome.changed.append(str(found))
    elif row.ends_on is None or row.ends_on == found.ends_on:
        outcome.unchanged += 1
    if row.ends_on is not None and row.ends_on != found.ends_on:
        outcome.ended += [str(one) for one in end(found, by=by, day=row.ends_on, today=today)]


# --- What is asked of every change ---


def _ask(by: Actor) -> None:
    if not may_change(by):
        raise NotAllowed(_("Kategori hanya diatur oleh admin nasional."))


def _fits(
    parent: Category | None, name: str, field: str, today: datetime.date, besides: Category | None = None
) -> None:
    if parent is not None and parent.parent_id is not None:
        raise Refused(_("Kategori hanya dua tingkat."), "parent")
    if parent is not None and parent.ends_on is not None and parent.ends_on <= today:
        raise Refused(_("Kategori di atasnya sudah berakhir."), "parent")
    if field not in bidang.names():
        raise Refused(_("Pilih bidang dari daftar."), "bidang")
    same = Category.objects.on(today).filter(parent=parent, name__iexact=name)
    if besides is not None:
        same = same.exclude(pk=besides.pk)
    if same.exists():
        raise Refused(_("Nama itu sudah ada di tempat ini."), "name")


def _others_left_over(category: Category, day: datetime.date) -> bool:
    return Category.objects.on(day).filter(bidang=LEFT_OVER).exclude(pk=category.pk).exists()


def _last(parent: Category | None) -> int:
    """Behind its sisters, before what stands at the end on purpose (900 and more)."""
    orders = Category.objects.filter(parent=parent, order__lt=900).order_by("-order").values_list("order", flat=True)
    return min((orders.first() or 0) + 10, 899)


def _said(category: Category) -> dict[str, Any]:
    said = {field: getattr(category, field) for field in _FIELDS}
    return said | {
        "ends_on": category.ends_on.isoformat() if category.ends_on else None,
        "parent": category.parent.name if category.parent else "",
    }


def _audit(by: Actor, what: str, category: Category, **said: Any) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="category", subject_id=category.pk, **said
    )
