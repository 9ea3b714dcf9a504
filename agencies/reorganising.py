"""The verbs on a plan of reorganisation: write it, change it, and on its day take its steps one by one.

Each step is looked at when it is written, again whenever the plan is shown, and last when it is taken: the tree may
have changed meanwhile. What can't be done is kept with the reason, for the coordinator to put right by hand; the others
are done all the same (docs/keputusan/0030).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import areas, bidang, offices
from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Region, Reorganisation, Share, Step
from agencies.models.agency import Kind
from agencies.permissions import Capability, membership_may

SYSTEM = Actor.system("reorganisation")
# In which order steps are taken: what inherits is there before what ends.
ORDER = (Step.Kind.FOUND, Step.Kind.RENAME, Step.Kind.MOVE, Step.Kind.GIVE, Step.Kind.END)
MOST_STEPS = 300
FARTHEST = datetime.timedelta(days=366 * 2)


def may_plan(by: Actor, node: Agency) -> bool:
    return by.membership is not None and membership_may(by.membership, Capability.MANAGE_OFFICES, node)


def add(*, by: Actor, node: Agency, name: str, day: datetime.date, legal_basis: str) -> Reorganisation:
    """A plan without steps. Raises Refused."""
    _ask(by, node)
    _check_day(day)
    with transaction.atomic():
        plan = Reorganisation.objects.create(node=node, name=name, day=day, legal_basis=legal_basis, created_by=by.user)
        _audit(by, "add_plan", plan, after=_said(plan))
    return plan


def change(plan: Reorganisation, *, by: Actor, name: str, day: datetime.date, legal_basis: str) -> Reorganisation:
    _ask(by, plan.node)
    _check_day(day)
    with transaction.atomic():
        plan = _locked(plan)
        before = _said(plan)
        plan.name, plan.day, plan.legal_basis = name, day, legal_basis
        plan.save(update_fields=["name", "day", "legal_basis"])
        if before != _said(plan):
            _audit(by, "change_plan", plan, before=before, after=_said(plan))
    return plan


def cancel(plan: Reorganisation, *, by: Actor) -> None:
    """It will not be carried out. Raises Refused."""
    _ask(by, plan.node)
    with transaction.atomic():
        plan = _locked(plan)
        before = _said(plan)
        plan.state = Reorganisation.State.CANCELLED
        plan.save(update_fields=["state"])
        _audit(by, "cancel_plan", plan, before=before, after=_said(plan))


def add_step(plan: Reorganisation, *, by: Actor, kind: str, **said: Any) -> Step:
    """One more line. Raises Refused."""
    _ask(by, plan.node)
    with transaction.atomic():
        plan = _locked(plan)
        if plan.steps.count() >= MOST_STEPS:
            raise Refused(_("Paling banyak %(most)d langkah dalam satu rencana.") % {"most": MOST_STEPS})
        step = Step(plan=plan, kind=kind, **said)
        fault, field = _fault(step, list(_steps(plan)))
        if fault:
            raise Refused(fault, field)
        step.save()
        _audit(by, "add_step", plan, after=_said_of(step))
    return step


def remove_step(step: Step, *, by: Actor) -> None:
    """The line goes, and with a founding every line that waits for the new office."""
    _ask(by, step.plan.node)
    with transaction.atomic():
        plan = _locked(step.plan)
        _audit(by, "remove_step", plan, before=_said_of(step))
        step.delete()


def steps_of(plan: Reorganisation) -> list[Step]:
    """In the order they are taken."""
    return sorted(_steps(plan), key=_rank)


def faults(plan: Reorganisation, steps: list[Step]) -> dict[int, str]:
    """Of steps that wait: why one can't be taken as the tree is now."""
    left = left_behind(steps)
    found = {step.pk: _fault(step, steps)[0] for step in steps if step.state == Step.State.WAITING}
    for pk, below in left.items():
        if pk in found and not found[pk]:
            words = _("Akhiri atau pindahkan dulu yang di bawahnya: %(offices)s.")
            found[pk] = words % {"offices": ", ".join(below[:5])}
    return {pk: fault for pk, fault in found.items() if fault}


