"""bin/manage load_questions"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from complaints.loaders import load_questions


class Command(BaseCommand):
    help = "Memuat pertanyaan tambahan tiap kategori; yang hilang dari daftar diakhiri."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = load_questions(timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"Pertanyaan: {outcome}")
