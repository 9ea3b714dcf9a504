"""The doors of districts: /d/<slug>/ and own hosts, behind which stand the citizens' pages of the portal.

Behind /d/inhu/ every address of the portal begins with /d/inhu/, as if it were installed there (SCRIPT_NAME, PEP
3333): no view knows of it, `{% url %}` and `reverse` write the right links, and `request.subsite` says whose name,
colours and figures are shown. Officers' pages and accounts stand on the national address alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, get_script_prefix, resolve, set_script_prefix

from agencies.models import SubSite
from lapor.hosts import lent

Respond = Callable[[HttpRequest], HttpResponseBase]

_DOOR = re.compile(r"/d/(?P<slug>[a-z0-9_-]{1,40})(?P<rest>/.*)?", re.S)

# What citizens open: by these names behind every door, all else on the national address.
PAGES = frozenset(
    {
        "home",
        "how",
        "privacy",
        "set_language",
        "robots",
        "stylesheet",
        "agencies:directory",
        "agencies:office",
        "agencies:mark",
        "routing:statistics",
        "routing:statistics_place",
        "routing:statistics_office",
        "routing:statistics_category",
        "routing:statistics_file",
        "routing:register",
        # The installed app of an own host.
        "manifest",
        "service-worker",
        "offline",
        "offline-draft",
        "share",
        # Open311 of the district alone.
        "routing:open311_updates",
    }
)
# Every page of the citizens' app but these, and all of Open311.
CITIZENS = ("complaints:", "open311:")
NOT_OF_CITIZENS = frozenset({"complaints:standards", "complaints:mine", "complaints:poster", "complaints:poster_file"})


class SubSites:
    """Sets `request.subsite`: the district's site this request came by, or None; and beside it `request.national`,
    the address of the portal of the whole country. One statement behind a door, none on
    the national address."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.subsite = None  # type: ignore[attr-defined]
        host = _host_of(request)
        if host and not _is_national(host):
            site = SubSite.objects.active().filter(host=host).first()
            if site is not None:
                with lent(host):
                    return self._behind(request, site, "", request.path_info)
            if not validate_host(host, settings.ALLOWED_HOSTS) and SubSite.objects.filter(host=host).exists():
                # A door that was closed: the name still leads here, to where everybody is heard.
                return HttpResponseRedirect(f"{settings.SITE_URL}/")
        if door := _DOOR.fullmatch(request.path_info):
            site = SubSite.objects.active().filter(slug=door["slug"]).first()
            if site is not None:
                if not door["rest"]:
                    return HttpResponseRedirect(f"{request.path}/")
                return self._behind(request, site, f"/d/{site.slug}", door["rest"])
        return self.get_response(request)

    def _behind(self, request: HttpRequest, site: SubSite, prefix: str, rest: str) -> HttpResponseBase:
        if not _is_for_citizens(rest):
            return self._national(request, prefix, rest)
        request.subsite = site  # type: ignore[attr-defined]
        request.national = "/" if prefix else f"{settings.SITE_URL}/"  # type: ignore[attr-defined]
        request.path_info = rest
        before = get_script_prefix()
        set_script_prefix(f"{prefix}/")
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(before)

    def _national(self, request: HttpRequest, prefix: str, rest: str) -> HttpResponse:
        """A look is sent to the national address; what was posted there was never ours to take."""
        if request.method not in ("GET", "HEAD"):
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        base = "" if prefix else settings.SITE_URL
        return HttpResponseRedirect(f"{base}/{rest.lstrip('/')}{'?' if query else ''}{query}")


def _host_of(request: HttpRequest) -> str:
    return split_domain_port(request.META.get("HTTP_HOST", ""))[0].rstrip(".")


def _is_national(host: str) -> bool:
    """Named in the settings letter by letter, or the portal's own: nothing to look up."""
    return host == urlsplit(settings.SITE_URL).hostname or host in list.copy(settings.ALLOWED_HOSTS)


def _is_for_citizens(rest: str) -> bool:
    """What is no page at all may be told so in the district's colours."""
    try:
        name = resolve(rest).view_name
    except Resolver404:
        return True
    return name in PAGES or (name.startswith(CITIZENS) and name not in NOT_OF_CITIZENS)
