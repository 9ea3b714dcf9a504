"""The verbs on leave: enter it, name a deputy, agree, cut it short; and at which offices nobody will be.

A deputy holds the rights of the absent officer only through a membership of their own with the days of the leave
(`Leave.lent`), so that everything that asks for a current membership asks it of them too (docs/keputusan/0030). Whoever
enters a leave names no one into a right: a colleague has one there already, and for anybody else somebody above agrees.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused, may_manage
from agencies.models import Agency, AuditEntry, Leave, LeaveQuerySet, Membership, MembershipQuerySet, Role, User
from agencies.models.agency import OFFICERS
from agencies.signals import membership_begun, membership_ended

# Longer than this an office needs a successor, not a deputy.
LONGEST = 180
# A leave is entered so far ahead at most.
AHEAD = 366
# Nobody will be there: told so many days before.
WARNING = datetime.timedelta(days=5)


def enter(
    membership: Membership,
    *,
    by: Actor,
    starts_on: datetime.date,
    last_day: datetime.date,
    deputy: User | None = None,
    today: datetime.date | None = None,
) -> Leave:
    """Away from `starts_on` to `last_day`: one's own, or an officer's whom the actor may appoint. Raises Refused."""
    today = today or timezone.localdate()
    _ask(membership, by)
    if membership.role not in OFFICERS or membership.acting_for_id is not None:
        raise Refused(_("Cuti dicatat untuk pejabat penghubung, pimpinan, dan admin instansi."))
    if not membership.is_current_on(today):
        raise Refused(_("Keanggotaan ini sudah berakhir."))
    if starts_on < today:
        raise Refused(_("Hari pertama paling awal hari ini."), "starts_on")
    if starts_on > today + datetime.timedelta(days=AHEAD):
        raise Refused(_("Hari pertama paling jauh setahun dari sekarang."), "starts_on")
    if last_day < starts_on:
        raise Refused(_("Hari terakhir tidak bisa sebelum hari pertama."), "last_day")
    if (last_day - starts_on).days >= LONGEST:
        raise Refused(
            _("Paling lama %(days)d hari. Kalau lebih lama, minta diangkat petugas pengganti.") % {"days": LONGEST},
            "last_day",
        )
    ends_on = last_day + datetime.timedelta(days=1)
    with transaction.atomic():
        # Two at the same moment wait for each other here.
        Membership.objects.select_for_update().get(pk=membership.pk)
        if Leave.objects.filter(membership=membership, starts_on__lt=ends_on, ends_on__gt=starts_on).exists():
            raise Refused(_("Sudah ada cuti yang dicatat pada hari-hari itu."), "starts_on")
        leave = Leave.objects.create(membership=membership, starts_on=starts_on, ends_on=ends_on, entered_by=by.user)
        _audit(by, "enter_leave", leave, after=_said(leave))
        if deputy is not None:
            _name(leave, deputy, by=by, today=today)
    return leave


def name_deputy(leave: Leave, deputy: User, *, by: Actor, today: datetime.date | None = None) -> Leave:
    """Somebody, or somebody else, stands in from today on. Raises Refused."""
    today = today or timezone.localdate()
    _ask(leave.membership, by)
    with transaction.atomic():
        leave = _locked(leave, today)
        if leave.deputy_id == deputy.pk and leave.lent_id is not None:
            raise Refused(_("Orang itu sudah menjadi penggantinya."), "deputy")
        _take_back(leave, by=by, day=today, today=today)
        _name(leave, deputy, by=by, today=today)
    return leave


def approve(leave: Leave, *, by: Actor, today: datetime.date | None = None) -> Leave:
    """Whoever may appoint at that office agrees with the deputy who was named. Raises Refused."""
    today = today or timezone.localdate()
    if not _manages(leave.membership, by):
        raise NotAllowed(_("Anda tidak berwenang menyetujui pengganti ini."))
    with transaction.atomic():
        leave = _locked(leave, today)
        if not leave.waits or leave.deputy is None:
            raise Refused(_("Tidak ada pengganti yang menunggu persetujuan."))
        _check(leave, leave.deputy, by=by, today=today)
        if by.user is not None and by.user.pk in (leave.deputy_id, leave.membership.user_id):
            raise Refused(_("Orang lain yang harus menyetujui: ini tentang Anda sendiri."))
        _lend(leave, by=by, today=today)
    return leave


def cut_short(leave: Leave, *, by: Actor, today: datetime.date | None = None) -> Leave:
    """Back today; one that has not begun does not take place. The deputy's membership ends with it. Raises Refused."""
    today = today or timezone.localdate()
    _ask(leave.membership, by)
    with transaction.atomic():
        leave = _locked(leave, today)
        before = _said(leave)
        _take_back(leave, by=by, day=today, today=today)
        leave.ends_on = max(today, leave.starts_on)
        leave.save(update_fields=["ends_on"])
        _audit(by, "cut_leave", leave, before=before, after=_said(leave))
    return leave


