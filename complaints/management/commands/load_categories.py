"""bin/manage load_categories"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.loaders import load_categories


class Command(BaseCommand):
    help = "Memuat kategori dua tingkat; yang hilang dari daftar diakhiri."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = load_categories(timezone.localdate())
        if options["verbosity"]:
            self.stdout.write(f"Kategori: {outcome}")
