"""bin/manage suggest FILE.csv --out OUT.csv"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.channels.counter.table import BadTable, Refusal, read_table
from routing.suggesting import COLUMNS, suggest


class Command(BaseCommand):
    help = "Bidang, tingkat, dan kantor untuk setiap laporan dalam tabel (id, title, text), tanpa menyimpan apa pun."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, required=True, help="tabel jawaban")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            rows, refused, _unknown = read_table(path.read_bytes())
        except (OSError, BadTable) as error:
            raise CommandError(f"{path}: {error}") from error
        today = timezone.localdate()
        decided = written = 0
        try:
            with options["out"].open("w", encoding="utf-8", newline="") as file:
                table = csv.writer(file)
                table.writerow(COLUMNS)
                for row in rows:
                    if not row["text"]:
                        refused.append(Refusal(row.line, row.called("text"), _("kosong")))
                        continue
                    answer = suggest(row["title"], row["text"], today)
                    table.writerow(answer.row(row["id"] or str(row.line)))
                    written, decided = written + 1, decided + answer.decided
        except OSError as error:
            raise CommandError(f"{options['out']}: {error}") from error
        except ProgrammingError as error:
            raise CommandError(_("Basis data belum disiapkan. Jalankan bin/run sekali, lalu ulangi.")) from error
        for one in sorted(refused, key=lambda refusal: refusal.line):
            self.stderr.write(
                _("baris %(line)d: %(column)s %(reason)s")
                % {"line": one.line, "column": one.column, "reason": one.reason}
            )
        counts = {"rows": written, "decided": decided, "refused": len(refused), "path": options["out"]}
        self.stdout.write(
            _("%(rows)d laporan, %(decided)d diteruskan sendiri, %(refused)d baris ditolak: %(path)s") % counts
        )
