"""bin/manage seed_demo"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agencies import demo


class Command(BaseCommand):
    help = "Mengisi kabupaten contoh beserta petugasnya. Tidak berjalan di produksi."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("LAPOR_MODE: akun coba tidak dibuat di produksi.")
        count = demo.seed()
        if options["verbosity"]:
            self.stdout.write(f"Contoh: {count} keanggotaan baru.")