def follow_end(membership: Membership, day: datetime.date, *, by: Actor) -> None:
    """A membership ends on this day: so do its leaves, who stands in for it, and what its holder stands in for without
    any appointment left in that tree. Called in the transaction of the end."""
    today = timezone.localdate()
    for leave in Leave.objects.select_for_update(of=("self",)).filter(membership=membership, ends_on__gt=day):
        _end_lent(leave, by=by, day=day, today=today)
        leave.ends_on = max(day, leave.starts_on)
        leave.save(update_fields=["ends_on"])
    if membership.acting_for_id is not None:
        return
    lent = Leave.objects.select_for_update(of=("self",)).filter(lent__user=membership.user_id, lent__ends_on__gt=day)
    for leave in lent.select_related("membership__agency"):
        node = _node_of(leave.membership.agency)
        left = appointed(node, day).filter(user=membership.user_id).exclude(pk=membership.pk)
        if not left.exists():
            _end_lent(leave, by=by, day=day, today=today)


def of_user(user: User, today: datetime.date) -> LeaveQuerySet:
    """Their own leaves that hold or will hold."""
    return _whole(Leave.objects.from_on(today).filter(membership__user=user))


def below(agencies: Any, today: datetime.date) -> LeaveQuerySet:
    """Leaves that hold or will hold at these offices."""
    return _whole(Leave.objects.from_on(today).filter(membership__agency__in=agencies))


def _whole(leaves: LeaveQuerySet) -> LeaveQuerySet:
    return leaves.select_related("membership__user", "membership__agency__parent", "deputy", "lent").order_by(
        "starts_on", "pk"
    )


def appointed(node: Agency, day: datetime.date) -> MembershipQuerySet:
    """Who holds an office's role in this tree by an appointment of their own."""
    return Membership.objects.current(day).filter(
        agency__path__startswith=node.path, role__in=OFFICERS, acting_for__isnull=True
    )


def colleagues(membership: Membership, day: datetime.date) -> list[User]:
    """Who may stand in without anybody's leave: the others of the office; for a coordinator only another one."""
    found = appointed(membership.agency, day).filter(agency=membership.agency).exclude(user=membership.user_id)
    if membership.role == Role.COORDINATOR:
        found = found.filter(role=Role.COORDINATOR)
    return list(User.objects.filter(pk__in=found.values("user")).order_by("name", "email"))


def officer_by_email(membership: Membership, email: str, day: datetime.date) -> User | None:
    """An officer of the same pemda or ministry with this address; None: there is none."""
    found = appointed(_node_of(membership.agency), day).filter(user__email=email.strip().lower())
    row = found.exclude(user=membership.user_id).select_related("user").first()
    return row.user if row is not None else None


def unmanned(leaves: Iterable[Leave], today: datetime.date) -> list[Leave]:
    """Those in whose first days nobody will be at the office (for a coordinator: nobody who decides there). An officer
    who is away still holds the office: cases stay, and somebody must be found. Two statements."""
    asked = list(leaves)
    if not asked:
        return []
    offices = {leave.membership.agency_id for leave in asked}
    last = max((leave.starts_on for leave in asked), default=today)
    rows = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today),
        agency__in=offices,
        role__in=OFFICERS,
        user__is_active=True,
        starts_on__lte=max(last, today),
    )
    members: dict[int, list[Membership]] = defaultdict(list)
    for row in rows:
        members[row.agency_id].append(row)
    # Who is away is so everywhere, also where they stand in for somebody.
    people = {row.user_id for there in members.values() for row in there}
    away: dict[int, list[Leave]] = defaultdict(list)
    for other in Leave.objects.from_on(today).filter(membership__user__in=people).select_related("membership"):
        away[other.membership.user_id].append(other)
    found = []
    for leave in asked:
        day, own = max(today, leave.starts_on), leave.membership
        there = [
            row
            for row in members[own.agency_id]
            if row.is_current_on(day)
            and (own.role != Role.COORDINATOR or row.role == Role.COORDINATOR)
            and not any(other.is_on(day) for other in away[row.user_id])
        ]
        if not there and own.is_current_on(day):
            found.append(leave)
    return found


def to_warn(today: datetime.date) -> list[Leave]:
    """Leaves near enough during which nobody will be there, and nobody was told of it."""
    near = Leave.objects.from_on(today).filter(warned_at__isnull=True, starts_on__lte=today + WARNING)
    return unmanned(_whole(near), today)


# --- Small things ---


def _ask(membership: Membership, by: Actor) -> None:
    own = by.user is not None and by.user.pk == membership.user_id
    if not own and not _manages(membership, by):
        raise NotAllowed(_("Anda tidak berwenang mencatat cuti petugas ini."))


def _manages(membership: Membership, by: Actor) -> bool:
    return may_manage(by, membership.agency, Role(membership.role))


def _locked(leave: Leave, today: datetime.date) -> Leave:
    rows = Leave.objects.select_for_update(of=("self",)).select_related(
        "membership__user", "membership__agency__parent", "deputy", "lent"
    )
    leave = rows.get(pk=leave.pk)
    if leave.is_over(today):
        raise Refused(_("Cuti ini sudah berakhir."))
    return leave


