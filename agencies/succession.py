"""An office that has ended: who does its work now, and what it had on the map goes there on that day.

Its fields of work, names, areas, prefixes, the seat of coordinators and the district's own site go on at the heir.
Officers and systems do not: a right is given by a person, for an office (docs/keputusan/0030). Cases and rules belong
to upper apps, which listen to `agency_succeeded` and `agency_ended`.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import leaves
from agencies.actor import Actor
from agencies.models import Agency, AgencyQuerySet, ApiClient, Area, AuditEntry, Membership, Prefix, SubSite
from agencies.models.agency import PEMDA
from agencies.signals import agency_succeeded


def heir_of(agency: Agency, day: datetime.date, *, bidang: str = "", places: Collection[str] = ()) -> Agency | None:
    """Who does its work on this day: itself while it lasts, else the last of the chain of successors; where the work
    was shared out, whoever got this field and place (codes: its own and those around it). None: nobody."""
    seen: set[int] = set()
    while not agency.is_active_on(day):
        following = _next(agency, bidang, places)
        if agency.pk in seen or following is None:
            return None
        seen.add(agency.pk)
        agency = following
    return agency


def _next(agency: Agency, bidang: str, places: Collection[str]) -> Agency | None:
    fitting = [
        share
        for share in agency.shares.select_related("heir")
        if share.bidang in ("", bidang) and (share.region_id is None or share.region_id in places)
    ]
    if fitting:
        return max(fitting, key=lambda share: (len(share.region_id or ""), bool(share.bidang))).heir
    return agency.succeeded_by


def due(day: datetime.date) -> AgencyQuerySet:
    """Offices whose day has come and whose things nobody has taken over yet; the deepest first."""
    return Agency.objects.filter(ends_on__lte=day, handed_on_at__isnull=True, succeeded_by__isnull=False).order_by(
        "-path_length", "pk"
    )


@transaction.atomic
def carry_out(agency: Agency, *, by: Actor, day: datetime.date | None = None) -> bool:
    """Hand on what it had on the map, each with an audit row. False: its day has not come, nobody lives to take it, or
    it was done before."""
    day = day or timezone.localdate()
    agency = Agency.objects.select_for_update(of=("self",)).select_related("succeeded_by").get(pk=agency.pk)
    if agency.handed_on_at is not None or agency.ends_on is None or agency.ends_on > day:
        return False
    heir = heir_of(agency, day)
    if heir is None:
        return False
    after: dict[str, Any] = {
        "to": heir.pk,
        "bidang": _hand_on_work(agency, heir, by=by, day=day),
        "prefixes": _hand_on_prefixes(agency, heir, by=by, day=day),
        "seat": _hand_on_seat(agency, heir, by=by),
        "subsite": _hand_on_subsite(agency, heir, by=by),
        "clients": _end_clients(agency, by=by, day=day),
        "officers": _end_officers(agency, by=by, day=day),
    }
    agency.handed_on_at = timezone.now()
    agency.save(update_fields=["handed_on_at"])
    _audit(by, "succeed_agency", "agency", agency.pk, after=after)
    agency_succeeded.send(sender=Agency, agency=agency, by=by, day=day)
    return True


def _hand_on_work(agency: Agency, heir: Agency, *, by: Actor, day: datetime.date) -> list[str]:
    """Fields, names and areas. A pemda or the centre takes over the cases alone: it has no field of its own."""
    given: dict[int, set[str]] = {}
    places: dict[int, set[str]] = {heir.pk: {row.region_id for row in agency.areas.active_on(day)}}
    heirs = {heir.pk: heir}
    shares = list(agency.shares.select_related("heir"))
    for code in agency.bidang:
        takers = [heir_of(agency, day, bidang=code)]
        takers += [
            heir_of(share.heir, day) for share in shares if share.region_id is not None and share.bidang in ("", code)
        ]
        for taker in takers:
            if taker is not None:
                heirs[taker.pk] = taker
                given.setdefault(taker.pk, set()).add(code)
    for share in shares:
        taker = heir_of(share.heir, day)
        if taker is not None and share.region_id is not None:
            heirs[taker.pk] = taker
            places.setdefault(taker.pk, set()).add(share.region_id)
    for pk, taker in heirs.items():
        names = [agency.name, agency.short_name, *agency.aliases] if pk == heir.pk else []
        _take(taker, agency, given.get(pk, set()), names, places.get(pk, set()), by=by, day=day)
    agency.areas.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day).update(ends_on=day)
    return sorted(set().union(*given.values())) if given else []


def _take(
    heir: Agency,
    agency: Agency,
    fields: set[str],
    names: list[str],
    places: set[str],
    *,
    by: Actor,
    day: datetime.date,
) -> None:
    if heir.parent_id is None or (heir.kind in PEMDA and agency.kind not in PEMDA):
        return
    heir = Agency.objects.select_for_update(of=("self",)).get(pk=heir.pk)
    before = {"bidang": heir.bidang, "aliases": heir.aliases}
    known = {name.casefold() for name in (heir.name, heir.short_name, *heir.aliases)}
    heir.bidang = [*heir.bidang, *sorted(fields - set(heir.bidang))]
    heir.aliases = [*heir.aliases, *dict.fromkeys(n[:120] for n in names if n and n.casefold() not in known)]
    after: dict[str, Any] = {"bidang": heir.bidang, "aliases": heir.aliases}
    # Who serves everywhere goes on doing so; a row would bind it to that place.
    has_areas = heir.areas.active_on(day).exists()
    if has_areas or heir.starts_on == agency.ends_on:
        had = set(heir.areas.filter(ends_on__isnull=True).values_list("region_id", flat=True))
        new = sorted(places - had)
        Area.objects.bulk_create([Area(agency=heir, region_id=code, starts_on=day) for code in new])
        after |= {"areas": new} if new else {}
    if before != after:
        heir.save(update_fields=["bidang", "aliases"])
        _audit(by, "take_over", "agency", heir.pk, reason=_why(agency), before=before, after=after)


def _hand_on_prefixes(agency: Agency, heir: Agency, *, by: Actor, day: datetime.date) -> list[str]:
    moved = []
    for row in agency.prefixes.select_for_update().filter(ends_on__isnull=True):
        row.ends_on = max(day, row.starts_on)
        row.save(update_fields=["ends_on"])
        new = Prefix.objects.create(agency=heir, text=row.text, normal=row.normal, starts_on=row.ends_on)
        said = {"prefix": new.text, "from": agency.pk}
        _audit(by, "take_over_prefix", "agency", heir.pk, reason=_why(agency), after=said)
        moved.append(row.text)
    return moved


def _hand_on_seat(agency: Agency, heir: Agency, *, by: Actor) -> list[int]:
    moved = []
    for node in Agency.objects.select_for_update(of=("self",)).filter(coordinators_at=agency):
        node.coordinators_at = heir if heir.pk != node.pk else None
        node.save(update_fields=["coordinators_at"])
        before, after = {"coordinators_at": agency.pk}, {"coordinators_at": node.coordinators_at_id}
        _audit(by, "move_seat", "agency", node.pk, reason=_why(agency), before=before, after=after)
        moved.append(node.pk)
    return moved


def _hand_on_subsite(agency: Agency, heir: Agency, *, by: Actor) -> str:
    """To a pemda that has none yet; where it has one of its own the old address is no more."""
    site = SubSite.objects.select_for_update(of=("self",)).filter(agency=agency).first()
    if site is None or heir.kind not in PEMDA or SubSite.objects.filter(agency=heir).exists():
        return ""
    site.agency, site.changed_at = heir, timezone.now()
    site.save(update_fields=["agency", "changed_at"])
    _audit(by, "take_over_subsite", "agency", heir.pk, reason=_why(agency), after={"slug": site.slug})
    return site.slug


def _end_clients(agency: Agency, *, by: Actor, day: datetime.date) -> list[str]:
    ended = []
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    for client in ApiClient.objects.select_for_update(of=("self",)).filter(lasting, agency=agency):
        before = {"ends_on": client.ends_on.isoformat() if client.ends_on else None}
        client.ends_on = max(day, client.starts_on)
        client.save(update_fields=["ends_on"])
        now = timezone.now()
        client.keys.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).update(ends_at=now)
        after = {"ends_on": client.ends_on.isoformat()}
        _audit(by, "end_client", "api_client", client.pk, reason=_why(agency), before=before, after=after)
        ended.append(client.name)
    return ended


def _end_officers(agency: Agency, *, by: Actor, day: datetime.date) -> int:
    """Nobody acts for an office that is gone; who goes on is appointed at the new one."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
    rows = list(Membership.objects.select_for_update(of=("self",)).filter(lasting, agency=agency))
    for row in rows:
        before = {"ends_on": row.ends_on.isoformat() if row.ends_on else None}
        row.ends_on = max(day, row.starts_on)
        row.save(update_fields=["ends_on"])
        after = {"ends_on": row.ends_on.isoformat()}
        _audit(by, "end_membership", "membership", row.pk, reason=_why(agency), before=before, after=after)
        # Who stood in for them, and whom they stood in for elsewhere (ADR 0030).
        leaves.follow_end(row, row.ends_on, by=by)
    return len(rows)


def _why(agency: Agency) -> str:
    return _("%(office)s berakhir.") % {"office": agency.name}


def _audit(by: Actor, what: str, kind: str, pk: int, **said: Any) -> None:
    AuditEntry.objects.create(who=by.user, acting_as=by.agency, what=what, subject_kind=kind, subject_id=pk, **said)
