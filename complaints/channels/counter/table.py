"""A table of reports (CSV) becomes Submissions, row by row; what can't be taken is refused with its column and reason.

Only `text` is required. Columns are found by their header: id, kind, title, text, date, agency, place, category,
channel, reporter_name, reporter_contact, status. Others are kept with the raw row and change nothing. `channel` and
`status` speak of the past: they count in a history alone. The columns of an SP4N-LAPOR! export are known by their own
header, and such a table is always a history.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies.finding import find_places, read
from agencies.models import Region
from complaints.channels import registry
from complaints.channels.counter import CODE, sp4n, told
from complaints.channels.counter.offices import Exact, Offices
from complaints.intake import Submission
from complaints.models import Category, Complaint, Kind
from complaints.models.lifecycle.acting import clean_text
from complaints.number import read_number
from lapor.kit.tables import unguarded
from lapor.kit.text import row_id

COLUMNS = (
    "id", "kind", "title", "text", "date", "agency", "place", "category", "channel", "reporter_name",
    "reporter_contact", "status",
)  # fmt: skip
REQUIRED = "text"
# Longest cell that is read at all; the story itself is limited by intake.
_CELL = 1_000_000
_ID_LIMIT = 200
_KINDS = {"informasi": Kind.PERMINTAAN_INFORMASI, "permintaan": Kind.PERMINTAAN_INFORMASI}


class BadTable(Exception):
    """The file can't be read as a table at all; the sentence says why."""


