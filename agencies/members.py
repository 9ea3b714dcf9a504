"""The verbs on officers: appoint, confirm, end; and the decrees they rest on. Each writes its audit row with it.

A coordinator appoints LIAISON and HEAD of the subtree; COORDINATOR only the level above; NATIONAL and OBSERVER the
centre. Nobody changes the own membership, and the last who decides at an office is not ended without a successor.
"""

from __future__ import annotations

import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Decree, Membership, MembershipQuerySet, Programme, Role, User
from agencies.permissions import Capability, capability_to_manage, membership_may
from agencies.signals import membership_begun, membership_ended

# Roles of which an office must keep one.
KEPT = (Role.COORDINATOR, Role.NATIONAL)


class Refused(Exception):
    """An act on the map that was not done, with a sentence for the person who tried; `field` names the form's."""

    def __init__(self, message: str | Promise, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class NotAllowed(Refused):
    """This actor may not do it at all (403)."""


def may_manage(by: Actor, agency: Agency, role: Role) -> bool:
    if by.is_system:
        return True
    return by.membership is not None and membership_may(by.membership, capability_to_manage(role), agency)


def roles_to_give(by: Actor, agency: Agency) -> list[Role]:
    """The roles this actor may give somebody at this office."""
    at_root = agency.parent_id is None
    fitting = (Role.NATIONAL, Role.OBSERVER) if at_root else tuple(role for role in Role if role != Role.NATIONAL)
    return [role for role in fitting if may_manage(by, agency, role)]


def appoint(
    *,
    by: Actor,
    agency: Agency,
    role: Role,
    email: str,
    name: str = "",
    title: str = "",
    programme: Programme | None = None,
    decree: Decree | None = None,
    starts_on: datetime.date | None = None,
) -> Membership:
    """Give somebody a role at an office; an account is made for an address that has none. Raises Refused.

    `programme`: an observer who reads its cases alone; None: no such limit.
    """
    today = timezone.localdate()
    _ask(by, agency, role)
    if not agency.is_active_on(today):
        raise Refused(_("Kantor ini sudah berakhir."), "agency")
    if role not in roles_to_give(by, agency):
        raise Refused(_("Peran ini tidak ada di kantor ini."), "role")
    if decree is not None and not agency.is_under(decree.agency):
        raise Refused(_("Keputusan itu tidak berlaku di kantor ini."), "decree")
    if programme is not None and role != Role.OBSERVER:
        raise Refused(_("Hanya pengawas yang bisa dibatasi pada satu program."), "programme")
    if programme is not None and not programme.is_active_on(today):
        raise Refused(_("Program itu belum mulai atau sudah berakhir."), "programme")
    email = email.strip().lower()
    with transaction.atomic():
        user = User.objects.filter(email=email).first()
        if user is not None and by.user is not None and user.pk == by.user.pk:
            raise Refused(_("Anda tidak bisa mengubah keanggotaan Anda sendiri."), "email")
        if user is None:
            user = User.objects.create_user(email, None, name=name)
        elif not user.is_active:
            raise Refused(_("Akun dengan alamat ini sudah ditutup."), "email")
        elif name and not user.name:
            user.name = name
            user.save(update_fields=["name"])
        if not EmailAddress.objects.filter(user=user).exists():
            # The code that lets them in the first time proves the address too; without this row it would ask twice.
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
        held = Membership.objects.appointed().filter(user=user, agency=agency, role=role, programme=programme)
        if held.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today)).exists():
            raise Refused(_("Orang ini sudah memegang peran itu di kantor ini."), "email")
        membership = Membership.objects.create(
            user=user,
            agency=agency,
            role=role,
            title=title,
            programme=programme,
            decree=decree,
            starts_on=starts_on or today,
            confirmed_on=today,
        )
        _audit(by, "appoint", membership, after=_said(membership))
        membership_begun.send(sender=Membership, membership=membership, by=by)
    return membership


def confirm(membership: Membership, *, by: Actor, decree: Decree | None = None) -> None:
    """Say that it still holds, resting on the decree given or on the newest that amends its own. Raises Refused."""
    _ask(by, membership.agency, Role(membership.role), membership)
    with transaction.atomic():
        before = _said(membership)
        membership.decree = decree or newest_of(membership.decree)
        membership.confirmed_on = timezone.localdate()
        membership.save(update_fields=["decree", "confirmed_on"])
        _audit(by, "confirm_membership", membership, before=before, after=_said(membership))


