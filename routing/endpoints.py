"""The verbs on webhooks: register, change the secret, send again, let go on, end. Each act writes its audit row."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import clients
from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import ApiClient, AuditEntry, Membership, Permission
from agencies.permissions import Capability, membership_may
from routing.delivery import webhook
from routing.models import Delivery, Endpoint

__all__ = [
    "NotAllowed",
    "Refused",
    "change_secret",
    "end",
    "links_for",
    "links_of",
    "register",
    "resume",
    "send_again",
]

MOST = 5
LONGEST = 500
# Sent again by one press.
AT_ONCE = 1_000


@transaction.atomic
def register(client: ApiClient, *, by: Actor, url: str) -> tuple[Endpoint, str]:
    """An address that is told of this client's cases, and its secret, shown once. Raises Refused."""
    _ask(by, client)
    now = timezone.now()
    url = url.strip()
    _check(url)
    if not client.is_active_on(timezone.localdate(now)):
        raise Refused(_("Sistem ini sudah berakhir."))
    if not client.may(Permission.QUEUE):
        raise Refused(_("Beri dulu sistem ini izin membaca laporan yang dipegang instansi."))
    mine = Endpoint.objects.webhooks().filter(client=client, ended_at__isnull=True)
    if mine.filter(url=url).exists():
        raise Refused(_("Alamat ini sudah terdaftar."), "url")
    if mine.count() >= MOST:
        raise Refused(_("Paling banyak 5 alamat. Akhiri satu dulu."), "url")
    endpoint = Endpoint(client=client, kind=Endpoint.Kind.WEBHOOK, url=url, created_by=by.user, created_at=now)
    secret = webhook.new_secret()
    webhook.keep_secret(endpoint, secret, now)
    endpoint.save()
    _audit(by, "register_webhook", endpoint, after={"client": client.pk, "url": url})
    return endpoint, secret


@transaction.atomic
def change_secret(endpoint: Endpoint, *, by: Actor, now: datetime.datetime | None = None) -> str:
    """A new secret; for three days both sign. Raises Refused."""
    row = _locked(endpoint, by)
    secret = webhook.new_secret()
    webhook.keep_secret(row, secret, now or timezone.now())
    row.save(update_fields=["secret_sealed", "old_secret_sealed", "old_secret_until"])
    _audit(by, "change_webhook_secret", row)
    return secret


@transaction.atomic
def resume(endpoint: Endpoint, *, by: Actor) -> None:
    """It answers again: tried at once, whatever it said before. Raises Refused."""
    row = _locked(endpoint, by)
    row.stopped_at, row.rests_until, row.silences = None, None, 0
    row.save(update_fields=["stopped_at", "rests_until", "silences"])
    _audit(by, "resume_webhook", row)


@transaction.atomic
def send_again(
    endpoint: Endpoint, *, by: Actor, delivery: int | None = None, now: datetime.datetime | None = None
) -> int:
    """Dead letters of this endpoint from the beginning: one, or all; how many. Raises Refused."""
    row = _locked(endpoint, by)
    dead = Delivery.objects.filter(endpoint=row, state=Delivery.State.FAILED).order_by("pk")
    rows = list(dead.filter(pk=delivery) if delivery is not None else dead[:AT_ONCE])
    from routing.delivery import sending  # only who sends needs an HTTP client

    count = sending.send_again(rows, now or timezone.now())
    if count:
        _audit(by, "replay_webhook", row, after={"count": count, "delivery": delivery})
    return count


@transaction.atomic
def end(endpoint: Endpoint, *, by: Actor) -> None:
    """It is told nothing more; what waits is never sent. Raises Refused."""
    row = _locked(endpoint, by)
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    _audit(by, "end_webhook", row, before={"url": row.url})


def links_of(client: ApiClient) -> list[tuple[str, str, str]]:
    """For a machine's page: its addresses, each with how it does, and where to add one."""
    rows = Endpoint.objects.webhooks().filter(client=client, ended_at__isnull=True)
    dead = Count("deliveries", filter=Q(deliveries__state=Delivery.State.FAILED))
    links = [
        (
            url,
            reverse("routing:webhook", args=[pk]),
            _("%(count)d kiriman gagal menunggu Anda.") % {"count": count}
            if count
            else _("Diberi tahu setiap kali laporan berubah."),
        )
        for pk, url, count in rows.annotate(dead=dead).values_list("pk", "url", "dead")
    ]
    if client.may(Permission.QUEUE) and client.is_active_on(timezone.localdate()) and len(links) < MOST:
        new = reverse("routing:webhook_add", args=[client.pk])
        links.append((_("Tambah webhook"), new, _("Beri tahu sistem ini setiap kali laporannya berubah.")))
    return links


def links_for(membership: Membership) -> list[tuple[str, str, str]]:
    """For the page of those who manage."""
    if not membership_may(membership, Capability.MANAGE_CLIENTS, membership.agency):
        return []
    return [(_("Webhook"), reverse("routing:webhooks"), _("Kiriman ke sistem instansi, dan yang gagal."))]


def _check(url: str) -> None:
    """An address we may be sent to; where the name leads is looked at again each time. Raises Refused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused(_("Tulis alamat lengkap, misalnya https://sistem.contoh.go.id/lapor."), "url") from None
    if len(url) > LONGEST or not parts.hostname or parts.scheme not in ("http", "https") or parts.username:
        raise Refused(_("Tulis alamat lengkap, misalnya https://sistem.contoh.go.id/lapor."), "url")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Refused(_("Alamat itu memuat huruf yang tidak bisa dipakai."), "url")
    if not settings.PRODUCTION:
        return
    if parts.scheme != "https" or port not in (None, 443):
        raise Refused(_("Hanya alamat https di port 443, supaya nomor laporan tidak terbaca di jalan."), "url")
    from lapor.kit import outside

    try:
        found = outside.resolve(parts.hostname, 443)
    except (OSError, UnicodeError):
        raise Refused(_("Nama host ini tidak ditemukan."), "url") from None
    if not found or not all(outside.is_open(address) for address in found):
        raise Refused(_("Alamat ini tidak di internet umum."), "url")


def _locked(endpoint: Endpoint, by: Actor) -> Endpoint:
    row = Endpoint.objects.select_for_update(of=("self",)).select_related("client__agency").get(pk=endpoint.pk)
    _ask(by, row.client)
    if row.ended_at is not None:
        raise Refused(_("Alamat ini sudah diakhiri."))
    return row


def _ask(by: Actor, client: ApiClient) -> None:
    if not clients.may_manage(by, client.agency):
        raise NotAllowed(_("Anda tidak berwenang mengatur sistem kantor ini."))


def _audit(by: Actor, what: str, endpoint: Endpoint, **said: Any) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="endpoint", subject_id=endpoint.pk, **said
    )
