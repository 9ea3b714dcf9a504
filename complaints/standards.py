"""Change what the law promises: a standard is never rewritten, a new one begins on a date.

The centre sets any of them. A district's coordinator sets its own, and only fewer days than the country's (house rule:
a district's may be tighter, never looser); docs/keputusan/0017.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry
from agencies.models.agency import PEMDA
from agencies.permissions import Capability, membership_may
from complaints.models import ServiceStandard
from complaints.models.reference import PROMISED
from complaints.signals import standard_set


def set_standard(
    *,
    by: Actor,
    kind: str,
    supervised: bool,
    clock: str,
    working_days: int,
    starts_on: datetime.date,
    legal_basis: str,
    agency: Agency | None = None,
) -> ServiceStandard:
    """From `starts_on` new promises are made with these days; running ones keep theirs. Raises NotAllowed, Refused.

    A district's is never looser than the country's; one that says the same ends a tighter one.
    """
    centre = _may(by, Capability.MANAGE_STANDARDS, Agency.objects.root())
    if not centre and (agency is None or not may_tighten(by, agency)):
        raise NotAllowed(_("Standar hanya diatur oleh admin nasional."))
    with transaction.atomic():
        same = ServiceStandard.objects.filter(kind=kind, supervised=supervised, clock=clock)
        if same.filter(agency=agency, starts_on=starts_on).exists():
            raise Refused(_("Sudah ada standar yang mulai hari itu."), "starts_on")
        if not centre and starts_on < timezone.localdate():
            raise Refused(_("Janji mulai paling cepat hari ini."), "starts_on")
        before = same.filter(agency=agency, starts_on__lte=starts_on).order_by("-starts_on").first()
        if agency is not None:
            national = same.filter(agency=None, starts_on__lte=starts_on).order_by("-starts_on").first()
            _is_tighter(clock, working_days, national, before)
        standard = ServiceStandard.objects.create(
            kind=kind,
            supervised=supervised,
            clock=clock,
            agency=agency,
            working_days=working_days,
            starts_on=starts_on,
            legal_basis=legal_basis,
        )
        AuditEntry.objects.create(
            who=by.user,
            acting_as=by.agency,
            what="set_standard",
            subject_kind="standard",
            subject_id=standard.pk,
            before=_said(before) if before else None,
            after=_said(standard),
        )
        standard_set.send(sender=ServiceStandard, standard=standard)
    return standard


def may_tighten(by: Actor, agency: Agency) -> bool:
    """A pemda's own promises, by whoever coordinates it."""
    return agency.kind in PEMDA and _may(by, Capability.TIGHTEN_STANDARDS, agency)


def _may(by: Actor, capability: Capability, agency: Agency) -> bool:
    return by.membership is not None and membership_may(by.membership, capability, agency)


def _is_tighter(
    clock: str, working_days: int, national: ServiceStandard | None, before: ServiceStandard | None
) -> None:
    """Raises Refused."""
    if clock not in PROMISED:
        raise Refused(_("Daerah hanya memperketat janjinya sendiri, bukan waktu pelapor atau koordinator."), "clock")
    if national is None:
        return
    if working_days > national.working_days:
        raise Refused(
            _("Daerah boleh lebih ketat, tidak lebih longgar: paling lama %(days)d hari kerja.")
            % {"days": national.working_days},
            "working_days",
        )
    if working_days == national.working_days and (before is None or before.working_days >= working_days):
        raise Refused(
            _("Ini sama dengan janji nasional: %(days)d hari kerja. Tulis yang lebih sedikit.")
            % {"days": working_days},
            "working_days",
        )


def _said(standard: ServiceStandard) -> dict[str, str | int | bool | None]:
    return {
        "kind": standard.kind,
        "supervised": standard.supervised,
        "clock": standard.clock,
        "agency": standard.agency_id,
        "days": standard.working_days,
        "starts_on": standard.starts_on.isoformat(),
        "legal_basis": standard.legal_basis,
    }
