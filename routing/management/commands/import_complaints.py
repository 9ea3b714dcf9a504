"""bin/manage import_complaints FILE.csv [--dry-run] [--history] [--refused FILE]"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.channels.counter import CODE
from complaints.channels.counter.table import BadTable, Reader, Refusal, Row, read_table
from complaints.intake import check, receive
from complaints.models import Arrival
from complaints.transitions import Incomplete
from routing import dispatch
from routing.models import Disposition, Suggestion

# What intake calls a field, by the column it came from.
_COLUMN_OF = {"body": "text", "reason": "status"}


class Command(BaseCommand):
    help = "Memasukkan laporan dari tabel CSV; hanya kolom text yang wajib. Dijalankan dua kali tidak menambah apa pun."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="hanya memeriksa; tidak menyimpan apa pun")
        parser.add_argument(
            "--history", action="store_true", help="riwayat: tanggalnya dipakai, tanpa surat dan tanpa pengingat"
        )
        parser.add_argument("--refused", type=Path, help="berkas untuk baris yang ditolak")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            rows, refused, unknown = read_table(path.read_bytes())
        except (OSError, BadTable) as error:
            raise CommandError(f"{path}: {error}") from error
        if rows and rows[0].theirs:
            self.stdout.write(_("Tabel SP4N-LAPOR!: dimasukkan sebagai riwayat."))
        elif not options["history"] and any(row["status"] or row["channel"] for row in rows):
            self.stdout.write(_("Kolom status dan channel hanya dipakai dengan --history: laporan mulai dari awal."))
        if unknown:
            self.stdout.write(_("Kolom yang tidak dipakai: %(columns)s.") % {"columns": ", ".join(unknown)})
        reader = Reader(path.name, timezone.now(), history=options["history"])
        new = known = 0
        here = _here(reader, rows)
        for row in rows:
            outcome = reader.external_id(row) not in here and self._take(reader, row, options["dry_run"])
            if isinstance(outcome, Refusal):
                refused.append(outcome)
            else:
                new, known = new + outcome, known + (not outcome)
        counts = {"rows": len(rows), "new": new, "known": known, "refused": len(refused)}
        if options["dry_run"]:
            self.stdout.write(
                _("Percobaan: %(new)d baris bisa masuk, %(known)d sudah ada, %(refused)d ditolak.") % counts
            )
        else:
            self.stdout.write(_("%(new)d laporan masuk, %(known)d sudah ada, %(refused)d ditolak.") % counts)
        if refused:
            self._write_refused(refused, options["refused"] or _refused_path(path))
        if not options["dry_run"]:
            self._shares(path.name)

    def _take(self, reader: Reader, row: Row, dry_run: bool) -> bool | Refusal:
        """True: a new report; False: it is here already."""
        if reader.is_here(row):
            return False
        entry = reader.entry(row)
        if isinstance(entry, Refusal):
            return entry
        try:
            if dry_run:
                check(entry.submission)
                return not Arrival.objects.filter(channel=CODE, external_id=entry.submission.external_id).exists()
            # Weighed in the same transaction: no case of a table is ever seen without its place.
            with transaction.atomic():
                receipt = receive(entry.submission)
                if receipt.created:
                    dispatch.bring_in(receipt.complaint.pk, entry.told)
            return receipt.created
        except Incomplete as incomplete:
            return Refusal(row.line, row.called(_COLUMN_OF.get(incomplete.field, incomplete.field)), str(incomplete))

    def _write_refused(self, refused: list[Refusal], path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow([_("baris"), _("kolom"), _("alasan")])
            table.writerows([one.line, one.column, one.reason] for one in sorted(refused, key=lambda one: one.line))
        self.stdout.write(_("Baris yang ditolak dan alasannya: %(path)s") % {"path": path})

    def _shares(self, name: str) -> None:
        """What the worker did by itself and what it left to desks, by reason, of all reports of this file."""
        shares = Counter(_who_and_why(name))
        total = sum(shares.values())
        for (who, why), count in sorted(shares.items(), key=lambda one: (one[0][0], -one[1])):
            self.stdout.write(f"{count:6} {count / total:6.1%}  {who}: {why}")


def _here(reader: Reader, rows: list[Row]) -> set[str]:
    """External ids of the rows that an earlier run brought in. One statement for each 5,000."""
    ids = [reader.external_id(row) for row in rows]
    found: set[str] = set()
    for start in range(0, len(ids), 5_000):
        some = ids[start : start + 5_000]
        known = Arrival.objects.filter(channel=CODE, external_id__in=some, complaint__isnull=False)
        found |= set(known.values_list("external_id", flat=True))
    return found


def _refused_path(path: Path) -> Path:
    return settings.STATE_DIR / "impor" / f"{path.stem}.ditolak.csv"


def _who_and_why(name: str) -> list[tuple[str, str]]:
    cases = Arrival.objects.filter(channel=CODE, external_id__startswith=f"{name}#").values("complaint")
    said = {
        row.complaint_id: row
        for row in Suggestion.objects.filter(complaint__in=cases).order_by("-rank", "-pk")
        if row.verdict != Suggestion.Verdict.OFFERED or row.rank == dispatch.LEFT
    }
    found = []
    stints = Disposition.objects.filter(complaint__in=cases, ended_at__isnull=True).select_related("agency")
    for stint in stints:
        row = said.get(stint.complaint_id)
        why = _why(row)
        if stint.verb == "forward":
            found.append((_("pekerja meneruskan"), why))
        elif stint.agency.parent_id is None:
            found.append((_("meja nasional"), why))
        else:
            found.append((_("meja koordinator"), why))
    return found


def _why(row: Suggestion | None) -> str:
    """A reason without names, so that like is counted with like."""
    if row is None:
        return _("belum ditimbang")
    if row.rank != dispatch.LEFT:
        return str(Suggestion.Source(row.source).label)
    return _("belum ada petugas di sana") if _("Belum ada petugas") in row.reason else row.reason