def take(step_id: int, *, day: datetime.date) -> bool:
    """Take one step whose day has come, in its own transaction. False: it was taken before, or is not to be."""
    with transaction.atomic():
        step = Step.objects.select_for_update(of=("self",)).get(pk=step_id)
        plan = Reorganisation.objects.select_for_update(of=("self",)).select_related("node").get(pk=step.plan_id)
        if plan.state != Reorganisation.State.PLANNED or plan.day > day or step.state != Step.State.WAITING:
            return False
        steps = steps_of(plan)
        step = next(one for one in steps if one.pk == step.pk)
        fault = _fault(step, steps)[0]
        if not fault:
            try:
                with transaction.atomic():
                    step.said = _TAKE[Step.Kind(step.kind)](step, plan, steps)
            except Refused as refused:
                fault = str(refused)
        step.state = Step.State.FAILED if fault else Step.State.DONE
        step.said = fault or step.said
        step.done_at = timezone.now()
        step.save(update_fields=["state", "said", "done_at", "made"])
        _audit(SYSTEM, "step_failed" if fault else "step_taken", plan, reason=fault, after=_said_of(step))
    return True


def finish(plan: Reorganisation) -> bool:
    """All its steps were tried: the plan is over, its page is the report."""
    with transaction.atomic():
        plan = Reorganisation.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        over = plan.state != Reorganisation.State.PLANNED
        if over or plan.steps.filter(state=Step.State.WAITING).exists():
            return False
        plan.state, plan.done_at = Reorganisation.State.DONE, timezone.now()
        plan.save(update_fields=["state", "done_at"])
        failed = plan.steps.filter(state=Step.State.FAILED).count()
        _audit(SYSTEM, "carry_out_plan", plan, after={"steps": plan.steps.count(), "failed": failed})
    return True


def receiver(step: Step) -> str:
    """Name of the successor, receiver or parent, also of one that is yet to be founded."""
    if step.to_new is not None:
        return step.to_new.name
    return step.to.name if step.to is not None else ""


def ending(steps: list[Step]) -> set[int]:
    return {step.office_id for step in steps if step.kind == Step.Kind.END and step.office_id is not None}


# --- May it be done? ---


def _fault(step: Step, steps: list[Step]) -> tuple[str, str | None]:
    """Why not, and the field to blame; ("", None): it can be."""
    plan, office = step.plan, step.office
    if office is not None:
        if not office.is_strictly_under(plan.node):
            return _("%(office)s bukan di bawah %(node)s.") % _names(step), "office"
        if office.ends_on is not None:
            return _("%(office)s sudah berakhir.") % _names(step), "office"
    target = _target(step)
    if step.to_new is not None:
        if step.to_new.state == Step.State.FAILED:
            return _("%(to)s tidak jadi dibuat.") % _names(step), "to"
    elif target is None and step.kind != Step.Kind.RENAME:
        return _("Pilih kantornya."), "to"
    if target is not None:
        if not target.is_under(plan.node):
            return _("%(to)s bukan di bawah %(node)s.") % _names(step), "to"
        if not target.is_active_on(plan.day):
            return _("%(to)s sudah tidak ada pada hari itu.") % _names(step), "to"
        if target.pk in ending(steps) and step.kind in (Step.Kind.GIVE, Step.Kind.END, Step.Kind.FOUND):
            return _("%(to)s juga berakhir dalam rencana ini. Pilih yang tetap ada.") % _names(step), "to"
        if office is not None and target.pk == office.pk:
            return _("Pilih kantor lain."), "to"
    return _FAULTS[Step.Kind(step.kind)](step, target, steps)


def _of_founding(step: Step, target: Agency | None, steps: list[Step]) -> tuple[str, str | None]:
    if target is None:
        return _("Pilih kantornya."), "to"
    if Kind(step.office_kind) not in offices.kinds_below(target):
        return _("Jenis ini tidak bisa ditaruh di bawah %(to)s.") % _names(step), "office_kind"
    return _taken(target, step.name, step, steps)


def _of_renaming(step: Step, target: Agency | None, steps: list[Step]) -> tuple[str, str | None]:
    office = step.office
    if office is None or office.parent is None:
        return _("Pilih kantornya."), "office"
    if office.pk in ending(steps):
        return _("%(office)s berakhir dalam rencana ini.") % _names(step), "office"
    return _taken(office.parent, step.name, step, steps)


def _of_moving(step: Step, target: Agency | None, steps: list[Step]) -> tuple[str, str | None]:
    office = step.office
    if office is None or target is None:
        return _("Kantor yang baru dibuat belum bisa menjadi induk."), "to"
    if target.is_under(office):
        return _("%(to)s ada di bawah %(office)s.") % _names(step), "to"
    if Kind(office.kind) not in offices.kinds_below(target):
        return _("Jenis ini tidak bisa ditaruh di bawah %(to)s.") % _names(step), "to"
    if Agency.objects.filter(parent=target, name__iexact=office.name, ends_on__isnull=True).exclude(pk=office.pk):
        return _("Sudah ada kantor dengan nama itu di %(to)s.") % _names(step), "to"
    return "", None


