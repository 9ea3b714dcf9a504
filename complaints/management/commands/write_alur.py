"""Write docs/alur.md from the transition tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from complaints.alur import document


class Command(BaseCommand):
    help = "Menulis docs/alur.md dari tabel perpindahan status."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "alur.md"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(f"Ditulis: {path}")