def _node_of(agency: Agency) -> Agency:
    """The pemda, ministry or other body right below the root that the office belongs to."""
    ids = [*agency.ids_above, agency.pk]
    return agency if len(ids) < 3 else Agency.objects.get(pk=ids[1])


def _check(leave: Leave, deputy: User, *, by: Actor, today: datetime.date) -> None:
    own = leave.membership
    if deputy.pk == own.user_id:
        raise Refused(_("Pengganti harus orang lain."), "deputy")
    if by.user is not None and by.user.pk == deputy.pk:
        raise Refused(_("Anda tidak bisa menunjuk diri sendiri. Minta rekan atau atasan Anda."), "deputy")
    if not deputy.is_active or not appointed(_node_of(own.agency), today).filter(user=deputy).exists():
        raise Refused(_("Pilih petugas yang sudah diangkat di instansi yang sama."), "deputy")
    theirs = Leave.objects.filter(
        membership__user=deputy, starts_on__lt=leave.ends_on, ends_on__gt=max(today, leave.starts_on)
    )
    if theirs.exists():
        raise Refused(_("%(name)s juga cuti pada hari-hari itu.") % {"name": deputy}, "deputy")


def _name(leave: Leave, deputy: User, *, by: Actor, today: datetime.date) -> None:
    _check(leave, deputy, by=by, today=today)
    before = _said(leave)
    leave.deputy, leave.warned_at = deputy, None
    leave.save(update_fields=["deputy", "warned_at"])
    _audit(by, "name_deputy", leave, before=before, after=_said(leave))
    own = by.user is not None and by.user.pk == leave.membership.user_id
    free = any(one.pk == deputy.pk for one in colleagues(leave.membership, today))
    if free or (not own and _manages(leave.membership, by)):
        _lend(leave, by=by, today=today)


def _lend(leave: Leave, *, by: Actor, today: datetime.date) -> None:
    own, deputy = leave.membership, leave.deputy
    assert deputy is not None
    begins = max(today, leave.starts_on)
    ends = leave.ends_on if own.ends_on is None else min(leave.ends_on, own.ends_on)
    # Nobody stands in longer than their own appointment lasts.
    lasting = list(appointed(_node_of(own.agency), today).filter(user=deputy).values_list("ends_on", flat=True))
    last = [day for day in lasting if day is not None]
    ends = ends if None in lasting else min(ends, max(last))
    if ends <= begins:
        raise Refused(_("Pengangkatan %(name)s berakhir sebelum cuti ini mulai.") % {"name": deputy}, "deputy")
    leave.lent = Membership.objects.create(
        user=deputy,
        agency=own.agency,
        role=own.role,
        title=own.title,
        acting_for=own,
        starts_on=begins,
        ends_on=ends,
        confirmed_on=today,
    )
    leave.save(update_fields=["lent"])
    AuditEntry.objects.create(
        who=by.user,
        acting_as=by.agency,
        what="deputise",
        subject_kind="membership",
        subject_id=leave.lent.pk,
        after={"leave": leave.pk, "user": deputy.pk, "acting_for": own.pk}
        | {"starts_on": begins.isoformat(), "ends_on": ends.isoformat()},
    )
    membership_begun.send(sender=Membership, membership=leave.lent, by=by)


def _take_back(leave: Leave, *, by: Actor, day: datetime.date, today: datetime.date) -> None:
    """Who stood in stands in no more; the leave is without a deputy."""
    _end_lent(leave, by=by, day=day, today=today)
    if leave.lent_id is not None or leave.deputy_id is not None:
        leave.lent, leave.deputy = None, None
        leave.save(update_fields=["lent", "deputy"])


def _end_lent(leave: Leave, *, by: Actor, day: datetime.date, today: datetime.date) -> None:
    lent = leave.lent
    if lent is None or (lent.ends_on is not None and lent.ends_on <= day):
        return
    before = {"ends_on": lent.ends_on.isoformat() if lent.ends_on else None}
    lent.ends_on = max(day, lent.starts_on)
    lent.save(update_fields=["ends_on"])
    AuditEntry.objects.create(
        who=by.user,
        acting_as=by.agency,
        what="end_deputising",
        subject_kind="membership",
        subject_id=lent.pk,
        before=before,
        after={"ends_on": lent.ends_on.isoformat()},
    )
    if lent.starts_on <= today and lent.ends_on <= today:
        membership_ended.send(sender=Membership, membership=lent, by=by, day=lent.ends_on)


def _said(leave: Leave) -> dict[str, Any]:
    return {
        "membership": leave.membership_id,
        "starts_on": leave.starts_on.isoformat(),
        "ends_on": leave.ends_on.isoformat(),
        "deputy": leave.deputy_id,
        "lent": leave.lent_id,
    }


def _audit(by: Actor, what: str, leave: Leave, **said: Any) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="leave", subject_id=leave.pk, **said
    )