def _of_giving(step: Step, target: Agency | None, steps: list[Step]) -> tuple[str, str | None]:
    office = step.office
    if office is None:
        return _("Pilih kantornya."), "office"
    if not step.bidang and not step.places:
        return _("Pilih bidang atau tempat yang diserahkan."), "bidang"
    missing = [code for code in step.bidang if code not in office.bidang]
    if missing:
        said = ", ".join(bidang.names().get(code, code) for code in missing)
        return _("%(office)s tidak memegang bidang %(bidang)s.") % {**_names(step), "bidang": said}, "bidang"
    for other in steps:
        if other.pk == step.pk or other.kind != Step.Kind.GIVE or other.office_id != office.pk:
            continue
        if (step.pk or 0) and other.pk > step.pk:
            continue
        if _pairs(other) & _pairs(step):
            return _("Sebagian sudah diserahkan ke %(to)s dalam rencana ini.") % {"to": receiver(other)}, "bidang"
    return "", None


def _of_ending(step: Step, target: Agency | None, steps: list[Step]) -> tuple[str, str | None]:
    office = step.office
    if office is None:
        return _("Pilih kantornya."), "office"
    if any(other.kind == Step.Kind.END and other.office_id == office.pk and other.pk != step.pk for other in steps):
        return _("%(office)s sudah berakhir dalam rencana ini.") % _names(step), "office"
    if target is not None and target.is_under(office):
        return _("Penerus tidak bisa ada di bawah kantor yang berakhir."), "to"
    return "", None


_FAULTS: Mapping[Step.Kind, Callable[[Step, Agency | None, list[Step]], tuple[str, str | None]]] = {
    Step.Kind.FOUND: _of_founding,
    Step.Kind.RENAME: _of_renaming,
    Step.Kind.MOVE: _of_moving,
    Step.Kind.GIVE: _of_giving,
    Step.Kind.END: _of_ending,
}


def left_behind(steps: list[Step]) -> dict[int, list[str]]:
    """Of offices that end: names of what lies below them and goes on. By step."""
    gone = ending(steps)
    moved = {step.office_id for step in steps if step.kind == Step.Kind.MOVE}
    found: dict[int, list[str]] = defaultdict(list)
    parents = {step.office_id: step.pk for step in steps if step.kind == Step.Kind.END}
    children = Agency.objects.filter(parent__in=parents, ends_on__isnull=True).order_by("name")
    for child in children:
        if child.pk not in gone and child.pk not in moved:
            found[parents[child.parent_id]].append(child.name)
    return dict(found)


def _taken(parent: Agency, name: str, step: Step, steps: list[Step]) -> tuple[str, str | None]:
    here = Agency.objects.filter(parent=parent, name__iexact=name, ends_on__isnull=True)
    if step.office_id is not None:
        here = here.exclude(pk=step.office_id)
    renamed = {one.office_id for one in steps if one.kind == Step.Kind.RENAME} if step.office_id is not None else set()
    twice = any(
        other.kind == Step.Kind.FOUND and other.pk != step.pk and other.to_id == parent.pk
        and other.state == Step.State.WAITING and other.name.casefold() == name.casefold()
        for other in steps
    )  # fmt: skip
    if twice or here.exclude(pk__in=[pk for pk in renamed if pk]).exists():
        return _("Sudah ada kantor dengan nama itu di sini."), "name"
    return "", None


# --- What each does ---


def _found(step: Step, plan: Reorganisation, steps: list[Step]) -> str:
    target = _target(step)
    assert target is not None
    step.made = offices.add(
        by=SYSTEM,
        parent=target,
        kind=Kind(step.office_kind),
        name=step.name,
        short_name=step.short_name,
        starts_on=plan.day,
    )
    return _("Dibuat di bawah %(to)s. Angkat petugasnya.") % {"to": target.name}


def _rename(step: Step, plan: Reorganisation, steps: list[Step]) -> str:
    assert step.office is not None
    old = step.office.name
    offices.change(step.office, by=SYSTEM, name=step.name, short_name=step.short_name)
    return _("Dulu %(name)s; nama itu tetap dikenali.") % {"name": old}


def _move(step: Step, plan: Reorganisation, steps: list[Step]) -> str:
    assert step.office is not None
    assert step.to is not None
    offices.move(step.office, step.to, by=SYSTEM)
    return _("Sekarang di bawah %(to)s.") % {"to": step.to.name}


