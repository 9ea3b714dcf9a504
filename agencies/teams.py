"""The teams that read disclosures (WBS): who sits in one, who appoints, and where a team may be.

A team sits at a pemda's inspectorate or at the centre. The centre appoints to any, the head of an inspectorate to the
own; nobody themselves. Two must be able to read a disclosure before a team gets it: a name is opened by two persons.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Decree, Membership, Region, Role, TeamMember, TeamMemberQuerySet, User
from agencies.models.agency import PEMDA
from agencies.permissions import Capability, membership_may

INSPECTORATE = "inspektorat"
FEWEST, MOST = 2, 5


def is_team_office(agency: Agency) -> bool:
    return agency.parent_id is None or agency.urusan == INSPECTORATE


def may_manage(membership: Membership | None, agency: Agency) -> bool:
    """Appoint and end members of this office's team."""
    if membership is None or not is_team_office(agency):
        return False
    if membership_may(membership, Capability.MANAGE_TEAMS, agency):
        return True
    # A deputy stands in for answers and promises, not for who may read disclosures.
    return membership.role == Role.HEAD and membership.agency_id == agency.pk and membership.acting_for_id is None


def seat_of(actor: Actor, day: datetime.date | None = None) -> TeamMember | None:
    """The seat in the team of the office the actor acts for; None: not in it. A machine sits in none."""
    if actor.user is None or actor.agency is None or actor.membership is None:
        return None
    return TeamMember.objects.current(day).filter(user=actor.user, agency=actor.agency).first()


def inspectorate_of(accused: Agency | None, place: Region | None, day: datetime.date) -> Agency | None:
    """The inspectorate that may look into what an office did; None: the centre must (case.md section 5)."""
    pemda = None
    if accused is not None:
        chain = Agency.objects.filter(pk__in=[*accused.ids_above, accused.pk]).order_by("-path_length")
        pemda = next((one for one in chain if one.kind in PEMDA), None)
        if pemda is None or accused.pk in (pemda.pk, pemda.coordinators_at_id):
            return None
    elif place is not None:
        pemda = Agency.objects.serving(place).active_on(day).first()
    if pemda is None:
        return None
    found = Agency.objects.under(pemda).active_on(day).filter(urusan=INSPECTORATE).first()
    return None if found is None or (accused is not None and found.is_under(accused)) else found


def readers(
    team: Agency, accused: Agency | None, unseeing: set[int], day: datetime.date | None = None
) -> TeamMemberQuerySet:
    """Members of this team who may read a disclosure about `accused`: no seat of theirs lies under it, and it does not
    name them."""
    found = TeamMember.objects.current(day).filter(agency=team).exclude(user__in=unseeing)
    if accused is not None:
        seats = Membership.objects.current(day).filter(agency__path__startswith=accused.path)
        found = found.exclude(user__in=seats.values("user"))
    return found.select_related("user", "agency")


def appoint(
    *, by: Actor, agency: Agency, user: User, decree: Decree, now: datetime.datetime | None = None
) -> TeamMember:
    """Seat an officer of this office in its team. From today while the team is not yet one, else from tomorrow, so that
    the others know before anybody new reads. Raises Refused."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    _ask(by, agency, user)
    if not Membership.objects.current(today).appointed().filter(user=user, agency=agency).exists():
        raise Refused(_("Anggota tim harus petugas kantor itu."), "user")
    if not agency.is_under(decree.agency):
        raise Refused(_("Keputusan itu tidak berlaku di kantor ini."), "decree")
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        sitting = TeamMember.objects.filter(agency=agency).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
        if sitting.filter(user=user).exists():
            raise Refused(_("Orang ini sudah anggota tim itu."), "user")
        if sitting.count() >= MOST:
            raise Refused(_("Tim paling banyak lima orang. Akhiri satu anggota dulu."))
        begun = TeamMember.objects.current(today).filter(agency=agency).count() >= FEWEST
        member = TeamMember.objects.create(
            user=user,
            agency=agency,
            decree=decree,
            starts_on=today + datetime.timedelta(days=1) if begun else today,
            appointed_by=by.user,
            appointed_at=now,
        )
        _audit(by, "appoint_team_member", member, now)
    return member


def end(member: TeamMember, *, by: Actor, reason: str, now: datetime.datetime | None = None) -> None:
    """From today it no longer holds. Raises Refused."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    _ask(by, member.agency, member.user)
    if not reason.strip():
        raise Refused(_("Tulis alasannya."), "reason")
    with transaction.atomic():
        member = TeamMember.objects.select_for_update(of=("self",)).select_related("user", "agency").get(pk=member.pk)
        if member.ends_on is not None and member.ends_on <= today:
            raise Refused(_("Keanggotaan ini sudah berakhir."))
        member.ends_on = max(today, member.starts_on)
        member.save(update_fields=["ends_on"])
        _audit(by, "end_team_member", member, now, reason=reason.strip()[:300])


def _ask(by: Actor, agency: Agency, user: User) -> None:
    if not by.is_system and not may_manage(by.membership, agency):
        raise NotAllowed(_("Anda tidak berwenang mengatur tim ini."))
    if by.user is not None and by.user.pk == user.pk:
        raise Refused(_("Anda tidak bisa mengubah keanggotaan Anda sendiri."), "user")


def _audit(by: Actor, what: str, member: TeamMember, now: datetime.datetime, reason: str = "") -> None:
    after: dict[str, Any] = {
        "user": member.user_id,
        "agency": member.agency_id,
        "decree": member.decree_id,
        "starts_on": member.starts_on.isoformat(),
        "ends_on": member.ends_on.isoformat() if member.ends_on else None,
    }
    AuditEntry.objects.create(
        at=now,
        who=by.user,
        acting_as=by.agency,
        what=what,
        subject_kind="team_member",
        subject_id=member.pk,
        reason=reason,
        after=after,
    )
