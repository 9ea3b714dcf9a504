from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agencies.models import Agency, ApiClient, Membership


class RoutingConfig(AppConfig):
    name = "routing"
    verbose_name = _("disposisi")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import hooks
        from routing import receivers  # noqa: F401
        from routing.measures import checking  # noqa: F401

        hooks.desk_nav.append(_nav)
        hooks.office_figures.append(_figures)
        hooks.client_links.append(_webhooks)
        hooks.manage_links.append(_webhook_list)


def _nav(membership: Membership) -> list[tuple[str, str, int | None]]:
    """For the officers' pages of the map; the views are loaded when the first of them is."""
    from routing.views.frame import nav

    return nav(membership)


def _figures(agencies: Sequence[Agency]) -> Mapping[int, Sequence[tuple[str, str]]]:
    from routing.directory import figures_of

    return figures_of(agencies)


def _webhooks(client: ApiClient) -> Sequence[tuple[str, str, str]]:
    """For the page of a machine: each address that is told, and one more."""
    from routing.endpoints import links_of

    return links_of(client)


def _webhook_list(membership: Membership) -> Sequence[tuple[str, str, str]]:
    from routing.endpoints import links_for

    return links_for(membership)
