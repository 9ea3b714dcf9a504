"""bin/manage train_classifier [TABLE.csv --out WEIGHTS.npz]"""

from __future__ import annotations

import csv
import json
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from routing import learning
from routing.classifier import weights

if TYPE_CHECKING:
    from routing.classifier.vocabulary import Example

COLUMNS = ("title", "text", "bidang", "level")


class Command(BaseCommand):
    help = (
        "Melatih pengenal bidang. Dengan tabel (title, text, bidang, level): menulis bobot bawaan. Tanpa tabel: dari "
        "disposisi yang bertahan di portal ini, seperti setiap malam."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", type=Path, nargs="?")
        parser.add_argument("--out", type=Path, default=weights.SHIPPED, help="berkas bobot yang ditulis")
        parser.add_argument("--about", default="", help="asal tabel, untuk kartu model")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["table"] is None:
            self.stdout.write(learning.learn().sentence)
            return
        from routing.classifier import learning as classifier

        reports = classifier.grouped(read_table(options["table"]))
        try:
            trained, said = classifier.train(reports, {"source": options["about"] or options["table"].name})
        except ValueError as error:
            raise CommandError(f"{options['table']}: {error}") from error
        options["out"].write_bytes(weights.to_bytes(trained))
        figures = {**trained.about, "thresholds": {name: vars(one) for name, one in trained.thresholds.items()}}
        told = json.dumps(figures, ensure_ascii=False, indent=1, sort_keys=True)
        # A row of figures on one line.
        told = re.sub(r"\[\s+([^\[\]]+?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", told)
        options["out"].with_suffix(".json").write_text(told + "\n", encoding="utf-8")
        self.stdout.write(
            _("%(count)d contoh, %(features)d ciri, %(size)d kB: %(path)s")
            % {
                "count": len(said.examples),
                "features": len(trained.features),
                "size": options["out"].stat().st_size // 1024,
                "path": options["out"],
            }
        )
        for name in ("top1", "top3", "macro_f1", "level"):
            self.stdout.write(f"  {name}: {trained.about[name]}")
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
