"""Whose page it is: the country's, a province's, or that of a body with a deep tree."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from agencies.acting import OfficerRequest
from agencies.models import Agency
from routing import centre, oversight
from routing.views.centre.nation import national
from routing.views.centre.province import of_province
from routing.views.centre.units import of_units


def page_of(request: OfficerRequest, node: Agency) -> HttpResponseBase | None:
    """The page of this node where it is the country, a province seen from beside, or a body with a deep tree; of an
    observer's programme its own. None: one table of offices (routing.views.oversight)."""
    membership = request.acting
    if membership.programme_id is not None:
        return redirect("routing:programmes") if oversight.is_grouped(membership, node) else None
    if node.parent_id is None:
        return national(request, node)
    if oversight.is_grouped(membership, node):
        return of_province(request, node)
    if centre.is_deep(node):
        return of_units(request, node)
    return None
