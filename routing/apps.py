from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Q
    from django.http import HttpRequest

    from agencies.models import Agency, ApiClient, Membership


class RoutingConfig(AppConfig):
    name = "routing"
    verbose_name = _("disposisi")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import hooks
        from routing import briefs, programme_briefs, receivers, weekly  # noqa: F401
        from routing.measures import checking  # noqa: F401

        weekly.register(briefs.KIND)
        weekly.register(programme_briefs.KIND)
        hooks.desk_nav.append(_nav)
        hooks.office_figures.append(_figures)
        hooks.office_links.append(_statistics)
        hooks.office_links.append(_embeds)
        hooks.client_links.append(_webhooks)
        hooks.manage_links.append(_webhook_list)
        hooks.manage_links.append(_teams)
        hooks.account_links.append(_lane)
        hooks.manage_links.append(_plans)
        hooks.at_desk.append(_at_desk)


def _nav(membership: Membership) -> list[tuple[str, str, int | None]]:
    """For the officers' pages of the map; the views are loaded when the first of them is."""
    from routing.views.frame import nav

    return nav(membership)


def _at_desk() -> Q:
    from routing.measures.people import at_desk_lately

    return at_desk_lately()


def _figures(agencies: Sequence[Agency]) -> Mapping[int, Sequence[tuple[str, str]]]:
    from routing.directory import figures_of

    return figures_of(agencies)


def _statistics(agency: Agency) -> Sequence[tuple[str, str]]:
    """On the public page of every office but the root, which is the country."""
    from django.urls import reverse

    if agency.parent_id is None:
        return [(gettext("Seberapa cepat laporan dijawab?"), reverse("routing:statistics"))]
    return [(gettext("Seberapa cepat menjawab?"), reverse("routing:statistics_office", args=[agency.pk]))]


def _embeds(agency: Agency) -> list[tuple[str, str]]:
    """For a district that has a site of its own elsewhere."""
    from django.urls import reverse
    from django.utils import timezone

    from agencies.models.agency import PEMDA

    if agency.kind not in PEMDA or not agency.is_active_on(timezone.localdate()):
        return []
    return [(gettext("Pasang di situs Anda"), reverse("routing:embeds", args=[agency.pk]))]


def _webhooks(client: ApiClient) -> Sequence[tuple[str, str, str]]:
    """For the page of a machine: each address that is told, and one more."""
    from routing.endpoints import links_of

    return links_of(client)


def _plans(membership: Membership) -> Sequence[tuple[str, str, str]]:
    """Whoever manages offices may plan how they will be."""
    from django.urls import reverse
    from django.utils.translation import gettext

    from agencies.permissions import Capability, membership_may

    if not membership_may(membership, Capability.MANAGE_OFFICES, membership.agency):
        return []
    words = gettext("Kantor digabung, dipecah, atau berganti nama mulai suatu hari; lihat dulu apa pindah ke mana.")
    return [(gettext("Penataan kantor"), reverse("routing:plans"), words)]


def _webhook_list(membership: Membership) -> Sequence[tuple[str, str, str]]:
    from routing.endpoints import links_for

    return links_for(membership)


def _teams(membership: Membership) -> Sequence[tuple[str, str, str]]:
    """For the centre: who reads disclosures."""
    from django.urls import reverse

    from agencies import teams

    if membership.agency.parent_id is not None or not teams.may_manage(membership, membership.agency):
        return []
    sentence = gettext("Siapa yang membaca pengungkapan, di pusat dan di inspektorat.")
    return [(gettext("Tim pengungkapan (WBS)"), reverse("routing:disclosure_team"), sentence)]


def _lane(request: HttpRequest) -> Sequence[tuple[str, str, str]]:
    """On the own account, of members of a team and of those who appoint one. Elsewhere no page names the lane."""
    from django.urls import reverse

    from agencies import teams
    from agencies.acting import acting_membership
    from agencies.actor import Actor

    membership = acting_membership(request)
    if membership is None or not teams.is_team_office(membership.agency):
        return []
    links = []
    if teams.seat_of(Actor.officer(membership)) is not None:
        sentence = gettext("Yang hanya dibaca tim Anda.")
        links.append((gettext("Pengungkapan (WBS)"), reverse("routing:disclosures"), sentence))
    if teams.may_manage(membership, membership.agency):
        sentence = gettext("Siapa yang membaca pengungkapan di kantor ini.")
        links.append((gettext("Tim pengungkapan (WBS)"), reverse("routing:disclosure_team"), sentence))
    return links
