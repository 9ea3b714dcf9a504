"""bin/manage load_holidays [FILE.csv] [--wilayah 14.02]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies.loading.holidays import SHIPPED, load_holidays
from agencies.models import Region


class Command(BaseCommand):
    help = "Memuat hari libur nasional dan cuti bersama 2024-2027, atau FILE.csv (date,name,kind,estimated)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)
        parser.add_argument("--wilayah", help="kode wilayah; tanpa ini: seluruh Indonesia")

    def handle(self, *args: Any, **options: Any) -> None:
        region = None
        if options["wilayah"]:
            region = Region.objects.filter(pk=options["wilayah"]).first()
            if region is None:
                raise CommandError(f"Kode wilayah {options['wilayah']} tidak ada.")
        if not options["file"].is_file():
            raise CommandError(f"{options['file']} tidak ada.")
        outcome = load_holidays(options["file"], region)
        for refused in outcome.refused:
            self.stderr.write(f"baris {refused.line}, kolom {refused.column}: {refused.reason}")
        if options["verbosity"]:
            self.stdout.write(f"Hari libur: {outcome}")
