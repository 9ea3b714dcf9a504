"""The verbs on API clients: register, change, rotate, end; and signing in with a key. Each act writes its audit row.

A coordinator keeps the clients of the own subtree, the centre everybody's. A key is shown once; what is kept would let
nobody in.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, ApiClient, ApiKey, AuditEntry, Permission
from agencies.permissions import Capability, membership_may

MARK = "lapor"
# Crockford's letters without those that are read as others; a prefix is read aloud when a key is missed.
_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
MOST_ALIVE = 2
# What whoever rotates may choose: days the old key lives on.
OVERLAPS = (0, 1, 14, 30)
MOST_HOURLY = 100_000
_USE_IS_NOTED_EVERY = datetime.timedelta(hours=1)


def may_manage(by: Actor, agency: Agency) -> bool:
    return by.membership is not None and membership_may(by.membership, Capability.MANAGE_CLIENTS, agency)


@transaction.atomic
def register(
    *,
    by: Actor,
    agency: Agency,
    name: str,
    permissions: list[str],
    hourly_limit: int = 3600,
    contact: str = "",
    ends_on: datetime.date | None = None,
) -> tuple[ApiClient, str]:
    """A client and its first key, which is nowhere else to be read again. Raises Refused."""
    _ask(by, agency)
    today = timezone.localdate()
    if not agency.is_active_on(today):
        raise Refused(_("Kantor ini sudah berakhir."), "agency")
    _check(permissions, hourly_limit, ends_on)
    if ApiClient.objects.filter(agency=agency, name__iexact=name, ends_on__isnull=True).exists():
        raise Refused(_("Sudah ada sistem dengan nama itu di kantor ini."), "name")
    client = ApiClient.objects.create(
        name=name,
        agency=agency,
        permissions=sorted(permissions),
        hourly_limit=hourly_limit,
        contact=contact,
        starts_on=today,
        ends_on=ends_on,
        created_by=by.user,
    )
    row, key = _new_key(client, by)
    _audit(by, "register_client", client, after={**_said(client), "key": row.prefix})
    return client, key


@transaction.atomic
def change(client: ApiClient, *, by: Actor, permissions: list[str], hourly_limit: int, contact: str = "") -> ApiClient:
    """Other permissions, another limit. Raises Refused."""
    _ask(by, client.agency)
    _check(permissions, hourly_limit, None)
    client = _locked(client)
    before = _said(client)
    client.permissions, client.hourly_limit, client.contact = sorted(permissions), hourly_limit, contact
    client.save(update_fields=["permissions", "hourly_limit", "contact"])
    if before != _said(client):
        _audit(by, "change_client", client, before=before, after=_said(client))
    return client


@transaction.atomic
def rotate(client: ApiClient, *, by: Actor, overlap: int, now: datetime.datetime | None = None) -> str:
    """A new key; the older one lives on for `overlap` days (0: not a moment). Raises Refused.

    At most two are alive: whoever rotates twice in a row ends the eldest at once.
    """
    _ask(by, client.agency)
    now = now or timezone.now()
    client = _locked(client)
    if not client.is_active_on(timezone.localdate(now)):
        raise Refused(_("Sistem ini sudah berakhir."))
    if overlap not in OVERLAPS:
        raise Refused(_("Pilih berapa lama kunci lama masih berlaku."), "overlap")
    alive = list(client.keys.alive_at(now))
    newest = alive[0] if alive else None
    for key in alive[MOST_ALIVE - 1 :]:
        key.ends_at = now
        key.save(update_fields=["ends_at"])
    if newest is not None:
        ending = now + datetime.timedelta(days=overlap)
        newest.ends_at = ending if newest.ends_at is None else min(newest.ends_at, ending)
        newest.save(update_fields=["ends_at"])
    row, key_text = _new_key(client, by, now)
    _audit(by, "rotate_key", client, after={"key": row.prefix, "older": newest.prefix if newest else None})
    return key_text


@transaction.atomic
def end_key(key: ApiKey, *, by: Actor, reason: str, now: datetime.datetime | None = None) -> None:
    """One key is worth nothing from now on: it leaked, or the change-over is done. Raises Refused."""
    _ask(by, key.client.agency)
    now = now or timezone.now()
    row = ApiKey.objects.select_for_update().get(pk=key.pk)
    if not row.is_alive_at(now):
        raise Refused(_("Kunci ini sudah berakhir."))
    row.ends_at = now
    row.save(update_fields=["ends_at"])
    _audit(by, "end_key", key.client, reason=reason, after={"key": row.prefix})


@transaction.atomic
def end(client: ApiClient, *, by: Actor, reason: str) -> None:
    """From now on it signs in no more, with whichever key. Raises Refused."""
    _ask(by, client.agency)
    client = _locked(client)
    today = timezone.localdate()
    if client.ends_on is not None and client.ends_on <= today:
        raise Refused(_("Sistem ini sudah berakhir."))
    before = _said(client)
    client.ends_on = max(today, client.starts_on)
    client.save(update_fields=["ends_on"])
    client.keys.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now())).update(ends_at=timezone.now())
    _audit(by, "end_client", client, reason=reason, before=before, after=_said(client))


def sign_in(key: str, *, now: datetime.datetime | None = None) -> ApiClient | None:
    """The client of a key that is alive, of a client that is active; None for anything else. One statement."""
    now = now or timezone.now()
    mark, _mark, rest = key.strip().partition("_")
    prefix, _mark, secret = rest.partition("_")
    digest = _digest(key.strip())
    if mark != MARK or len(prefix) != 8 or not secret or not prefix.isascii():
        return None
    row = (
        ApiKey.objects.select_related("client__agency__parent", "client__agency__region").filter(prefix=prefix).first()
    )
    if row is None or not hmac.compare_digest(row.digest, digest):
        return None
    if not row.is_alive_at(now) or not row.client.is_active_on(timezone.localdate(now)):
        return None
    if row.last_used_at is None or row.last_used_at < now - _USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return row.client


def _new_key(client: ApiClient, by: Actor, now: datetime.datetime | None = None) -> tuple[ApiKey, str]:
    prefix = "".join(secrets.choice(_LETTERS) for _place in range(8))
    key = f"{MARK}_{prefix}_{secrets.token_urlsafe(30)}"
    row = client.keys.create(prefix=prefix, digest=_digest(key), created_by=by.user, created_at=now or timezone.now())
    return row, key


def _digest(key: str) -> str:
    """HMAC-SHA-256 (hex) under the portal's pepper: a stolen table opens nothing."""
    secret = settings.LAPOR_PEPPER.encode()
    return hmac.new(secret, b"api:" + key.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _check(permissions: list[str], hourly_limit: int, ends_on: datetime.date | None) -> None:
    if not permissions or set(permissions) - set(Permission.values):
        raise Refused(_("Pilih apa yang boleh dilakukan sistem ini."), "permissions")
    if not 1 <= hourly_limit <= MOST_HOURLY:
        raise Refused(_("Antara 1 dan 100.000 permintaan per jam."), "hourly_limit")
    if ends_on is not None and ends_on <= timezone.localdate():
        raise Refused(_("Hari terakhir harus di masa depan."), "ends_on")


def _locked(client: ApiClient) -> ApiClient:
    """Whoever changes the same client waits here."""
    return ApiClient.objects.select_for_update(of=("self",)).select_related("agency").get(pk=client.pk)


def _ask(by: Actor, agency: Agency) -> None:
    if not may_manage(by, agency):
        raise NotAllowed(_("Anda tidak berwenang mengatur sistem kantor ini."))


def _said(client: ApiClient) -> dict[str, Any]:
    return {
        "name": client.name,
        "agency": client.agency_id,
        "permissions": list(client.permissions),
        "hourly_limit": client.hourly_limit,
        "contact": client.contact,
        "ends_on": client.ends_on.isoformat() if client.ends_on else None,
    }


def _audit(by: Actor, what: str, client: ApiClient, **said: Any) -> None:
    AuditEntry.objects.create(
        who=by.user, acting_as=by.agency, what=what, subject_kind="api_client", subject_id=client.pk, **said
    )
