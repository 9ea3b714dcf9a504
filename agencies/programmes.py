"""The verbs on priority programmes: add, change, end; of the centre alone, each with its audit row."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, Programme
from agencies.permissions import Capability, membership_may

_FIELDS = ("name", "code", "description", "legal_basis", "closing")


def add(
    *,
    by: Actor,
    name: str,
    code: str,
    description: str = "",
    legal_basis: str = "",
    starts_on: datetime.date | None = None,
) -> Programme:
    """A programme that cases may be gathered under from `starts_on` (None: today). Raises Refused."""
    _ask(by)
    if code == "semua":
        raise Refused(_("Kata itu dipakai kotak pencarian untuk semua program. Pilih kode lain."), "code")
    if Programme.objects.filter(code=code).exists():
        raise Refused(_("Kode itu sudah dipakai program lain, juga kalau program itu sudah berakhir."), "code")
    try:
        with transaction.atomic():
            programme = Programme.objects.create(
                name=name,
                code=code,
                description=description,
                legal_basis=legal_basis,
                starts_on=starts_on or timezone.localdate(),
            )
            _audit(by, "add_programme", programme, after=_said(programme))
    except IntegrityError:
        # Two at the same moment: the unique key let the other one in.
        raise Refused(_("Kode itu baru saja dipakai program lain."), "code") from None
    return programme


@transaction.atomic
def change(
    programme: Programme,
    *,
    by: Actor,
    name: str,
    description: str,
    legal_basis: str,
    starts_on: datetime.date,
) -> Programme:
    """Its words and its first day; the code stays. Raises Refused."""
    _ask(by)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if programme.ends_on is not None and starts_on > programme.ends_on:
        raise Refused(_("Program ini berakhir lebih dulu. Pilih tanggal sebelum itu."), "starts_on")
    before = _said(programme)
    programme.name, programme.description, programme.legal_basis = name, description, legal_basis
    programme.starts_on = starts_on
    if _said(programme) != before:
        programme.save()
        _audit(by, "change_programme", programme, before=before, after=_said(programme))
    return programme


@transaction.atomic
def end(
    programme: Programme, *, by: Actor, day: datetime.date, closing: str = "", today: datetime.date | None = None
) -> Programme:
    """From `day` on nothing is added to it; what it gathered, and who observes it, stay. Raises Refused."""
    _ask(by)
    today = today or timezone.localdate()
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    if programme.ends_on is not None and programme.ends_on <= today:
        raise Refused(_("Program ini sudah berakhir."), "ends_on")
    if day < max(today, programme.starts_on):
        raise Refused(_("Pilih hari ini atau sesudahnya, dan tidak sebelum program ini mulai."), "ends_on")
    before = _said(programme)
    programme.ends_on, programme.closing = day, closing
    programme.save(update_fields=["ends_on", "closing"])
    _audit(by, "end_programme", programme, before=before, after=_said(programme))
    return programme


def _ask(by: Actor) -> None:
    root = Agency.objects.root()
    if by.membership is None or not membership_may(by.membership, Capability.MANAGE_PROGRAMMES, root):
        raise NotAllowed(_("Program prioritas hanya diatur oleh admin nasional."))


def _said(programme: Programme) -> dict[str, Any]:
    return {field: getattr(programme, field) for field in _FIELDS} | {
        "starts_on": programme.starts_on.isoformat(),
        "ends_on": programme.ends_on.isoformat() if programme.ends_on else None,
    }


def _audit(by: Actor, what: str, programme: Programme, **said: Any) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="programme", subject_id=programme.pk, **said
    )
