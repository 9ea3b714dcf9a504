"""bin/manage train_classifier TABLE.csv [--out WEIGHTS.npz]"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from routing.classifier import weights

if TYPE_CHECKING:
    from routing.classifier.vocabulary import Example

COLUMNS = ("title", "text", "bidang", "level")


class Command(BaseCommand):
    help = "Melatih pengenal bidang dari tabel (title, text, bidang, level) dan menulis bobotnya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", type=Path)
        parser.add_argument("--out", type=Path, default=weights.SHIPPED, help="berkas bobot yang ditulis")
        parser.add_argument("--about", default="", help="asal tabel, untuk kartu model")

    def handle(self, *args: Any, **options: Any) -> None:
        from routing.classifier import learning as classifier

        reports = classifier.grouped(read_table(options["table"]))
        try:
            trained, said = classifier.train(reports, {"source": options["about"] or options["table"].name})
        except ValueError as error:
            raise CommandError(f"{options['table']}: {error}") from error
        options["out"].write_bytes(weights.to_bytes(trained))
        self.stdout.write(
            _("%(count)d contoh, %(features)d ciri, %(size)d kB: %(path)s")
            % {
                "count": len(said.examples),
                "features": len(trained.features),
                "size": options["out"].stat().st_size // 1024,
                "path": options["out"],
            }
        )
        for name, value in trained.about.items():
            self.stdout.write(f"  {name}: {value}")
        for level, one in trained.thresholds.items():
            self.stdout.write(
                f"  {level}: {one.score} ({one.precision:.3f}, {one.coverage:.1%}, {one.tried})"
                if one.score is not None
                else f"  {level}: -"
            )


def read_table(path: Path) -> list[Example]:
    """Raises CommandError for what is no such table."""
    from routing.classifier.vocabulary import Example

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path}: {error}") from error
    missing = [name for name in COLUMNS if not rows or name not in rows[0]]
    if missing:
        raise CommandError(_("%(path)s: kolom %(columns)s tidak ada") % {"path": path, "columns": ", ".join(missing)})
    return [Example(row["title"] or "", row["text"] or "", row["bidang"] or "", row["level"] or "") for row in rows]
