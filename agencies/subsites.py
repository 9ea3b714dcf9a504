"""The verb on a district's own site, with its audit row; and by which site a request came."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.marks import Mark
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, SubSite
from agencies.models.agency import PEMDA
from agencies.permissions import Capability, membership_may

# What is kept of a change in its audit row; the mark by its version.
_SAID = ("slug", "name", "greeting", "host", "colour", "accent", "phones", "active", "mark_version")


def of(request: HttpRequest) -> SubSite | None:
    """The site this request came by; None: the national portal."""
    found: SubSite | None = getattr(request, "subsite", None)
    return found


def within(request: HttpRequest, office: Agency | None) -> Agency | None:
    """The office whose figures are asked for; on a district's own site one of its own, the district itself where none
    or a foreign one was named. None: the whole country."""
    site = of(request)
    if site is not None:
        return office if office is not None and office.is_under(site.agency) else site.agency
    return office if office is not None and office.parent_id is not None else None


def may_change(by: Actor, agency: Agency) -> bool:
    if by.is_system:
        return True
    return by.membership is not None and membership_may(by.membership, Capability.MANAGE_OFFICES, agency)


def may_name_host(by: Actor) -> bool:
    """A host name is given by the centre: somebody has to point it here and hold its certificate."""
    if by.is_system:
        return True
    root = Agency.objects.root()
    return by.membership is not None and membership_may(by.membership, Capability.ADD_AGENCIES, root)


def set_subsite(agency: Agency, *, by: Actor, mark: Mark | None = None, **said: Any) -> SubSite:
    """Lay the agency's site, or change what is said of it; `mark` None: the mark stays. Raises NotAllowed, Refused."""
    if not may_change(by, agency):
        raise NotAllowed(_("Anda tidak berwenang mengubah situs ini."))
    if agency.kind not in PEMDA:
        raise Refused(_("Hanya pemerintah daerah yang punya situs sendiri."))
    with transaction.atomic():
        site = SubSite.objects.select_for_update(of=("self",)).filter(agency=agency).first() or SubSite(agency=agency)
        if "host" in said and said["host"] != site.host and not may_name_host(by):
            raise NotAllowed(_("Nama host hanya diatur oleh admin nasional."))
        before = _said(site) if site.pk else None
        for field, value in said.items():
            setattr(site, field, value)
        if mark is not None:
            site.mark, site.small_mark, site.mark_version = mark.paper, mark.page, mark.version
        _is_free(site)
        after = _said(site)
        if before != after:
            site.changed_at = timezone.now()
            site.save()
            AuditEntry.objects.create(
                who=by.user,
                acting_as=by.agency,
                what="change_subsite" if before else "add_subsite",
                subject_kind="agency",
                subject_id=agency.pk,
                before=before,
                after=after,
            )
    return site


def _is_free(site: SubSite) -> None:
    others = SubSite.objects.exclude(pk=site.pk)
    if others.filter(slug=site.slug).exists():
        raise Refused(_("Alamat ini sudah dipakai daerah lain."), "slug")
    if site.host and (site.host in own_hosts() or others.filter(host=site.host).exists()):
        raise Refused(_("Nama host ini sudah dipakai."), "host")


def own_hosts() -> set[str]:
    """Names under which the national portal itself is known; no district's."""
    national = split_domain_port(settings.SITE_URL.partition("//")[2])[0]
    return {national, *(host.lstrip(".") for host in settings.ALLOWED_HOSTS)}


def _said(site: SubSite) -> dict[str, Any]:
    return {field: getattr(site, field) for field in _SAID}
