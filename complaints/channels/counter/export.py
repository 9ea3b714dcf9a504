"""Cases as rows of an SP4N-LAPOR! export, for one reader: who may not see a case does not find it here either, of a
secret one there is no word, and no name of an anonymous reporter.

What a name of a reporter shows is a look like any other: it is logged beside the case, and the reporter reads it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import override

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Level, Region
from complaints import privacy
from complaints.channels import registry
from complaints.channels.counter import sp4n, told
from complaints.models import Complaint, Event, Message, Publication

BATCH = 500
# Verb of the message that keeps the text of a report as an administrator elsewhere had edited it.
EDITED = "edited"


@dataclass(frozen=True)
class Export:
    """Which cases, and for whom. `office`: it and everything below; `year`: of receipt, None: all; `names`: with the
    names of reporters, for the given `reason`."""

    by: Actor
    office: Agency
    year: int | None = None
    names: bool = False
    reason: str = ""

    def rows(self) -> Iterator[Sequence[str]]:
        """The head and a row a case, oldest first; a page of cases at a time, each in its own transaction."""
        yield sp4n.COLUMNS
        last = 0
        while True:
            with transaction.atomic():
                page = list(self._cases().filter(pk__gt=last)[:BATCH])
                rows = list(self._page(page))
            yield from rows
            if len(page) < BATCH:
                return
            last = page[-1].pk

    def count(self) -> int:
        return self._cases().count()

    def log(self, form: str, now: datetime.datetime | None = None) -> None:
        """Who took what away, before the first byte leaves."""
        AuditEntry.objects.create(
            at=now or timezone.now(),
            who=self.by.user,
            acting_as=self.by.agency,
            what="export",
            subject_kind="agency",
            subject_id=self.office.pk,
            reason=self.reason,
            after={"cases": self.count(), "year": self.year, "names": self.names, "form": form},
        )

    def _cases(self) -> QuerySet[Complaint]:
        found = Complaint.objects.visible_to(self.by).held_under(self.office)
        if self.year is not None:
            first = datetime.datetime(self.year, 1, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
            found = found.filter(received_at__gte=first, received_at__lt=first.replace(year=self.year + 1))
        return found.select_related("handler", "place", "category", "not_for").order_by("pk")

    def _page(self, cases: list[Complaint]) -> Iterator[Sequence[str]]:
        names = privacy.names_of(cases, self.by, self.reason) if self.names else {}
        known = _Known.of(cases)
        for case in cases:
            yield known.row(case, names.get(case.pk, ""))


@dataclass(frozen=True)
class _Known:
    """What a page of cases needs beside itself, in five statements."""

    places: dict[str, Region]
    tops: dict[int, Agency]
    copies: dict[int, str]
    edited: dict[int, str]
    steps: dict[int, Event]
    said: dict[int, str]

    @classmethod
    def of(cls, cases: list[Complaint]) -> _Known:
        codes = {code for case in cases if case.place for code in case.place.codes_above}
        tops = {pk for case in cases for pk in [*case.handler.ids_above, case.handler.pk][1:2]}
        steps: dict[int, Event] = {}
        for event in Event.objects.filter(complaint__in=cases).exclude(status_to=F("status_from")).order_by("pk"):
            steps[event.complaint_id] = event
        messages = [event.particulars["message"] for event in steps.values() if event.particulars.get("message")]
        final = Message.objects.filter(complaint__in=cases, verb=EDITED, side=Message.Side.DESK).order_by("pk")
        return cls(
            places=Region.objects.in_bulk(codes),
            tops=Agency.objects.in_bulk(tops),
            copies=dict(Publication.objects.filter(complaint__in=cases).values_list("complaint_id", "body")),
            edited=dict(final.values_list("complaint_id", "body")),
            steps=steps,
            said=dict(Message.objects.filter(pk__in=messages).values_list("pk", "body")),
        )

    def row(self, case: Complaint, name: str) -> Sequence[str]:
        at = timezone.localtime(case.received_at, ZoneInfo(case.zone))
        top = self.tops.get(next(iter([*case.handler.ids_above, case.handler.pk][1:2]), 0), case.handler)
        text = sp4n.HIDDEN if case.secret else case.body
        final = self.copies.get(case.pk) or self.edited.get(case.pk) or case.body
        with override("id"):
            source = registry.name(case.channel)
        return (
            case.former_number or case.shown_number,
            at.strftime("%Y-%m-%d"),
            at.strftime("%H:%M:%S"),
            "" if case.anonymous else name,
            sp4n.kind_words(case.kind, case.supervised),
            str(case.category_id or ""),
            case.category.name if case.category else "",
            sp4n.HIDDEN if case.secret else case.title,
            text,
            sp4n.HIDDEN if case.secret else final,
            sp4n.type_words(case.anonymous, case.secret),
            source,
            top.name,
            str(case.handler.pk),
            case.handler.name,
            self._status(case),
            "" if case.secret else self._reason(case),
            *self._places(case),
        )

    def _status(self, case: Complaint) -> str:
        step = self.steps.get(case.pk)
        words = str(step.particulars.get("told_as", "")) if step is not None else ""
        return words or told.words_of(case.status, step.verb if step is not None else "")

    def _reason(self, case: Complaint) -> str:
        """Why it waits, or why it was archived; what else the office said is no reason."""
        step = self.steps.get(case.pk)
        if step is None or step.verb not in ("ask", "archive", "withdraw", "expire"):
            return ""
        if step.particulars.get("stand_in"):
            return ""
        said = self.said.get(step.particulars.get("message") or 0, "")
        return told.ground_words(case.archive_ground, said) if step.verb == "archive" else said

    def _places(self, case: Complaint) -> list[str]:
        """Provinsi, kota/kabupaten, kecamatan, kelurahan; blank where the place is wider."""
        around = [self.places[code] for code in case.place.codes_above] if case.place else []
        wide = [Level.PROVINSI], [Level.KABUPATEN, Level.KOTA], [Level.KECAMATAN], [Level.KELURAHAN, Level.DESA]
        return [next((one.name for one in around if one.level in levels), "") for levels in wide]
