"""bin/manage seed_demo_cases"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from routing import demo, figures


class Command(BaseCommand):
    help = "Mengisi laporan contoh di kabupaten contoh. Tidak berjalan di produksi; kedua kali tidak menambah apa pun."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("LAPOR_MODE: laporan contoh tidak dibuat di produksi.")
        count = demo.seed()
        # The home page and the statistics tell of them at once.
        figures.refresh_home()
        figures.refresh_months()
        if options["verbosity"]:
            self.stdout.write(f"Contoh: {count} laporan baru.")
