"""What became of a report elsewhere, before it came here: a table of the past says so, and the case takes it over.

The table knows the day a report came and the state it reached, never the day it reached it. So each such event is
dated the day the report came and says that it is told (`particulars["told_as"]`, the table's own words); no answer is
invented, and what counts answers counts none here. What still waits for the reporter gives them their days from today.
"""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from complaints.models.clock import ClockKind
from complaints.models.event import Audience, Event
from complaints.models.message import Message
from complaints.transitions import TABLE, TERMINAL, NotAllowed, Status

from .acting import Change
from .promises import Promises

# The acts a table may tell of, by the status they led to; several lead to the same end.
ENDS = {
    Status.IN_PROGRESS: ("start",),
    Status.WAITING: ("ask",),
    Status.ANSWERED: ("resolve",),
    Status.CLOSED: ("accept", "lapse"),
    Status.ARCHIVED: ("archive", "withdraw", "expire"),
}


class Inheriting(Promises):
    def inherit(
        self,
        verb: str,
        *,
        by: Actor,
        words: str,
        reason: str = "",
        ground: str = "",
        now: datetime.datetime | None = None,
    ) -> Event | None:
        """Take over the state that `verb` led to elsewhere. Only an imported report (`silent`) has a past.

        `words` are the table's own for that state, `reason` what it says of a delay or the archive.
        """
        case = self._case
        today = self.today(now or timezone.now())
        status = next(status for status, verbs in ENDS.items() if verb in verbs)
        with self.acting("inherit", by=by, now=case.received_at) as change:
            if not case.silent:
                raise NotAllowed(_("Hanya laporan dari tabel riwayat yang membawa keadaan dari tempat lain."))
            change.verb = verb
            change.row = TABLE[verb]
            change.particulars["told_as"] = words
            self._repeat(change, reason, status)
            if status == Status.WAITING:
                case.returns_to = change.status_from
                change.fields.add("returns_to")
            self._enter(change, status)
            if status in TERMINAL:
                self._stop(change)
                if verb == "archive":
                    change.particulars["ground"] = case.archive_ground = ground
                    change.fields.add("archive_ground")
            elif status != Status.IN_PROGRESS:
                if status == Status.ANSWERED:
                    self._stop(change, ClockKind.RESPOND)
                self._pause(change)
                self._start(change, ClockKind.REPORTER, first_day=today)
        return change.event

    def _repeat(self, change: Change, reason: str, status: Status) -> None:
        """The words of the office that had it. Who must answer needs something to answer to."""
        text = reason
        if not text and status == Status.WAITING:
            text = _("Kantor menunggu keterangan Anda; pertanyaannya tidak ikut dalam data lama.")
        if not text and status == Status.ANSWERED:
            text = _("Jawaban akhir sudah disampaikan; teksnya tidak ikut dalam data lama.")
        if text:
            change.particulars["stand_in"] = text != reason
            message = self._say(change, text, audience=Audience.PARTIES)
            Message.objects.filter(pk=message.pk).update(agency=self._case.handler)
