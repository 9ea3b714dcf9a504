"""bin/manage load_wilayah"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agencies.loading.wilayah import TooManyVanished, load_wilayah


class Command(BaseCommand):
    help = "Memuat 38 provinsi sampai 83.762 kelurahan/desa; kode yang hilang dari daftar diakhiri."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = load_wilayah(timezone.localdate())
        except TooManyVanished as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"Wilayah: {outcome}")
