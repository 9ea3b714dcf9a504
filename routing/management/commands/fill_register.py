"""Put into the register of the unanswered what the events tell and nobody wrote. May be run at any time, again too."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from routing import register_filling, unanswered


class Command(BaseCommand):
    help = "Lengkapi daftar yang belum dijawab dari kejadian. Yang sudah ada tidak berubah."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hari", type=int, help="hanya kejadian sekian hari terakhir; tanpa ini semuanya")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["hari"]
        after = 0
        if days is not None:
            after = register_filling.begin_of(timezone.now() - datetime.timedelta(days=days))
        done = register_filling.fill(after)
        unanswered.refresh()
        self.stdout.write(f"{done} baris ditambahkan atau dilengkapi.")
