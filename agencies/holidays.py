"""The verbs on the calendar. Each change writes its audit row and is announced inside its transaction."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.loading import Outcome
from agencies.loading.holidays import load_holidays
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Holiday, Region
from agencies.permissions import Capability, membership_may
from agencies.signals import calendar_changed


def add(
    *, by: Actor, date: datetime.date, name: str, kind: str, region: Region | None = None, estimated: bool = False
) -> Holiday:
    """One more day off, of the country or of a region. Raises Refused."""
    _ask(by)
    with transaction.atomic():
        if Holiday.objects.filter(date=date, region=region).exists():
            raise Refused(_("Hari itu sudah tercatat sebagai hari libur."), "date")
        holiday = Holiday.objects.create(date=date, name=name, kind=kind, region=region, estimated=estimated)
        _audit(by, "add_holiday", holiday.pk, {"date": date.isoformat(), "name": name, "region": holiday.region_id})
        calendar_changed.send(sender=Holiday, years={date.year}, region=region)
    return holiday


def remove(holiday: Holiday, *, by: Actor) -> None:
    """The day is a working day again. A date already promised is never brought forward by it. Raises Refused."""
    _ask(by)
    with transaction.atomic():
        said = {"date": holiday.date.isoformat(), "name": holiday.name, "region": holiday.region_id}
        _audit(by, "remove_holiday", holiday.pk, said)
        years, region = {holiday.date.year}, holiday.region
        holiday.delete()
        calendar_changed.send(sender=Holiday, years=years, region=region)


def load(lines: Iterable[str], *, by: Actor, region: Region | None = None) -> Outcome:
    """A whole year or more from a table. Raises Refused."""
    _ask(by)
    with transaction.atomic():
        outcome = load_holidays(lines, region)
        if outcome.added or outcome.changed or outcome.ended:
            said = {"added": outcome.added, "changed": outcome.changed, "removed": outcome.ended}
            _audit(by, "load_holidays", None, {**said, "region": region.pk if region else None})
    return outcome


def _ask(by: Actor) -> None:
    if by.is_system:
        return
    if by.membership is None or not membership_may(by.membership, Capability.MANAGE_HOLIDAYS, Agency.objects.root()):
        raise NotAllowed(_("Kalender hanya diatur oleh admin nasional."))


def _audit(by: Actor, what: str, pk: int | None, said: Mapping[str, object]) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="holiday", subject_id=pk, after=dict(said)
    )
