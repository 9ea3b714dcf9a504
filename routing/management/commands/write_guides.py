"""The guides as PDF, each in both languages: into the portal's storage, so that nobody waits for them, or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import override

from routing.guide import paper
from routing.guide.guides import GUIDES


class Command(BaseCommand):
    help = "Menulis panduan setiap peran sebagai PDF, ke penyimpanan portal atau ke sebuah folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ke", type=Path, metavar="FOLDER", help="tulis ke folder ini, untuk dicetak")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["ke"]
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        for language, _name in settings.LANGUAGES:
            for guide in GUIDES:
                with override(language):
                    content = paper.kept(guide) if folder is None else paper.pdf(guide)
                name = f"panduan-{guide.code}-{language}.pdf"
                if folder is not None and content is not None:
                    (folder / name).write_bytes(content)
                self.stdout.write(f"{name}: {len(content or b'') // 1024} KB")
