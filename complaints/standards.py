"""Change what the law promises: a standard is never rewritten, a new one begins on a date."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry
from agencies.permissions import Capability, membership_may
from complaints.models import ServiceStandard


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
    """From `starts_on` new promises are made with these days; running ones keep theirs. Raises Refused.

    A district's may be tighter than the country's on its first day, never looser.
    """
    if by.membership is None or not membership_may(by.membership, Capability.MANAGE_STANDARDS, Agency.objects.root()):
        raise NotAllowed(_("Standar hanya diatur oleh admin nasional."))
    with transaction.atomic():
        same = ServiceStandard.objects.filter(kind=kind, supervised=supervised, clock=clock)
        if same.filter(agency=agency, starts_on=starts_on).exists():
            raise Refused(_("Sudah ada standar yang mulai hari itu."), "starts_on")
        if agency is not None:
            national = same.filter(agency=None, starts_on__lte=starts_on).order_by("-starts_on").first()
            if national is not None and working_days > national.working_days:
                raise Refused(
                    _("Daerah boleh lebih ketat, tidak lebih longgar: paling lama %(days)d hari kerja.")
                    % {"days": national.working_days},
                    "working_days",
                )
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
            after={"kind": kind, "clock": clock, "days": working_days, "starts_on": starts_on.isoformat()},
        )
    return standard
