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

# Servers may hang up after 29 minutes (RFC 2177), networks forget silent lines sooner, and what came in the moment
# before is seen at the next look.
IDLE_SECONDS = 60
# Slices in which the line is listened to, so that a request to stop is heard soon.
SLICE = 2.0
LONGEST_WAIT = 300.0


class Command(BaseCommand):
    help = "Mendengarkan kotak surat masuk (IMAP IDLE) dan mengambil surat begitu datang."
    # Somebody asked us to leave: seen between two letters, never in the middle of one.
    _leaving = False

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="ambil sekali, lalu selesai")

    def handle(self, *args: Any, **options: Any) -> None:
        if not CHANNEL.hears or not settings.LAPOR_IMAP_URL:
            lacking = [*addresses.unheard(), *([] if settings.LAPOR_IMAP_URL else ["LAPOR_IMAP_URL"])]
            raise CommandError(f"Surat masuk mati. Isi {', '.join(dict.fromkeys(lacking))}.")
        if options["once"]:
            self.stdout.write(f"{mailbox.pull()} surat baru.")
            return
        signal.signal(signal.SIGTERM, self._leave)
        signal.signal(signal.SIGINT, self._leave)
        self._listen()
        self.stdout.write("Berhenti mendengarkan kotak surat.")

    def _leave(self, _number: int, _frame: FrameType | None) -> None:
        self._leaving = True

    def _listen(self) -> None:
        wait = 5.0
        while not self._leaving:
            try:
                with mailbox.opened() as box:
                    self.stdout.write("Mendengarkan kotak surat.")
                    wait = 5.0
                    while not self._leaving:
                        mailbox.has_news(box)
                        mailbox.collect(box, goes_on=lambda: not self._leaving)
                        close_old_connections()
                        if not mailbox.has_news(box):
                            self._wait_for_news(box)
            except mailbox.MAIL_ERRORS as error:
                self.stderr.write(f"Kotak surat tidak menjawab ({type(error).__name__}); dicoba lagi {wait:.0f} detik.")
                close_old_connections()
                self._sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)

    def _wait_for_news(self, box: Any) -> None:
        """Until the server says something, at most IDLE_SECONDS. A server without IDLE is asked again after a while."""
        if "IDLE" not in box.client.capabilities:
            self._sleep(IDLE_SECONDS / 2)
            return
        with box.idle as idle:
            until = time.monotonic() + IDLE_SECONDS
            while time.monotonic() < until and not self._leaving:
                if idle.poll(SLICE):
                    return

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._leaving:
            time.sleep(min(SLICE, until - time.monotonic() + 0.01))
