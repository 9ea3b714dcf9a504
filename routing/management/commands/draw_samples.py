"""Draw a sample of final answers for every pemda, ministry and lembaga in one period, as the page does for one."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies.models import Agency
from complaints.transitions import Incomplete
from routing import readings, sampling
from routing.almanac import JAKARTA, date_in


class Command(BaseCommand):
    help = "Tarik contoh jawaban akhir setiap instansi untuk satu tahun atau triwulan yang sudah berakhir."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tahun", type=int)
        parser.add_argument("--triwulan", type=int, choices=(1, 2, 3, 4))
        parser.add_argument("--ukuran", type=int, default=sampling.SIZE)

    def handle(self, *args: Any, **options: Any) -> None:
        year, quarter = options["tahun"], options["triwulan"]
        begins = (year, 1 if quarter is None else 3 * quarter - 2)
        period = next(
            (
                (first, last)
                for first, last in sampling.periods(date_in(JAKARTA, timezone.now()), 10)
                if (first.year, first.month) == begins
                and (last - first > datetime.timedelta(days=100)) == (not quarter)
            ),
            None,
        )
        if period is None:
            raise CommandError("Masa itu belum berakhir, atau lebih dari sepuluh tahun yang lalu.")
        drawn = left = 0
        for agency in Agency.objects.filter(path_length=2).select_related("region").order_by("pk"):
            try:
                sampling.take(agency, *period, options["ukuran"], by=None)
                drawn += 1
            except Incomplete as refused:
                if refused.field == "size":
                    raise CommandError(str(refused)) from refused
                left += 1
        given = readings.hand_out()
        self.stdout.write(f"{drawn} contoh ditarik, {left} instansi tanpa contoh baru, {given} giliran dibagi.")
