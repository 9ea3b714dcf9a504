"""Addresses that came with a request."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, default: str) -> str:
    """`next` of the form or the query if it is a page of ours, else the default (a url name or path)."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    # A path and no bare word, which `redirect` would take for the name of a page.
    if ours and "/" in wanted:
        return wanted
    return resolve_url(default)