@dataclass(frozen=True)
class Refusal:
    """One row that was not taken. `line` counts from 1, the header included; `column` "" is the row itself."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Row:
    """Cells by our name of their column; `theirs` says that the table has the columns of an SP4N-LAPOR! export."""

    line: int
    cells: dict[str, str]
    theirs: bool = False

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def called(self, column: str) -> str:
        """What the table itself calls this column."""
        return sp4n.theirs(column) if self.theirs else column


@dataclass(frozen=True)
class Entry:
    """What a row says: the report, and what became of it before it came here (None: it begins here)."""

    submission: Submission
    told: told.Told | None = None


class _Wrong(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def read_table(content: bytes) -> tuple[list[Row], list[Refusal], list[str]]:
    """Rows, rows that can't be read, and names of columns that mean nothing here. Raises BadTable.

    UTF-8 with or without BOM, separated by comma or semicolon. NUL and unpaired surrogates are left out.
    """
    try:
        text = content.decode("utf-8-sig", "surrogatepass")
    except UnicodeDecodeError as error:
        raise BadTable(_("berkas ini bukan UTF-8 (bita ke-%(place)d)") % {"place": error.start + 1}) from error
    csv.field_size_limit(_CELL)
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        header = [clean_text(name).lower() for name in next(reader, [])]
        theirs = sp4n.is_head(header)
        if theirs:
            header = [sp4n.ours(name) for name in header]
        if REQUIRED not in header:
            raise BadTable(_("kolom “%(column)s” tidak ada di baris pertama") % {"column": REQUIRED})
        twice = sorted({name for name in header if name and header.count(name) > 1})
        if twice:
            raise BadTable(_("kolom “%(column)s” ada dua kali") % {"column": twice[0]})
        rows, refused = _rows(reader, header, theirs)
    except csv.Error as error:
        raise BadTable(_("baris %(line)d: %(error)s") % {"line": reader.line_num, "error": error}) from error
    known = (*COLUMNS, *sp4n.OURS.values(), *sp4n.PLACES) if theirs else COLUMNS
    return rows, refused, [name for name in header if name not in known]


def _rows(reader: Iterator[list[str]], header: list[str], theirs: bool) -> tuple[list[Row], list[Refusal]]:
    rows: list[Row] = []
    refused: list[Refusal] = []
    seen: dict[str, int] = {}
    for line, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            refused.append(Refusal(line, "", _("selnya lebih banyak daripada kolomnya")))
            continue
        kept = [clean_text(unguarded(cell) if theirs else cell) for cell in cells]
        row = Row(line, dict(zip(header, kept, strict=False)), theirs)
        if row["id"] and row["id"] in seen:
            reason = _("id ini sudah ada di baris %(line)d") % {"line": seen[row["id"]]}
            refused.append(Refusal(line, "id", reason))
            continue
        seen[row["id"]] = line
        rows.append(row)
    return rows, refused


class Reader:
    """Turns rows of one file into Submissions. Looks offices and categories up once."""

    def __init__(self, name: str, now: datetime.datetime, *, history: bool = False) -> None:
        self._name, self._now, self._history = Path(name).name, now, history
        self._offices = Offices(now.date())
        self._exact: Exact | None = None
        self._places: dict[str, Region | None] = {}
        self._categories: dict[str, list[Category]] = {}
        for category in Category.objects.on(now.date()).select_related("parent"):
            self._categories.setdefault(category.name.lower(), []).append(category)

    def external_id(self, row: Row) -> str:
        """The file's name and the row's own id (else its line): the same row again is the same report. A tracking id
        means one report in whatever file it stands."""
        if row.theirs and row["id"] and len(row["id"]) < _ID_LIMIT - 5:
            return f"sp4n#{row['id']}"
        whole = f"{self._name}#{row['id'] or row.line}"
        return whole if len(whole) <= _ID_LIMIT else f"{self._name[:100]}#{hashlib.sha256(whole.encode()).hexdigest()}"

    def entry(self, row: Row) -> Entry | Refusal:
        try:
            if row.theirs:
                return Entry(self._read_theirs(row), self._told(row))
            return Entry(self._read(row), self._told(row) if self._history else None)
        except _Wrong as wrong:
            return Refusal(row.line, row.called(wrong.column), str(wrong))

    def is_here(self, row: Row) -> bool:
        """The row tells of a report of this very portal."""
        number = read_number(row["id"]) if row.theirs else ""
        return bool(number) and Complaint.objects.filter(number=number).exists()

    def _read(self, row: Row) -> Submission:
        if not row["text"]:
            raise _Wrong("text", _("kosong"))
        kind = self._kind(row["kind"])
        day = self._date(row["date"])
        place = self._place(row["place"])
        office = self._offices.named(row["agency"]) if row["agency"] else None
        contact = row["reporter_contact"]
        received = None
        if self._history and day is not None:
            zone = ZoneInfo(place.zone if place else "Asia/Jakarta")
            received = datetime.datetime.combine(day, datetime.time(12), tzinfo=zone)
        return Submission(
            channel=CODE,
            external_id=self.external_id(row),
            body=row["text"],
            title=row["title"].replace("\n", " "),
            kind=kind,
            happened_on=day if kind == Kind.PENGADUAN else None,
            place=place,
            landmark="" if place else row["place"],
            category=self._category(row["category"]),
            addressed_to=office,
            addressed_text="" if office else row["agency"],
            name=row["reporter_name"],
            email=contact if "@" in contact else "",
            phone="" if "@" in contact else contact,
            raw=json.dumps(row.cells, ensure_ascii=False),
            received_at=received,
            silent=self._history,
            came_by=registry.code_of(row["channel"]) if self._history else "",
        )

    def _read_theirs(self, row: Row) -> Submission:
        if not row["text"]:
            raise _Wrong("text", _("kosong"))
        kind, supervised = sp4n.kind_of(row["kind"]) or (self._kind(row["kind"]), False)
        hides = sp4n.type_of(row["type"])
        if hides is None:
            raise _Wrong("type", _("tipe “%(type)s” tidak dikenal") % {"type": row["type"][:40]})
        written = ", ".join(row[name] for name in sp4n.PLACES if row[name])
        if written not in self._places:
            self._places[written] = _walk_down([row[name] for name in reversed(sp4n.PLACES)])
        place = self._places[written]
        if self._exact is None:
            self._exact = Exact()
        office = self._exact.named(row["agency"], row["above"], row["agency_id"]) if row["agency"] else None
        final = row["final_text"]
        return Submission(
            channel=CODE,
            external_id=self.external_id(row),
            body=row["text"],
            title=row["title"].replace("\n", " "),
            kind=kind,
            supervised=supervised,
            place=place,
            landmark="" if place else written,
            category=self._category_of(row),
            addressed_to=office,
            addressed_text="" if office else ", ".join(one for one in (row["agency"], row["above"]) if one),
            anonymous=hides[0],
            secret=hides[1],
            name=row["reporter_name"],
            raw=json.dumps(row.cells, ensure_ascii=False),
            received_at=self._instant(row, place),
            silent=True,
            came_by=registry.code_of(row["channel"]),
            former_number=row["id"],
            edited_body=final if final != row["text"] else "",
        )

    def _instant(self, row: Row, place: Region | None) -> datetime.datetime | None:
        day = self._date(row["date"])
        if day is None:
            return None
        time = _parse_time(row["time"]) if row["time"] else datetime.time(12)
        if time is None:
            raise _Wrong("time", _("jam “%(time)s” tidak bisa dibaca") % {"time": row["time"][:40]})
        return datetime.datetime.combine(day, time, tzinfo=ZoneInfo(place.zone if place else "Asia/Jakarta"))

    def _category_of(self, row: Row) -> Category | None:
        """By name; where two have it, the one whose id the table names."""
        found = Category.objects.filter(name__iexact=row["category"])
        numbered = found.filter(pk=row_id(row["category_id"])).first()
        return numbered or self._category(row["category"])

    def _told(self, row: Row) -> told.Told | None:
        if not row["status"]:
            return None
        found = told.read(row["status"], row["reason"])
        if found is None:
            raise _Wrong("status", _("status “%(status)s” tidak dikenal") % {"status": row["status"][:40]})
        return found

    def _kind(self, written: str) -> str:
        if not written:
            return Kind.PENGADUAN
        word = re.sub(r"[\W_]+", "_", written.strip().upper())
        if word in Kind.values:
            return word
        meant = _KINDS.get(written.strip().lower().split()[0])
        if meant is None:
            raise _Wrong("kind", _("jenis “%(kind)s” tidak dikenal") % {"kind": written[:40]})
        return meant

    def _date(self, written: str) -> datetime.date | None:
        if not written:
            return None
        day = parse_date(written)
        if day is None:
            raise _Wrong("date", _("tanggal “%(date)s” tidak bisa dibaca") % {"date": written[:40]})
        if day > self._now.date():
            raise _Wrong("date", _("tanggalnya di masa depan"))
        return day

    def _place(self, written: str) -> Region | None:
        """By code or by a name that means one place; what is not found stays a landmark in their words."""
        if written not in self._places:
            self._places[written] = _find_place(written) if written else None
        return self._places[written]

    def _category(self, written: str) -> Category | None:
        """One that has this name, the narrower where a parent's has the same; unknown: none, the desk decides."""
        found = self._categories.get(written.lower(), [])
        return found[0] if len(found) == 1 else None