def _give(step: Step, plan: Reorganisation, steps: list[Step]) -> str:
    office, heir = step.office, _target(step)
    assert office is not None
    assert heir is not None
    if office.pk in ending(steps):
        for code, place in sorted(_pairs(step)):
            Share.objects.update_or_create(agency=office, bidang=code, region_id=place or None, defaults={"heir": heir})
        return _("Berpindah ke %(to)s pada saat kantor ini berakhir.") % {"to": heir.name}
    given = step.bidang or office.bidang
    if step.places:
        _give_places(office, heir, step.places, plan.day)
    else:
        offices.change(office, by=SYSTEM, bidang=[code for code in office.bidang if code not in given])
    heir.refresh_from_db()
    offices.change(heir, by=SYSTEM, bidang=list(dict.fromkeys([*heir.bidang, *given])))
    return _("Laporan berikutnya ke %(to)s; yang terbuka tetap di %(office)s.") % {
        "to": heir.name,
        "office": office.name,
    }


def _give_places(office: Agency, heir: Agency, places: list[str], day: datetime.date) -> None:
    """The heir serves them from now on (one that serves everywhere goes on doing so), the giver does not."""
    regions = list(Region.objects.filter(pk__in=places))
    theirs = areas.of(heir, day)
    if theirs or heir.starts_on == day:
        areas.write(heir, [*theirs, *regions], day)
    kept = [region for region in areas.of(office, day) if region.pk not in places]
    if kept:
        areas.write(office, kept, day)


def _end(step: Step, plan: Reorganisation, steps: list[Step]) -> str:
    office, heir = step.office, _target(step)
    assert office is not None
    assert heir is not None
    reason = _("%(plan)s (%(basis)s)") % {"plan": plan.name, "basis": plan.legal_basis}
    offices.end(office, by=SYSTEM, successor=heir, reason=reason, day=plan.day, cases_later=True)
    return _("Diteruskan oleh %(to)s.") % {"to": heir.name}


_TAKE: Mapping[Step.Kind, Callable[[Step, Reorganisation, list[Step]], str]] = {
    Step.Kind.FOUND: _found,
    Step.Kind.RENAME: _rename,
    Step.Kind.MOVE: _move,
    Step.Kind.GIVE: _give,
    Step.Kind.END: _end,
}


# --- Small things ---


def _steps(plan: Reorganisation) -> Any:
    return plan.steps.select_related(
        "plan__node__region", "office__parent", "to__parent", "to_new__made__parent", "made"
    )


def _rank(step: Step) -> tuple[int, int, int]:
    depth = step.office.path_length if step.office is not None else 0
    return ORDER.index(Step.Kind(step.kind)), -depth, step.pk


def _target(step: Step) -> Agency | None:
    if step.to_new is not None:
        return step.to_new.made
    return step.to


def _pairs(step: Step) -> set[tuple[str, str]]:
    return {(code, place) for code in (step.bidang or [""]) for place in (step.places or [""])}


def _names(step: Step) -> dict[str, str]:
    return {
        "office": step.office.name if step.office is not None else step.name,
        "to": receiver(step),
        "node": step.plan.node.name,
    }


def _locked(plan: Reorganisation) -> Reorganisation:
    plan = Reorganisation.objects.select_for_update(of=("self",)).select_related("node__region").get(pk=plan.pk)
    if plan.state != Reorganisation.State.PLANNED:
        raise Refused(_("Rencana ini sudah dijalankan atau dibatalkan."))
    return plan


def _check_day(day: datetime.date) -> None:
    today = timezone.localdate()
    if day <= today:
        raise Refused(_("Pilih hari sesudah hari ini."), "day")
    if day > today + FARTHEST:
        raise Refused(_("Paling jauh dua tahun dari sekarang."), "day")


def _ask(by: Actor, node: Agency) -> None:
    if not may_plan(by, node):
        raise NotAllowed(_("Anda tidak berwenang menata kantor-kantor ini."))


def _said(plan: Reorganisation) -> dict[str, Any]:
    return {"name": plan.name, "day": plan.day.isoformat(), "legal_basis": plan.legal_basis, "state": plan.state}


def _said_of(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "office": step.office_id,
        "to": step.to_id,
        "to_new": step.to_new_id,
        "name": step.name,
        "bidang": step.bidang,
        "places": step.places,
        "made": step.made_id,
    }


def _audit(by: Actor, what: str, plan: Reorganisation, **said: Any) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="plan", subject_id=plan.pk, **said
    )