def end(membership: Membership, *, by: Actor, day: datetime.date | None = None, reason: str = "") -> None:
    """End it on a day (None: today; from that day it no longer holds). Raises Refused.

    Announced at once if the day has come; a later day is announced by the sweep when it comes.
    """
    from agencies.leaves import follow_end

    _ask(by, membership.agency, Role(membership.role), membership)
    today = timezone.localdate()
    day = day or today
    if day < today:
        raise Refused(_("Hari terakhir tidak bisa di masa lalu."), "day")
    with transaction.atomic():
        # Whoever ends another coordinator of this office waits here.
        Agency.objects.select_for_update().get(pk=membership.agency_id)
        membership = Membership.objects.select_related("agency", "user", "programme").get(pk=membership.pk)
        if membership.ends_on is not None and membership.ends_on <= today:
            raise Refused(_("Keanggotaan ini sudah berakhir."))
        # Whoever stands in for a time is no successor.
        current = Membership.objects.current(today).appointed()
        others = current.filter(agency=membership.agency, role=membership.role)
        lasting = others.exclude(pk=membership.pk).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        if membership.acting_for_id is None and membership.role in KEPT and not lasting.exists():
            raise Refused(
                _("%(name)s satu-satunya %(role)s di %(office)s. Angkat penggantinya dulu.")
                % {"name": membership.user, "role": membership.shown_role, "office": membership.agency.name}
            )
        before = _said(membership)
        membership.ends_on = max(day, membership.starts_on)
        membership.save(update_fields=["ends_on"])
        _audit(by, "end_membership", membership, reason=reason, before=before, after=_said(membership))
        follow_end(membership, day, by=by)
        if day <= today:
            membership_ended.send(sender=Membership, membership=membership, by=by, day=day)


def record_decree(
    *,
    by: Actor,
    agency: Agency,
    number: str,
    decided_on: datetime.date,
    about: str,
    amends: Decree | None = None,
    file: Any = None,
) -> Decree:
    """A decree of this office. What rests on the one it amends is then to be confirmed. Raises Refused."""
    if by.membership is None or not membership_may(by.membership, Capability.MANAGE_OFFICERS, agency):
        raise NotAllowed(_("Anda tidak berwenang mencatat keputusan di kantor ini."))
    if decided_on > timezone.localdate():
        raise Refused(_("Tanggal keputusan tidak bisa di masa depan."), "decided_on")
    if amends is not None and (amends.agency_id != agency.pk or amends.decided_on > decided_on):
        raise Refused(_("Pilih keputusan kantor ini yang lebih lama."), "amends")
    if Decree.objects.filter(agency=agency, number=number).exists():
        raise Refused(_("Keputusan dengan nomor itu sudah dicatat."), "number")
    with transaction.atomic():
        decree = Decree.objects.create(
            agency=agency, number=number, decided_on=decided_on, about=about, amends=amends, file=file or ""
        )
        AuditEntry.objects.create(
            who=by.user,
            acting_as=by.agency,
            what="record_decree",
            subject_kind="decree",
            subject_id=decree.pk,
            after={"number": number, "decided_on": decided_on.isoformat(), "amends": amends and amends.number},
        )
    return decree


def newest_of(decree: Decree | None) -> Decree | None:
    """The last of the chain of decrees that amend this one; itself if none does."""
    while decree is not None:
        later = decree.amended_by.order_by("-decided_on").first()
        if later is None:
            return decree
        decree = later
    return None


def to_confirm(memberships: MembershipQuerySet) -> MembershipQuerySet:
    """Current memberships whose decree was amended after they were last confirmed."""
    amended = Q(decree__amended_by__isnull=False)
    stale = Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=F("decree__amended_by__decided_on"))
    return memberships.filter(amended & stale).distinct()


def on_valid_decree() -> Q:
    """As a filter: rests on a decree that no later one amends, or was confirmed since."""
    amended = Exists(Decree.objects.filter(amends=OuterRef("decree")))
    newer = Exists(Decree.objects.filter(amends=OuterRef("decree"), decided_on__gt=OuterRef("confirmed_on")))
    return Q(decree__isnull=False) & (~Q(amended) | Q(confirmed_on__isnull=False) & ~Q(newer))


def _ask(by: Actor, agency: Agency, role: Role, membership: Membership | None = None) -> None:
    if not may_manage(by, agency, role):
        raise NotAllowed(_("Anda tidak berwenang mengatur petugas ini."))
    if membership is not None and by.user is not None and membership.user_id == by.user.pk:
        raise Refused(_("Anda tidak bisa mengubah keanggotaan Anda sendiri."))


def _said(membership: Membership) -> dict[str, Any]:
    return {
        "user": membership.user_id,
        "agency": membership.agency_id,
        "role": membership.role,
        "title": membership.title,
        "programme": membership.programme_id,
        "decree": membership.decree_id,
        "starts_on": membership.starts_on.isoformat(),
        "ends_on": membership.ends_on.isoformat() if membership.ends_on else None,
    }


def _audit(
    by: Actor,
    what: str,
    membership: Membership,
    *,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    AuditEntry.objects.create(
        who=by.user,
        acting_as=by.agency,
        what=what,
        subject_kind="membership",
        subject_id=membership.pk,
        reason=reason,
        before=before,
        after=after,
    )
