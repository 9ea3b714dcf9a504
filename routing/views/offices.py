"""Words that every table of offices needs: how old, when the desk was opened, what a bar says."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.acting import OfficerRequest
from agencies.models import Agency, Membership, Role
from agencies.models.agency import Kind
from agencies.permissions import Capability, agencies_for, membership_may
from complaints.models import Publication
from complaints.privacy import row_title
from lapor.kit import wording
from routing import call_ups, queue
from routing.views import frame


def office_of(request: OfficerRequest, pk: int) -> Agency:
    """An office whose numbers this officer may see; any other does not exist to them."""
    return get_object_or_404(
        agencies_for(request.user, Capability.SEE_NUMBERS).select_related("parent", "region"), pk=pk
    )


def oversight_page(
    request: OfficerRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(
        request, template, {"acting": request.acting, "nav": frame.nav(request.acting)} | context, status=status
    )
    response["Cache-Control"] = "private, no-store"
    return response


def shows_officers(membership: Membership, node: Agency) -> bool:
    """A head's own office, and a single office that somebody above looks at; a whole district's are on their page."""
    if not membership_may(membership, Capability.SEE_OFFICERS, node):
        return False
    return node.kind in (Kind.OPD, Kind.UNIT) or not membership_may(membership, Capability.OVERSEE, node)


def called_up(membership: Membership, node: Agency, today: datetime.date) -> dict[str, Any] | None:
    """For templates/routing/_called_up.html; None: nothing is past its day, or it is not this reader's to ask. Two
    statements at most."""
    if not membership_may(membership, Capability.OVERSEE, node):
        return None
    rows, count = call_ups.passed(membership, node, today)
    if not rows:
        return None
    own = node.pk == membership.agency_id and node.parent_id is not None
    return {
        "count": count,
        "rows": [
            {
                "title": row_title(one.complaint, None),
                "url": reverse("routing:case", args=[one.complaint.number]),
                "office": one.agency.shown_name,
                "day": one.due_on,
            }
            for one in rows
        ],
        "all": f"{reverse('routing:desk')}?{urlencode({'q': 'kantor:semua penjelasan:diminta'})}" if own else "",
    }


def visited(day: datetime.date | None, today: datetime.date) -> str:
    if day is None:
        return _("tidak pernah").replace(" ", "\N{NO-BREAK SPACE}")
    if day >= today:
        return _("hari ini")
    if day == today - datetime.timedelta(days=1):
        return _("kemarin")
    return wording.short_day(day) if day.year == today.year else wording.plain_day(day)


def age_labels() -> list[str]:
    return [_("0–1"), _("2–3"), _("4–5"), _("6–10"), _("11–30"), _("lebih dari 30")]


def legend() -> list[tuple[str, str]]:
    return [(f"a{n}", label) for n, label in enumerate(age_labels(), start=1)]


def titled(rows: list[queue.Row], membership: Membership, *, outside: bool = False) -> list[dict[str, Any]]:
    """Rows with the title and the address this reader may have: an observer's is the public copy's, if there is one.
    One statement at most."""
    copies = {}
    reads_copies = membership.role == Role.OBSERVER
    if reads_copies:
        copies = dict(
            Publication.objects.filter(complaint__number__in=[row.number for row in rows]).values_list(
                "complaint__number", "title"
            )
        )
    return [
        {
            "row": row,
            "title": copies.get(row.number, _("Belum diterbitkan")) if reads_copies else row.title,
            "url": _case_url(row, outside, copies),
        }
        for row in rows
    ]


def _case_url(row: queue.Row, outside: bool, copies: dict[str, str]) -> str:
    """The case on the desk; whoever looks from beside reads what everybody reads, if anything."""
    if not outside:
        return reverse("routing:case", args=[row.number])
    return reverse("complaints:case", args=[row.shown_number]) if row.number in copies else ""
