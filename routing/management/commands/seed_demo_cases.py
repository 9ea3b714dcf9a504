"""bin/manage seed_demo_cases"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lapor.kit.alone import alone
from routing import demo, demo_history, figures, overdue, unanswered
from routing.measures import ledger


class Command(BaseCommand):
    help = (
        "Mengisi laporan contoh di daerah contoh, dengan riwayat satu setengah tahun. Tidak berjalan di produksi; "
        "kedua kali tidak menambah apa pun."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("LAPOR_MODE: laporan contoh tidak dibuat di produksi.")
        count = demo.seed() + demo_history.seed()
        # What is late is noted at once, not when the sweep comes, so that no page counts it otherwise than another.
        overdue.note_missed(timezone.now(), overdue.Deadline(60))
        unanswered.refresh()
        # The home page, the statistics and the figures tell of them at once.
        figures.refresh_home()
        figures.refresh_months()
        with alone(ledger.ALONE) as free:
            if free:
                ledger.keep_up()
        if options["verbosity"]:
            self.stdout.write(f"Contoh: {count} laporan baru.")