def _find_place(written: str) -> Region | None:
    if re.fullmatch(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", written):
        return Region.objects.current().filter(pk=written).first()
    parts = read(written)
    if not parts:
        return None
    exact = [region for region in find_places(written) if region.search_name == parts[0].name]
    widest = min((len(region.code) for region in exact), default=0)
    found = [region for region in exact if len(region.code) == widest]
    return found[0] if len(found) == 1 else None


def _walk_down(names: list[str]) -> Region | None:
    """Provinsi, kota/kabupaten, kecamatan, kelurahan by name, each inside the one before; as far as they are known."""
    found: Region | None = None
    for name, depth in zip(names, range(1, 5), strict=False):
        parts = read(name)
        if not parts:
            continue
        inside = Region.objects.current().filter(search_name=parts[0].name, code__regex=_DEPTHS[depth])
        if parts[0].levels:
            inside = inside.filter(level__in=parts[0].levels)
        if found is not None:
            inside = inside.filter(pk__startswith=f"{found.pk}.")
        here = list(inside[:2])
        if len(here) != 1:
            return found
        found = here[0]
    return found


_DEPTHS = {depth: rf"^\d\d(\.\d+){{{depth - 1}}}$" for depth in range(1, 5)}


def _parse_time(written: str) -> datetime.time | None:
    """ "08:12", "08.12.30" or with "WIB" behind it; None: none of these."""
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s*(?:WIB|WITA|WIT))?", written.strip(), re.I)
    try:
        hour, minute, second = (int(part or 0) for part in found.groups()) if found else (24, 0, 0)
        return datetime.time(hour, minute, second)
    except ValueError:
        return None


def parse_date(written: str) -> datetime.date | None:
    """ISO (with or without a time), 31/12/2025, 31-12-2025 or 31 Desember 2025; None: none of these."""
    text = written.strip()
    try:
        return datetime.datetime.fromisoformat(text).date()
    except ValueError:
        pass
    numbers = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    words = re.fullmatch(r"(\d{1,2})\s+([A-Za-z]+)\s+(\d{4})", text)
    try:
        if numbers:
            day, month, year = (int(number) for number in numbers.groups())
            return datetime.date(year, month, day)
        if words and (named := _months().get(words[2].lower())):
            return datetime.date(int(words[3]), named, int(words[1]))
    except ValueError:
        pass
    return None


def _months() -> dict[str, int]:
    with override("id"):
        names = {str(name).lower(): number for number, name in MONTHS.items()}
    return names | {name[:3]: number for name, number in names.items()} | {"agt": 8, "agu": 8}
