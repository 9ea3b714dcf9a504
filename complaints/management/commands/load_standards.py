"""bin/manage load_standards"""

from typing import Any

from django.core.management.base import BaseCommand

from complaints.loaders import load_standards


class Command(BaseCommand):
    help = "Memuat standar waktu pelayanan (hari kerja) beserta dasar hukumnya."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = load_standards()
        if options["verbosity"]:
            self.stdout.write(f"Standar pelayanan: {outcome}")
