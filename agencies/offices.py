"""The verbs on offices: add, change, end. Each writes its audit row with it and announces what upper apps must know."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Kind, Membership, Region
from agencies.permissions import Capability, membership_may
from agencies.signals import agency_ended

# What may be founded below the root, and what below any other office.
CENTRAL = (Kind.KEMENTERIAN, Kind.LEMBAGA, Kind.BUMN, Kind.PTN)
LOCAL = (Kind.OPD, Kind.UNIT)
ABROAD = (Kind.UNIT, Kind.PERWAKILAN)


def kinds_below(parent: Agency) -> tuple[Kind, ...]:
    if parent.parent_id is None:
        return CENTRAL
    return LOCAL if parent.kind in (Kind.PROVINSI, Kind.KABUPATEN, Kind.KOTA, Kind.OPD) else ABROAD


def may_change(by: Actor, agency: Agency) -> bool:
    if by.is_system:
        return True
    return by.membership is not None and membership_may(by.membership, Capability.MANAGE_OFFICES, agency)


def add(*, by: Actor, parent: Agency, kind: Kind, name: str, region: Region | None = None, **said: Any) -> Agency:
    """Found an office below `parent`; what it serves is the parent's place unless said otherwise. Raises Refused."""
    _ask(by, parent)
    if kind not in kinds_below(parent):
        raise Refused(_("Jenis ini tidak bisa ditaruh di sini."), "kind")
    if not parent.is_active_on(timezone.localdate()):
        raise Refused(_("Kantor di atasnya sudah berakhir."))
    with transaction.atomic():
        _name_is_free(parent, name)
        agency = Agency.objects.create(parent=parent, kind=kind, name=name, region=region or parent.region, **said)
        _audit(by, "add_agency", agency, after=_said(agency))
    return agency


def change(agency: Agency, *, by: Actor, **said: Any) -> None:
    """New name, aliases, fields of work or ways of working. The old name stays as an alias. Raises Refused."""
    _ask(by, agency)
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).select_related("parent").get(pk=agency.pk)
        before = _said(agency)
        name = said.get("name", agency.name)
        if name != agency.name:
            if agency.parent is not None:
                _name_is_free(agency.parent, name, besides=agency)
            said["aliases"] = list(dict.fromkeys([*said.get("aliases", agency.aliases), agency.name]))
        for field, value in said.items():
            setattr(agency, field, value)
        agency.save()
        after = _said(agency)
        if before != after:
            _audit(by, "change_agency", agency, before=before, after=after)


def end(agency: Agency, *, by: Actor, successor: Agency, reason: str, day: datetime.date | None = None) -> None:
    """From `day` (None: today) it handles nothing; what it had goes to its successor. Raises Refused."""
    if agency.parent is None or by.membership is None or not may_change(by, agency.parent):
        raise NotAllowed(_("Kantor ini hanya bisa diakhiri dari atasnya."))
    today = timezone.localdate()
    day = day or today
    with transaction.atomic():
        agency = Agency.objects.select_for_update(of=("self",)).select_related("parent").get(pk=agency.pk)
        if agency.ends_on is not None:
            raise Refused(_("Kantor ini sudah berakhir."))
        if not successor.is_active_on(day) or successor.is_under(agency):
            raise Refused(_("Pilih penerus yang masih ada dan bukan bagian kantor ini."), "successor")
        if Agency.objects.under(agency).exclude(pk=agency.pk).filter(ends_on__isnull=True).exists():
            raise Refused(_("Akhiri dulu kantor-kantor di bawahnya."))
        before = _said(agency)
        agency.ends_on, agency.succeeded_by = day, successor
        agency.save(update_fields=["ends_on", "succeeded_by"])
        Agency.objects.filter(coordinators_at=agency).update(coordinators_at=successor)
        _audit(by, "end_agency", agency, reason=reason, before=before, after=_said(agency))
        if day <= today:
            agency_ended.send(sender=Agency, agency=agency, by=by, day=day)
            # Their cases have moved; nobody acts for an office that is gone.
            lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
            Membership.objects.filter(lasting, agency=agency, starts_on__lte=day).update(ends_on=day)


def _ask(by: Actor, agency: Agency) -> None:
    if not may_change(by, agency):
        raise NotAllowed(_("Anda tidak berwenang mengubah kantor ini."))


def _name_is_free(parent: Agency, name: str, besides: Agency | None = None) -> None:
    same = Agency.objects.filter(parent=parent, name__iexact=name, ends_on__isnull=True)
    if besides is not None:
        same = same.exclude(pk=besides.pk)
    if same.exists():
        raise Refused(_("Sudah ada kantor dengan nama itu di sini."), "name")


def _said(agency: Agency) -> dict[str, Any]:
    return {
        "name": agency.name,
        "short_name": agency.short_name,
        "aliases": agency.aliases,
        "kind": agency.kind,
        "parent": agency.parent_id,
        "region": agency.region_id,
        "bidang": agency.bidang,
        "verify_first": agency.verify_first,
        "approves_answers": agency.approves_answers,
        "ends_on": agency.ends_on.isoformat() if agency.ends_on else None,
        "succeeded_by": agency.succeeded_by_id,
    }


def _audit(by: Actor, what: str, agency: Agency, **said: Any) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="agency", subject_id=agency.pk, **said
    )
