"""Which priority programmes a case belongs to: tag, untag."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor
from agencies.models import Programme, Role
from complaints.models.event import Audience, Event
from complaints.models.tag import Tag
from complaints.transitions import Incomplete, NotAllowed

from .acting import Change, clean_text
from .promises import Promises


class Tagging(Promises):
    def tag(
        self, programme: Programme, *, by: Actor, reason: str, now: datetime.datetime | None = None
    ) -> Event | None:
        """Gather the case under a programme in force: its observers may read it from now on, masked."""
        with self.acting("tag", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
            self._say_why(change, programme, reason)
            if not programme.is_active_on(self.today(change.now)):
                raise Incomplete("programme", _("Program ini belum mulai atau sudah berakhir."))
            _tag, is_new = Tag.objects.get_or_create(
                complaint=self._case, programme=programme, removed_at=None, defaults={"placed_at": change.now}
            )
            if not is_new:
                raise Incomplete("programme", _("Laporan ini sudah ditandai program itu."))
            self._tighten_for_programmes(change)
        return change.event

    def untag(
        self, programme: Programme, *, by: Actor, reason: str, now: datetime.datetime | None = None
    ) -> Event | None:
        """Take it out again, also of a programme that has ended."""
        with self.acting("untag", by=by, now=now, audience=Audience.OFFICERS, bumps=False) as change:
            self._say_why(change, programme, reason)
            gone = Tag.objects.current().filter(complaint=self._case, programme=programme)
            if not gone.update(removed_at=change.now):
                raise Incomplete("programme", _("Laporan ini tidak ditandai program itu."))
        return change.event

    def _say_why(self, change: Change, programme: Programme, reason: str) -> None:
        """Only about a text one may read: of a secret case elsewhere the centre is shown its number alone."""
        case, by = self._case, change.by
        if case.secret and by.role is Role.NATIONAL and by.agency != case.handler:
            raise NotAllowed(_("Laporan rahasia di kantor lain hanya bisa ditandai koordinatornya."))
        text = clean_text(reason)
        if not text:
            raise Incomplete("reason", _("Tulis alasannya"))
        change.particulars |= {"programme": programme.pk, "programme_name": programme.name, "reason": text}
