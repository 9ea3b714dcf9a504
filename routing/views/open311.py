"""POST servicerequestupdates: the one call of Open311 that needs the acts of an office."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Permission
from complaints.channels.open311 import updates, views
from complaints.channels.open311.formats import Document
from complaints.channels.open311.refusals import NoKey
from routing.updates import take


class Updates(views.Updates):
    def post(self, request: Request, **kwargs: Any) -> Response:
        client = self.client
        if client is None:
            raise NoKey(_("api_key wajib dikirim."))
        if not (client.may(Permission.ACT) or client.may(Permission.FILE)):
            raise NoKey(_("Kunci ini tidak diberi izin untuk ini."))
        now = timezone.now()
        row = {"update_id": take(updates.read_form(self.asked, now), client, now)}
        return Response(Document("service_request_updates", [row]))
