"""Make all figures anew from the events: after an alarm, or to see that they come out the same."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lapor.kit.alone import alone
from routing.measures import ledger
from routing.models import CaseFigure


class Command(BaseCommand):
    help = "Hitung ulang semua angka pengawasan dari kejadian."

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        with alone(ledger.ALONE) as free:
            if not free:
                raise CommandError("Angka sedang dihitung pekerja. Coba lagi sebentar lagi.")
            ledger.make_anew()
            ledger.keep_up()
        seconds = round(time.monotonic() - begun)
        self.stdout.write(f"{CaseFigure.objects.count()} laporan dihitung ulang dalam {seconds} detik.")
