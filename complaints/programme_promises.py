"""What a priority programme promises for its cases: fewer days than the country does, set by the centre (ADR 0040)."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Programme
from agencies.permissions import Capability, membership_may
from complaints.models import Kind, ProgrammePromise, ServiceStandard


@transaction.atomic
def set_promise(
    programme: Programme,
    *,
    by: Actor,
    clock: str,
    working_days: int,
    starts_on: datetime.date,
    legal_basis: str,
    today: datetime.date | None = None,
) -> ProgrammePromise:
    """From `starts_on` promises of its cases that begin have these days; running ones keep theirs. 0 days: none of its
    own any more. Raises NotAllowed, Refused."""
    if by.membership is None or not membership_may(by.membership, Capability.MANAGE_STANDARDS, Agency.objects.root()):
        raise NotAllowed(_("Janji program hanya diatur oleh admin nasional."))
    today = today or timezone.localdate()
    if starts_on < today:
        raise Refused(_("Janji mulai paling cepat hari ini."), "starts_on")
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if programme.ends_on is not None and starts_on >= programme.ends_on:
        raise Refused(_("Program ini sudah berakhir pada tanggal itu."), "starts_on")
    own = ProgrammePromise.objects.filter(programme=programme, clock=clock)
    if own.filter(starts_on=starts_on).exists():
        raise Refused(_("Sudah ada janji yang mulai hari itu."), "starts_on")
    before = own.on(starts_on).order_by("-starts_on").first()
    if not working_days:
        if before is None or not before.working_days:
            raise Refused(_("Belum ada janji yang bisa diakhiri."), "working_days")
    else:
        national = ServiceStandard.objects.in_force(Kind.PENGADUAN, False, clock, None, starts_on)
        if working_days >= national.working_days:
            raise Refused(
                _("Harus lebih sedikit daripada janji nasional, %(days)s hari kerja.")
                % {"days": national.working_days},
                "working_days",
            )
    made = ProgrammePromise.objects.create(
        programme=programme, clock=clock, working_days=working_days, starts_on=starts_on, legal_basis=legal_basis
    )
    AuditEntry.objects.create(
        who=by.user,
        acting_as=by.agency,
        what="programme_promise",
        subject_kind="programme",
        subject_id=programme.pk,
        before={"clock": clock, "working_days": before.working_days} if before else None,
        after={
            "clock": clock,
            "working_days": working_days,
            "starts_on": starts_on.isoformat(),
            "legal_basis": legal_basis,
        },
    )
    return made
