"""bin/manage load_agencies [FILE.csv] [--dry-run]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.actor import Actor
from agencies.loading import Refused
from agencies.loading.offices import BadTable, load_agencies, read_table
from agencies.loading.shipped import shipped_rows


class Command(BaseCommand):
    help = "Memuat kementerian, lembaga, BUMN, dan 552 pemda, atau instansi dari FILE.csv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="hanya memeriksa; tidak mengubah apa pun")

    def handle(self, *args: Any, **options: Any) -> None:
        refused: list[Refused] = []
        if options["file"] is None:
            rows = shipped_rows()
        else:
            try:
                rows, refused = read_table(options["file"].read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError, BadTable) as error:
                raise CommandError(f"{options['file']}: {error}") from error
        outcome = load_agencies(rows, Actor.system("load_agencies"), dry_run=options["dry_run"])
        outcome.refused = sorted([*refused, *outcome.refused], key=lambda one: one.line)
        for one in outcome.refused:
            self.stderr.write(f"baris {one.line}, kolom {one.column}: {one.reason}")
        if options["dry_run"]:
            for name in outcome.added:
                self.stdout.write(f"+ {name}")
            for name in outcome.changed:
                self.stdout.write(f"~ {name}")
            for name in outcome.ended:
                self.stdout.write(f"- {name}")
        if options["verbosity"]:
            self.stdout.write(f"Instansi: {outcome}" + (" (tidak disimpan)" if options["dry_run"] else ""))
