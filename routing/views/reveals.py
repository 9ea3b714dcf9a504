"""The second person's word: requests to see an anonymous reporter, and the button that grants one.

Shows who asks and why, and nothing of the case: whoever approves needs no more than the reason.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agencies.acting import OfficerRequest
from agencies.actor import Actor
from agencies.permissions import Capability, membership_may
from complaints import privacy
from complaints.models import Reveal
from complaints.transitions import NotAllowed
from routing.views.frame import for_officers, page


def _national(request: OfficerRequest) -> Actor:
    if not membership_may(request.acting, Capability.REVEAL, request.acting.agency):
        raise PermissionDenied
    return Actor.officer(request.acting)


@require_GET
@for_officers
def reveals(request: OfficerRequest) -> HttpResponseBase:
    by = _national(request)
    rows = [
        {
            "reveal": asked,
            "own": by.user is not None and asked.asked_by_id == by.user.pk,
            "ends_at": asked.asked_at + privacy.APPROVED_WITHIN,
        }
        for asked in privacy.waiting_reveals()
        if privacy.sight_of(asked.complaint, by) is privacy.Sight.TWO
    ]
    return page(request, "routing/reveals.html", {"rows": rows})


@require_POST
@for_officers
def approve(request: OfficerRequest, pk: int) -> HttpResponse:
    by = _national(request)
    asked = get_object_or_404(Reveal.objects.select_related("complaint__handler", "complaint__not_for"), pk=pk)
    if privacy.sight_of(asked.complaint, by) is privacy.Sight.NEVER:
        raise Http404
    try:
        privacy.approve_reveal(asked, by=by, now=timezone.now())
    except NotAllowed as error:
        messages.error(request, str(error.message))
    else:
        messages.success(
            request,
            _("Disetujui. %(name)s bisa melihat nama pelapor selama 24 jam, dan pelapor kami beri tahu.")
            % {"name": asked.asked_by.name},
        )
    return redirect("routing:reveals")
