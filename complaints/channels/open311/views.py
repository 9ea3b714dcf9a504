"""The calls of GeoReport v2. Each answers in the format its address ends with."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Permission
from complaints.channels.open311 import inbound, records, services, updates
from complaints.channels.open311.asking import Call
from complaints.channels.open311.formats import Document
from complaints.channels.open311.refusals import Missing

# Seconds for which a list of services may be kept; of a request nothing may.
LISTS_KEPT = "public, max-age=300"


class Discovery(Call):
    def get(self, request: Request, **kwargs: Any) -> Response:
        endpoint = request.build_absolute_uri(reverse("open311:start")).rstrip("/")
        site = request.build_absolute_uri(reverse("home")).rstrip("/")
        content = services.discovery(endpoint, site, timezone.localdate())
        return Response(Document("discovery", content), headers={"Cache-Control": LISTS_KEPT})


class Services(Call):
    def get(self, request: Request, **kwargs: Any) -> Response:
        rows = [services.service(category) for category in services.in_force(timezone.localdate())]
        return Response(Document("services", rows), headers={"Cache-Control": LISTS_KEPT})


class Definition(Call):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        content = services.definition(services.find(code, timezone.localdate()))
        return Response(Document("service_definition", content), headers={"Cache-Control": LISTS_KEPT})


class Requests(Call):
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Nine statements at most, whatever is asked."""
        now = timezone.now()
        wanted = records.read(self.asked, self.jurisdiction, now)
        rows, more = records.page(wanted)
        if wanted.numbers and self.client is not None:
            rows = [*rows, *records.brought(wanted.numbers, self.client)][: records.MOST]
        response = Response(Document("service_requests", records.records(rows, now)))
        if more:
            response["Link"] = f'<{self.again(page=wanted.page + 1)}>; rel="next"'
        return response

    def post(self, request: Request, **kwargs: Any) -> Response:
        """File a report. The answer holds the id, or a token where there is none yet; never both."""
        client = self.client_with(Permission.FILE)
        inbound.may_file(client, self.jurisdiction)
        now = timezone.now()
        said = inbound.read_form(self.asked, self.jurisdiction, timezone.localdate(now))
        filed = inbound.file(said, client, request.headers.get("Idempotency-Key", "").strip(), now)
        row = {
            **({"service_request_id": filed.number} if filed.number else {"token": filed.token}),
            "service_notice": inbound.notice(said, filed) or None,
            "account_id": None,
        }
        return Response(Document("service_requests", [row]))


class OneRequest(Call):
    def get(self, request: Request, number: str, **kwargs: Any) -> Response:
        row = records.one(number, self.jurisdiction, self.client)
        return Response(Document("service_requests", records.records([row], timezone.now())))


class Token(Call):
    def get(self, request: Request, token: str, **kwargs: Any) -> Response:
        """The id of what was filed, or none as long as there is none."""
        arrival = inbound.by_token(token)
        number = arrival.complaint.number if arrival.complaint else None
        return Response(Document("service_requests", [{"service_request_id": number, "token": token}]))


class Updates(Call):
    """GET servicerequestupdates. Posting one needs the acts of an office: `routing.views.open311` adds it."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        """Five statements, whatever is asked."""
        wanted = updates.read(self.asked, self.jurisdiction, timezone.now())
        events, more = updates.page(wanted)
        response = Response(Document("service_request_updates", updates.updates(events)))
        if more:
            response["Link"] = f'<{self.again(page=wanted.page + 1)}>; rel="next"'
        return response


class Nothing(Call):
    """Every address under /open311/ that is none: a refusal in a machine's words, never a page."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        raise Missing(_("Tidak ada apa-apa di alamat ini."))

    post = get
