"""Offices from a table: the shipped list of the state, and whatever the national admin adds.

One loader for both: rows in, an Outcome out. A row is an office that exists by code, by the region of a pemda, or by
name below the same parent; else it is new. Offices a file does not name stay as they are.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import areas, bidang, succession
from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Kind, Region
from agencies.models.agency import PEMDA
from agencies.signals import agency_ended

from . import Outcome, Refused

COLUMNS = (
    "kind",
    "name",
    "short_name",
    "aliases",
    "code",
    "parent",
    "region",
    "areas",
    "bidang",
    "urusan",
    "starts_on",
    "ends_on",
    "succeeded_by",
)
MOST_ROWS = 20_000
# There is one root, and no table brings another.
KINDS = tuple(kind for kind in Kind.values if kind != Kind.PUSAT)


class _DryRun(Exception):
    pass


class BadTable(Exception):
    """The file is no table with the columns kind and name."""


@dataclass
class Row:
    """One office as a table says it. `parent` and `succeeded_by` are names; an empty parent is the root."""

    kind: str
    name: str
    short_name: str = ""
    aliases: list[str] = field(default_factory=list)
    code: str = ""
    parent: str = ""
    region: str = ""
    # Codes of the places it serves beyond its own (a branch); empty: as they are.
    areas: list[str] = field(default_factory=list)
    bidang: list[str] = field(default_factory=list)
    urusan: str = ""
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    succeeded_by: str = ""
    line: int = 0


def read_table(text: str) -> tuple[list[Row], list[Refused]]:
    """A CSV (comma or semicolon, header, UTF-8 with or without BOM). Raises BadTable when it is none."""
    text = text.removeprefix("\ufeff")
    header = text.splitlines()[0] if text.strip() else ""
    reader = csv.DictReader(text.splitlines(), delimiter=";" if header.count(";") > header.count(",") else ",")
    if not {"kind", "name"} <= {(name or "").strip().lower() for name in reader.fieldnames or ()}:
        raise BadTable(_("Baris pertama harus berisi nama kolom, sedikitnya kind dan name."))
    rows: list[Row] = []
    refused: list[Refused] = []
    for line, raw in enumerate(reader, start=2):
        if line > MOST_ROWS:
            raise BadTable(_("Paling banyak %(most)s baris sekali impor.") % {"most": MOST_ROWS})
        cell = {(k or "").strip().lower(): (v or "").strip() for k, v in raw.items() if isinstance(v, str | None)}
        if not any(cell.values()):
            continue
        dates: dict[str, datetime.date | None] = {}
        for column in ("starts_on", "ends_on"):
            try:
                dates[column] = datetime.date.fromisoformat(cell[column]) if cell.get(column) else None
            except ValueError:
                refused.append(Refused(line, column, _("bukan tanggal seperti 2026-06-01")))
                break
        else:
            rows.append(
                Row(
                    kind=cell["kind"].upper(),
                    name=" ".join(cell["name"].replace("\x00", "").split()),
                    short_name=" ".join(cell.get("short_name", "").split()),
                    aliases=_list(cell.get("aliases", "")),
                    code=cell.get("code", ""),
                    parent=cell.get("parent", ""),
                    region=cell.get("region", ""),
                    areas=_list(cell.get("areas", "")),
                    bidang=_list(cell.get("bidang", "")),
                    urusan=cell.get("urusan", ""),
                    starts_on=dates["starts_on"],
                    ends_on=dates["ends_on"],
                    succeeded_by=cell.get("succeeded_by", ""),
                    line=line,
                )
            )
    return rows, refused


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def load_agencies(rows: Sequence[Row], by: Actor, *, dry_run: bool = False) -> Outcome:
    """Add, change and end offices. A dry run does everything and takes it back."""
    loader = _Loader(by)
    try:
        with transaction.atomic():
            loader.load(rows)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return loader.outcome


class _Loader:
    def __init__(self, by: Actor) -> None:
        self.by = by
        self.today = timezone.localdate()
        self.outcome = Outcome()
        self.ended: list[Agency] = []
        # Row by office: the places of new ones are written once they have ids.
        self.serving: list[tuple[Agency, Row]] = []
        self.root = ensure_root()
        self.regions = set(
            Region.objects.filter(level__in=("PROVINSI", "KABUPATEN", "KOTA")).values_list("pk", flat=True)
        )
        known = list(Agency.objects.select_related("parent"))
        self.by_code = {(a.kind, a.code): a for a in known if a.code and a.ends_on is None}
        self.by_region = {(a.kind, a.region_id): a for a in known if a.kind in PEMDA and a.ends_on is None}
        self.by_name: dict[tuple[int, str], Agency] = {}
        self.parents: dict[str, list[Agency]] = {}
        for agency in known:
            self._remember(agency)

    def _remember(self, agency: Agency) -> None:
        key = (agency.parent_id or 0, agency.name.casefold())
        if agency.ends_on is None or key not in self.by_name:
            self.by_name[key] = agency
        if agency.ends_on is None:
            self.parents.setdefault(agency.name.casefold(), []).append(agency)

    def load(self, rows: Sequence[Row]) -> None:
        # Parents stand before children in the file or exist already: level by level.
        waiting, seen = list(rows), set[tuple[str, str]]()
        unresolved: list[Row] = []
        while waiting:
            planted: list[Agency] = []
            unresolved = []
            for row in waiting:
                parent = self._parent(row)
                if parent is None:
                    unresolved.append(row)
                    continue
                key = (str(parent.pk), row.name.casefold())
                if key in seen:
                    self._refuse(row, "name", _("sudah ada di baris lain berkas ini"))
                    continue
                seen.add(key)
                if not self._is_sound(row, parent):
                    continue
                found = self._find(row, parent)
                if found is None:
                    found = self._new(row, parent)
                    planted.append(found)
                else:
                    self._change(found, row)
                if row.areas:
                    self.serving.append((found, row))
            Agency.objects.plant(planted)
            for agency in planted:
                self.outcome.added.append(agency.name)
                self._remember(agency)
            if not planted:
                break
            waiting = unresolved
        for row in unresolved:
            self._refuse(row, "parent", _("instansi induk tidak ditemukan, atau lebih dari satu bernama demikian"))
        self._serve()
        self._succeed(rows)
        if self.outcome.added or self.outcome.changed or self.outcome.ended:
            AuditEntry.objects.create(
                who=self.by.user,
                acting_as=self.by.agency,
                what="load_agencies",
                subject_kind="agency",
                after={
                    "added": self.outcome.added[:500],
                    "changed": self.outcome.changed[:500],
                    "ended": self.outcome.ended[:500],
                },
            )

    def _parent(self, row: Row) -> Agency | None:
        if not row.parent:
            return self.root
        found = self.parents.get(row.parent.casefold(), [])
        return found[0] if len(found) == 1 else None

    def _refuse(self, row: Row, column: str, reason: str) -> None:
        self.outcome.refused.append(Refused(row.line, column, reason))

    def _is_sound(self, row: Row, parent: Agency) -> bool:
        unknown = [code for code in row.bidang if code not in bidang.names()]
        if row.kind not in KINDS:
            self._refuse(
                row,
                "kind",
                _("jenis instansi tidak dikenal: %(kind)s. Yang dikenal: %(kinds)s")
                % {"kind": row.kind[:40] or "–", "kinds": ", ".join(KINDS)},
            )
        elif not row.name or len(row.name) > 200:
            self._refuse(row, "name", _("kosong atau lebih dari 200 huruf"))
        elif len(row.short_name) > 80:
            self._refuse(row, "short_name", _("lebih dari 80 huruf"))
        elif any(len(alias) > 120 for alias in row.aliases):
            self._refuse(row, "aliases", _("lebih dari 120 huruf"))
        elif len(row.code) > 20:
            self._refuse(row, "code", _("lebih dari 20 huruf"))
        elif row.kind in (Kind.OPD, Kind.UNIT, Kind.PERWAKILAN) and parent == self.root:
            self._refuse(row, "parent", _("perangkat daerah, unit, dan perwakilan harus punya induk"))
        elif row.kind in PEMDA and row.region not in self.regions:
            self._refuse(row, "region", _("kode wilayah provinsi atau kabupaten/kota tidak dikenal"))
        elif row.region and row.region not in self.regions and not Region.objects.filter(pk=row.region).exists():
            self._refuse(row, "region", _("kode wilayah tidak dikenal"))
        elif strange := [code for code in row.areas if not Region.objects.current().filter(pk=code).exists()]:
            self._refuse(row, "areas", _("kode wilayah tidak dikenal: %(codes)s") % {"codes": ", ".join(strange)})
        elif astray := self._astray(row, parent):
            self._refuse(row, "areas", _("di luar wilayah pemda induknya: %(codes)s") % {"codes": ", ".join(astray)})
        elif unknown:
            self._refuse(row, "bidang", _("bidang tidak dikenal: %(codes)s") % {"codes": ", ".join(unknown)})
        elif row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            self._refuse(row, "ends_on", _("lebih awal daripada starts_on"))
        else:
            return True
        return False

    def _astray(self, row: Row, parent: Agency) -> list[str]:
        bound = areas.bound_of(parent) if row.areas else None
        return [code for code in row.areas if bound is not None and not f"{code}.".startswith(f"{bound.pk}.")]

    def _find(self, row: Row, parent: Agency) -> Agency | None:
        if row.kind in PEMDA and (found := self.by_region.get((row.kind, row.region))):
            return found
        if row.code and (found := self.by_code.get((row.kind, row.code))):
            return found
        return self.by_name.get((parent.pk, row.name.casefold()))

    def _new(self, row: Row, parent: Agency) -> Agency:
        return Agency(
            kind=row.kind,
            name=row.name,
            short_name=row.short_name,
            aliases=row.aliases,
            code=row.code,
            parent=parent,
            region_id=row.region or parent.region_id,
            bidang=row.bidang,
            urusan=row.urusan,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )

    def _change(self, agency: Agency, row: Row) -> None:
        """What the file leaves empty stays as it is; what people added to aliases and bidang stays too."""
        before = (
            agency.name,
            agency.short_name,
            tuple(agency.aliases),
            agency.code,
            tuple(agency.bidang),
            agency.urusan,
        )
        if row.name != agency.name and agency.name not in agency.aliases:
            agency.aliases.append(agency.name)
        agency.name = row.name
        agency.short_name = row.short_name or agency.short_name
        agency.aliases = list(dict.fromkeys([*agency.aliases, *row.aliases]))
        agency.code = row.code or agency.code
        agency.bidang = list(dict.fromkeys([*agency.bidang, *row.bidang]))
        agency.urusan = row.urusan or agency.urusan
        after = (
            agency.name,
            agency.short_name,
            tuple(agency.aliases),
            agency.code,
            tuple(agency.bidang),
            agency.urusan,
        )
        ends = row.ends_on is not None and agency.ends_on is None
        if ends:
            agency.ends_on = row.ends_on
        if before != after or ends:
            agency.save()
        if ends:
            self.outcome.ended.append(agency.name)
            self.ended.append(agency)
        elif before != after:
            self.outcome.changed.append(agency.name)
        else:
            self.outcome.unchanged += 1

    def _serve(self) -> None:
        """The places of each; one that serves more already keeps them."""
        known = {
            region.pk: region
            for region in Region.objects.filter(pk__in={code for _office, row in self.serving for code in row.areas})
        }
        for agency, row in self.serving:
            had = areas.of(agency, self.today)
            wanted = {region.pk: region for region in had} | {code: known[code] for code in row.areas}
            if len(wanted) > len(had):
                areas.write(agency, wanted.values(), self.today)
                if agency.name not in self.outcome.added and agency.name not in self.outcome.changed:
                    self.outcome.changed.append(agency.name)
                    self.outcome.unchanged -= 1

    def _succeed(self, rows: Iterable[Row]) -> None:
        """Name the successors, once every office of the file is there, and announce what ended."""
        for row in rows:
            if not row.succeeded_by:
                continue
            parent = self._parent(row)
            ended = parent and self.by_name.get((parent.pk, row.name.casefold()))
            successor = self.parents.get(row.succeeded_by.casefold(), [])
            if ended is None or not ended or ended.ends_on is None:
                continue
            if len(successor) != 1 or successor[0] == ended:
                self._refuse(row, "succeeded_by", _("instansi penerus tidak ditemukan"))
            elif ended.succeeded_by_id != successor[0].pk:
                ended.succeeded_by = successor[0]
                ended.save(update_fields=["succeeded_by"])
        for agency in self.ended:
            agency.refresh_from_db()
            if agency.ends_on is not None and agency.ends_on <= self.today:
                agency_ended.send(sender=Agency, agency=agency, by=self.by, day=agency.ends_on)
                succession.carry_out(agency, by=self.by, day=self.today)


def _said(agency: Agency) -> tuple[object, ...]:
    """What a row can change."""
    lists = tuple(agency.aliases), tuple(agency.bidang)
    return agency.name, agency.short_name, agency.code, agency.urusan, *lists


def ensure_root() -> Agency:
    """The centre, made if the map is still empty."""
    root = Agency.objects.filter(parent__isnull=True).first()
    return root or Agency.objects.create(name="Pemerintah Pusat", short_name="Pusat", kind=Kind.PUSAT)
