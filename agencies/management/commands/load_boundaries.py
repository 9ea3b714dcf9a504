"""bin/manage load_boundaries"""

from typing import Any

from django.core.management.base import BaseCommand

from agencies.loading.boundaries import load_boundaries


class Command(BaseCommand):
    help = "Memuat batas kecamatan, supaya titik di peta dikenali daerahnya."

    def handle(self, *args: Any, **options: Any) -> None:
        rings, points = load_boundaries()
        if options["verbosity"]:
            self.stdout.write(f"Batas: {rings} garis; {points} titik baru")
