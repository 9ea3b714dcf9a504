"""Attachments, guarded like the case they belong to. Only what a worker found clean is ever served.

To whoever may not open the case a file does not exist. Of a public case everybody sees the pictures that came with a
public answer, and none the reporter sent: a photo of a hole may show a face or a house.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agencies.acting import acting_membership
from agencies.actor import Actor
from complaints import privacy, serving
from complaints.models import Attachment, Complaint, Message, Publication
from complaints.models.event import Audience
from complaints.privacy import Text
from complaints.transitions import HELPERS
from complaints.views.holding import is_reporter


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file. 404 for what is not clean, not there, or not for this viewer: all alike."""
    row = (
        Attachment.objects.filter(pk=pk, state=Attachment.State.CLEAN, complaint__isnull=False)
        .select_related("complaint__handler", "complaint__not_for", "complaint__reporter", "message")
        .first()
    )
    if row is None or row.complaint is None or not may_open(request, row, row.complaint):
        raise Http404
    return serving.file_of(row)


def may_open(request: HttpRequest, row: Attachment, complaint: Complaint) -> bool:
    message = row.message
    if message is not None and message.state == Message.State.WITHDRAWN:
        return False
    if is_reporter(request, complaint):
        return message is None or (
            message.state == Message.State.SENT and message.audience in (Audience.PUBLIC, Audience.PARTIES)
        )
    membership = acting_membership(request)
    if membership is not None and _officer_may(Actor.officer(membership), complaint):
        return True
    if membership is not None and _helper_may(Actor.officer(membership), row, complaint):
        return True
    return (
        message is not None
        and message.side != Message.Side.REPORTER
        and message.state == Message.State.SENT
        and message.audience == Audience.PUBLIC
        and row.sniffed_type in serving.SHOWN_INSIDE
        and not complaint.secret
        and Publication.objects.filter(complaint=complaint).exists()
    )


def _helper_may(officer: Actor, row: Attachment, complaint: Complaint) -> bool:
    """An office that was asked to help sees of the files that came with the report those the lead chose, as long as it
    is asked, and what it sent itself; nothing of the talk between reporter and lead."""
    message, office = row.message, officer.agency
    if office is None or officer.role not in HELPERS or complaint.is_guarded:
        return False
    if message is None:
        asked = complaint.contributions.open().filter(agency=office, files=row)
        return privacy.text_for(complaint, officer) is Text.MASKED and asked.exists()
    return message.verb == "contribute" and message.agency_id == office.pk


def _officer_may(officer: Actor, complaint: Complaint) -> bool:
    """As the case's text; a secret one's file is a look that is written down."""
    if privacy.text_for(complaint, officer) is not Text.FULL:
        return False
    privacy.view_of(complaint, officer)
    return True
