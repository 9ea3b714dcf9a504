"""The verbs on offices: add, change, end. Each writes its audit row with it and announces what upper apps must know."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import areas as served
from agencies import succession
from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Kind, Region
from agencies.permissions import Capability, membership_may
from agencies.signals import agency_ended, agency_moved

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


def add(
    *,
    by: Actor,
    parent: Agency,
    kind: Kind,
    name: str,
    region: Region | None = None,
    areas: list[Region] | None = None,
    **said: Any,
) -> Agency:
    """Found an office below `parent`; what it serves is the parent's place unless said otherwise. Raises Refused.

    `areas`: several places, each served by a row of its own.
    """
    _ask(by, parent)
    if kind not in kinds_below(parent):
        raise Refused(_("Jenis ini tidak bisa ditaruh di sini."), "kind")
    if not parent.is_active_on(timezone.localdate()):
        raise Refused(_("Kantor di atasnya sudah berakhir."))
    with transaction.atomic():
        _name_is_free(parent, name)
        agency = Agency.objects.create(parent=parent, kind=kind, name=name, region=region or parent.region, **said)
        served.write(agency, areas or [], timezone.localdate())
        _audit(by, "add_agency", agency, after=_said(agency))
    return agency


def change(agency: Agency, *, by: Actor, areas: list[Region] | None = None, **said: Any) -> None:
    """New name, aliases, fields of work or ways of working. The old name stays as an alias. Raises Refused.

    `areas`: the places it serves from today on by rows of its own; None: as they are.
    """
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
        if areas is not None:
            served.write(agency, areas, timezone.localdate())
        after = _said(agency)
        if before != after:
            _audit(by, "change_agency", agency, before=before, after=after)


def move(agency: Agency, parent: Agency, *, by: Actor) -> None:
    """It hangs below another office from now on, with everything below it. Raises Refused."""
    if agency.parent is None or not may_change(by, agency.parent) or not may_change(by, parent):
        raise NotAllowed(_("Kantor ini hanya bisa dipindah dari atasnya."))
    with transaction.atomic():
        # One at a time: two that swap their places would tie a knot.
        Agency.objects.select_for_update().get(parent__isnull=True)
        agency = Agency.objects.select_for_update(of=("self",)).select_related("parent").get(pk=agency.pk)
        parent = Agency.objects.select_for_update().get(pk=parent.pk)
        if parent.is_under(agency):
            raise Refused(_("%(to)s ada di bawah %(office)s.") % {"to": parent.name, "office": agency.name}, "to")
        if Kind(agency.kind) not in kinds_below(parent) or not parent.is_active_on(timezone.localdate()):
            raise Refused(_("Jenis ini tidak bisa ditaruh di sini."), "to")
        _name_is_free(parent, agency.name, besides=agency)
        before, old = _said(agency), agency.path
        agency.parent = parent
        agency.take_path()
        # The rest of each path, below the old one, hangs below the new one.
        deeper = agency.path_length - (old.count("/") - 1)
        Agency.objects.under(Agency(path=old)).update(
            path=Concat(Value(agency.path), Substr("path", len(old) + 1)), path_length=F("path_length") + deeper
        )
        Agency.objects.filter(pk=agency.pk).update(parent=parent)
        _audit(by, "move_agency", agency, before=before, after=_said(agency))
        agency_moved.send(sender=Agency, agency=agency, by=by)


def end(
    agency: Agency,
    *,
    by: Actor,
    successor: Agency,
    reason: str,
    day: datetime.date | None = None,
    cases_later: bool = False,
) -> None:
    """From `day` (None: today) it handles nothing; what it had goes to its successor. Raises Refused.

    `cases_later`: its cases follow one by one by the sweep, where thousands may lie.
    """
    if agency.parent is None or (by.membership is None and not by.is_system) or not may_change(by, agency.parent):
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
        _audit(by, "end_agency", agency, reason=reason, before=before, after=_said(agency))
        if day <= today:
            if not cases_later:
                agency_ended.send(sender=Agency, agency=agency, by=by, day=day)
            succession.carry_out(agency, by=by, day=day)


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
        "areas": sorted(agency.areas.filter(ends_on__isnull=True).values_list("region_id", flat=True)),
        "verify_first": agency.verify_first,
        "approves_answers": agency.approves_answers,
        "ends_on": agency.ends_on.isoformat() if agency.ends_on else None,
        "succeeded_by": agency.succeeded_by_id,
    }


def _audit(by: Actor, what: str, agency: Agency, **said: Any) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="agency", subject_id=agency.pk, **said
    )
