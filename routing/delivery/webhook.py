"""What a webhook says, and how it is signed: Standard Webhooks (https://www.standardwebhooks.com), HMAC-SHA256.

Numbers and links only: whoever listens on the way, or keeps the body in a log, learns no story and no name. The case
itself is read with the key, where the look is written down.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
import secrets

from django.conf import settings
from django.utils import timezone

from lapor.kit.sealing import InvalidToken, seal, unseal
from routing.delivery import outbox
from routing.models import Delivery, Endpoint

MARK = "whsec_"
# While the other side changes over both secrets sign.
OVERLAP = datetime.timedelta(days=3)


def new_secret() -> str:
    """32 random bytes as the standard writes them; shown once."""
    return MARK + base64.b64encode(secrets.token_bytes(32)).decode()


def payload(delivery: Delivery) -> bytes:
    """The body, the same at every try."""
    event, complaint = delivery.event, delivery.complaint
    number, helps = complaint.shown_number, outbox.helps(event, delivery.endpoint.client.agency_id)
    said = {
        "type": f"laporan.{event.verb}",
        "timestamp": timezone.localtime(event.at).isoformat(),
        "data": {
            "event": event.pk,
            "number": number,
            "verb": event.verb,
            # How the case goes is the lead's.
            "status": None if helps else event.status_to,
            "held": delivery.held,
            "help": helps,
            "api_url": f"{settings.SITE_URL}/api/v1/{'bantuan' if helps else 'antrean'}/{number}/",
        },
    }
    return json.dumps(said, separators=(",", ":")).encode()


def headers(delivery: Delivery, endpoint: Endpoint, body: bytes, now: datetime.datetime) -> dict[str, str]:
    """Id, timestamp and one signature a secret. Raises InvalidToken when a secret opens no more."""
    stamp = str(int(now.timestamp()))
    signatures = [sign(secret, str(delivery.message_id), stamp, body) for secret in secrets_of(endpoint, now)]
    return {
        "Content-Type": "application/json",
        "webhook-id": str(delivery.message_id),
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signatures),
    }


def sign(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(MARK))
    signed = b".".join([message_id.encode(), stamp.encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def secrets_of(endpoint: Endpoint, now: datetime.datetime) -> list[str]:
    """The one in force, and for a while the one before it."""
    found = [unseal(endpoint.secret_sealed)]
    if endpoint.old_secret_sealed and endpoint.old_secret_until is not None and now < endpoint.old_secret_until:
        try:
            found.append(unseal(endpoint.old_secret_sealed))
        except InvalidToken:
            return found
    return found


def keep_secret(endpoint: Endpoint, secret: str, now: datetime.datetime) -> None:
    """Before it is saved: the new one signs from now on, the old one beside it for three days."""
    if endpoint.secret_sealed:
        endpoint.old_secret_sealed, endpoint.old_secret_until = endpoint.secret_sealed, now + OVERLAP
    endpoint.secret_sealed = seal(secret)
