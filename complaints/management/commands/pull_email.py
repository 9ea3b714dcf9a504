"""Listen at the mailbox and fetch letters as they come; the minute's task fetches whatever this one missed."""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from complaints.channels.email import addresses, mailbox
from complaints.channels.email.channel import CHANNEL

# Servers may hang up after 29 minutes (RFC 2177), and networks forget silent lines sooner.
IDLE_SECONDS = 240
# Slices in which the line is listened to, so that a request to stop is heard soon.
SLICE = 2.0
LONGEST_WAIT = 300.0


class Stop(Exception):
    """Somebody asked us to leave."""


class Command(BaseCommand):
    help = "Mendengarkan kotak surat masuk (IMAP IDLE) dan mengambil surat begitu datang."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="ambil sekali, lalu selesai")

    def handle(self, *args: Any, **options: Any) -> None:
        if not CHANNEL.hears or not settings.LAPOR_IMAP_URL:
            lacking = [*addresses.unheard(), *([] if settings.LAPOR_IMAP_URL else ["LAPOR_IMAP_URL"])]
            raise CommandError(f"Surat masuk mati. Isi {', '.join(dict.fromkeys(lacking))}.")
        if options["once"]:
            self.stdout.write(f"{mailbox.pull()} surat baru.")
            return
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, _stop)
        try:
            self._listen()
        except Stop:
            self.stdout.write("Berhenti mendengarkan kotak surat.")

    def _listen(self) -> None:
        wait = 5.0
        while True:
            try:
                with mailbox.opened() as box:
                    self.stdout.write("Mendengarkan kotak surat.")
                    wait = 5.0
                    while True:
                        mailbox.collect(box)
                        close_old_connections()
                        _wait_for_news(box)
            except mailbox.MAIL_ERRORS as error:
                self.stderr.write(f"Kotak surat tidak menjawab ({type(error).__name__}); dicoba lagi {wait:.0f} detik.")
                close_old_connections()
            time.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)


def _wait_for_news(box: Any) -> None:
    """Until the server says something, at most IDLE_SECONDS. A server without IDLE is asked again after a while."""
    if "IDLE" not in box.client.capabilities:
        time.sleep(30)
        return
    with box.idle as idle:
        until = time.monotonic() + IDLE_SECONDS
        while time.monotonic() < until:
            if idle.poll(SLICE):
                return


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop
