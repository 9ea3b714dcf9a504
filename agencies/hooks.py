"""What upper apps add to the pages of the map. They register in their AppConfig.ready(); the map knows no complaint.

hooks.office_figures.append(f)   f(agencies) → {agency id: [(label, value), …]} for the directory, one statement
hooks.account_links.append(f)    f(request) → [(label, url, sentence), …] for /akun/
hooks.office_links.append(f)     f(agency) → [(label, url), …] for an office's public page
hooks.office_feeds.append(f)     f(agency) → [(title, url), …] of the feeds its public page leads to
hooks.office_manage_links.append(f)  f(agency) → [(label, url), …] for whoever manages the office
hooks.client_links.append(f)     f(api client) → [(label, url, sentence), …] for its page
hooks.at_desk.append(f)          f() → a filter of memberships: whoever opened their desk lately
hooks.desk_nav.append(f)         f(request) → [(label, url, count or None), …] for the officers' header
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db.models import Q
from django.http import HttpRequest

from agencies.models import Agency, ApiClient, Membership

Figures = Sequence[tuple[str, str]]

office_figures: list[Callable[[Sequence[Agency]], Mapping[int, Figures]]] = []
account_links: list[Callable[[HttpRequest], Sequence[tuple[str, str, str]]]] = []
office_links: list[Callable[[Agency], Sequence[tuple[str, str]]]] = []
office_feeds: list[Callable[[Agency], Sequence[tuple[str, str]]]] = []
desk_nav: list[Callable[[Membership], Sequence[tuple[str, str, int | None]]]] = []
manage_links: list[Callable[[Membership], Sequence[tuple[str, str, str]]]] = []
at_desk: list[Callable[[], Q]] = []

office_manage_links: list[Callable[[Agency], Sequence[tuple[str, str]]]] = []
client_links: list[Callable[[ApiClient], Sequence[tuple[str, str, str]]]] = []


def figures_of(agencies: Sequence[Agency]) -> dict[int, list[tuple[str, str]]]:
    """Every figure the upper apps know about these offices, in the order they registered."""
    found: dict[int, list[tuple[str, str]]] = {agency.pk: [] for agency in agencies}
    for function in office_figures:
        for pk, figures in function(agencies).items():
            found[pk].extend(figures)
    return found


def nav_of(membership: Membership) -> list[tuple[str, str, int | None]]:
    """The officers' header, as the upper apps know it."""
    return [link for function in desk_nav for link in function(membership)]


def at_desk_lately() -> Q:
    found = Q()
    for function in at_desk:
        found &= function()
    return found


def links_to_manage(agency: Agency) -> list[tuple[str, str]]:
    return [link for function in office_manage_links for link in function(agency)]


def links_of_client(client: ApiClient) -> list[tuple[str, str, str]]:
    return [link for function in client_links for link in function(client)]
