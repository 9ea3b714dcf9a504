"""A rule tags what comes from its first day on. Applied to what is open already, by an act with a reason: looked at
first, then done by the worker in pages (ADR 0026). Never a secret case, and never one that is kept from an office: who
more may ask to read those is a person's decision about each.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import AuditEntry
from agencies.permissions import Capability, membership_may
from complaints.models import Complaint, Tag
from complaints.models.complaint import ComplaintQuerySet
from complaints.transitions import Incomplete, NotAllowed, Refusal
from lapor.kit.nudge import nudge
from routing import foresight, rules
from routing.models import Gathering, Rule
from routing.overdue import Deadline

# Cases of one page, and of those looked at before it is done.
BATCH, READ_AT_MOST = 200, 2_000
EXAMPLES = 8


@dataclass(frozen=True)
class Preview:
    """What would be tagged, of the first `read` cases that may fit. `more`: there are others, unread."""

    count: int = 0
    read: int = 0
    more: bool = False
    examples: list[Complaint] = field(default_factory=list)


def open_for(rule: Rule, by: Actor) -> ComplaintQuerySet:
    """Open cases in reach of the rule and of whoever asks, that may fit and are not tagged yet."""
    assert rule.programme_id is not None
    tagged = Tag.objects.current().filter(programme_id=rule.programme_id, complaint_id=OuterRef("pk"))
    seen = Complaint.objects.open().visible_to(by).held_under(rule.owner)
    seen = seen.filter(~Exists(tagged), secret=False, about_conduct=False, not_for__isnull=True)
    return foresight.may_fit(seen, rule).select_related("category", "place", "handler")


def preview(rule: Rule, *, by: Actor) -> Preview:
    """Three statements at most; nothing is written."""
    found = list(open_for(rule, by).order_by("pk")[: READ_AT_MOST + 1])
    fitting = [case for case in found[:READ_AT_MOST] if fits(rule, case)]
    return Preview(len(fitting), min(len(found), READ_AT_MOST), len(found) > READ_AT_MOST, fitting[:EXAMPLES])


def fits(rule: Rule, case: Complaint) -> bool:
    return rules.fits(rule, rules.report_of(case, rules.text_of(case))) is not None


def start(rule: Rule, *, by: Actor, reason: str, now: datetime.datetime | None = None) -> Gathering:
    """Ask the worker for it. Raises NotAllowed, Incomplete("reason"), Incomplete("rule")."""
    now = now or timezone.now()
    if by.membership is None or not membership_may(by.membership, Capability.MANAGE_RULES, rule.owner):
        raise NotAllowed(_("Anda tidak berwenang menerapkan aturan ini."))
    text = " ".join(reason.replace("\x00", "").split())
    if not text:
        raise Incomplete("reason", _("Tulis alasannya"))
    if rule.programme is None or not _is_in_force(rule, timezone.localdate(now)):
        raise Incomplete("rule", _("Aturan atau programnya belum berlaku, atau sudah berakhir."))
    try:
        with transaction.atomic():
            made = Gathering.objects.create(
                rule=rule, programme=rule.programme, membership=by.membership, reason=text[:500], asked_at=now
            )
            AuditEntry.objects.create(
                at=now,
                who=by.user,
                acting_as=by.agency,
                what="rule_applied",
                subject_kind="rule",
                subject_id=rule.pk,
                reason=made.reason,
                after={"programme": rule.programme.code},
            )
            nudge("routing.tasks.gather", made.pk)
    except IntegrityError:
        raise Incomplete("rule", _("Aturan ini sedang diterapkan. Tunggu sampai selesai.")) from None
    return made


def _is_in_force(rule: Rule, day: datetime.date) -> bool:
    return (
        rule.programme is not None
        and rule.programme.is_active_on(day)
        and rule.starts_on <= day
        and (rule.ends_on is None or rule.ends_on > day)
    )


def go_on(pk: int, deadline: Deadline, now: datetime.datetime | None = None) -> int:
    """Page after page until it is done or the time is over. How many were tagged. May run twice: what is tagged is
    tagged once."""
    total = 0
    while not deadline.is_over():
        with transaction.atomic():
            row = (
                Gathering.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("rule__owner", "rule__programme", "rule__category", "rule__region", "rule__named")
                .select_related("membership__agency", "membership__user", "programme")
                .filter(pk=pk, ended_at__isnull=True)
                .first()
            )
            if row is None:
                return total
            total += _page(row, now or timezone.now())
            if row.ended_at is not None:
                return total
    return total


def unfinished() -> list[int]:
    return list(Gathering.objects.filter(ended_at__isnull=True).order_by("pk").values_list("pk", flat=True))


def _page(row: Gathering, now: datetime.datetime) -> int:
    """One page: the next cases after the last one looked at."""
    today = timezone.localdate(now)
    # As when it was asked: another programme in the rule by now is another wish.
    if row.rule.programme_id != row.programme_id or not _is_in_force(row.rule, today):
        return _end(row, Gathering.Stopped.RULE, now)
    if not row.membership.is_current_on(today) or not row.membership.user.is_active:
        return _end(row, Gathering.Stopped.OFFICER, now)
    by, tagged = Actor.officer(row.membership), 0
    cases = list(open_for(row.rule, by).filter(pk__gt=row.after).order_by("pk")[:BATCH])
    for case in cases:
        tagged += fits(row.rule, case) and _tag(case, row, by, now)
    row.tagged += tagged
    if len(cases) < BATCH:
        _end(row, Gathering.Stopped.DONE, now)
    else:
        row.after = cases[-1].pk
        row.save(update_fields=["after", "tagged"])
    return tagged


def _tag(case: Complaint, row: Gathering, by: Actor, now: datetime.datetime) -> bool:
    """Whatever changed meanwhile is asked again under lock; what does not fit any more is left alone."""
    try:
        with transaction.atomic():
            locked = Complaint.objects.select_for_update(of=("self",)).filter(pk=case.pk)
            if not open_for(row.rule, by).filter(pk__in=locked.values("pk")).exists():
                return False
            case.tag(row.programme, by=by, reason=row.reason, now=now)
    except Refusal:
        return False
    return True


def _end(row: Gathering, why: str, now: datetime.datetime) -> int:
    row.ended_at, row.stopped = now, why
    row.save(update_fields=["ended_at", "stopped", "after", "tagged"])
    return 0
