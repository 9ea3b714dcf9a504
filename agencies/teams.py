"""The teams that read disclosures (WBS): who sits in one, who appoints, and where a team may be.

A team sits at a pemda's inspectorate or at the centre. The centre appoints to any, the head of an inspectorate to the
own; nobody themselves, and once a team has been one two persons change it (docs/keputusan/0037). Two must be able to
read a disclosure before a team gets it: a name is opened by two persons.
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
    """Seat an officer of this office in its team: at once while the team is being founded. Once it has been one (two
    ever sat in it), a second person has to agree (`approve`), and the others are told before anybody new reads. Raises
    Refused."""
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
        waits = has_been_one(agency) and not by.is_system
        member = TeamMember.objects.create(
            user=user,
            agency=agency,
            decree=decree,
            starts_on=today + datetime.timedelta(days=1) if waits else today,
            appointed_by=by.user,
            appointed_at=now,
            asked_for=TeamMember.Asked.SEAT if waits else "",
            asked_by=by.user if waits else None,
        )
        _audit(by, "ask_team_member" if waits else "appoint_team_member", member, now)
    return member


def has_been_one(agency: Agency) -> bool:
    """Two ever sat in its team, whoever sits there now: who ended them all is not alone with whom comes next."""
    seated = TeamMember.objects.filter(agency=agency).exclude(asked_for=TeamMember.Asked.SEAT)
    # One who was asked for and refused never sat.
    seated = seated.exclude(approved_by=None, asked_by__isnull=False, asked_for="")
    return seated.values("user").distinct().count() >= FEWEST


def approve(member: TeamMember, *, by: Actor, now: datetime.datetime | None = None) -> TeamMember:
    """The second person's word: the new member reads from tomorrow, the one to go from today no more. Raises
    Refused."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    _ask(by, member.agency, member.user)
    with transaction.atomic():
        member = _locked(member)
        if not member.asked_for:
            raise Refused(_("Tidak ada perubahan yang menunggu."))
        if by.user is None or by.user.pk == member.asked_by_id:
            raise NotAllowed(_("Usul Anda sendiri harus disetujui orang lain."))
        seats = member.asked_for == TeamMember.Asked.SEAT
        if seats:
            member.starts_on = today + datetime.timedelta(days=1)
        else:
            member.ends_on = max(today, member.starts_on)
        member.asked_for, member.approved_by = "", by.user
        member.save(update_fields=["asked_for", "approved_by", "starts_on", "ends_on"])
        what = "appoint_team_member" if seats else "end_team_member"
        _audit(by, what, member, now, reason=member.asked_reason)
    return member


def call_off(member: TeamMember, *, by: Actor, now: datetime.datetime | None = None) -> TeamMember:
    """What was asked for does not happen: by whoever asked, or by who would have to agree. Raises Refused."""
    now = now or timezone.now()
    _ask(by, member.agency, member.user)
    with transaction.atomic():
        member = _locked(member)
        if not member.asked_for:
            raise Refused(_("Tidak ada perubahan yang menunggu."))
        if member.asked_for == TeamMember.Asked.SEAT:
            member.ends_on = member.starts_on
        else:
            member.asked_by, member.asked_reason = None, ""
        member.asked_for = ""
        member.save(update_fields=["asked_for", "asked_by", "asked_reason", "ends_on"])
        _audit(by, "call_off_team_change", member, now)
    return member


def _locked(member: TeamMember) -> TeamMember:
    return TeamMember.objects.select_for_update(of=("self",)).select_related("user", "agency").get(pk=member.pk)


def end(member: TeamMember, *, by: Actor, reason: str, now: datetime.datetime | None = None) -> None:
    """Ask that it no longer holds; it holds until a second person agrees (`approve`). Raises Refused."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    _ask(by, member.agency, member.user)
    if not reason.strip():
        raise Refused(_("Tulis alasannya."), "reason")
    with transaction.atomic():
        member = _locked(member)
        if member.ends_on is not None and member.ends_on <= today:
            raise Refused(_("Keanggotaan ini sudah berakhir."))
        if member.asked_for:
            raise Refused(_("Sudah ada perubahan yang menunggu persetujuan orang kedua."))
        if by.is_system:
            member.ends_on = max(today, member.starts_on)
            member.save(update_fields=["ends_on"])
            _audit(by, "end_team_member", member, now, reason=reason.strip()[:300])
            return
        member.asked_for, member.asked_by = TeamMember.Asked.END, by.user
        member.asked_reason, member.approved_by = reason.strip()[:300], None
        member.save(update_fields=["asked_for", "asked_by", "asked_reason", "approved_by"])
        _audit(by, "ask_end_team_member", member, now, reason=member.asked_reason)


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
