"""Ring a browser: encrypted for it alone (RFC 8291), signed as us (VAPID, RFC 8292), by its maker's push service.

The address of a parcel is the ids of the recipient's devices. Each is called; a second call with the same tag takes
the first one's place on the screen. What the push service calls gone (404, 410) is not called again.

The libraries that call are imported inside: a web worker never calls anybody.
"""

from __future__ import annotations

import base64
import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

from complaints.channels.contract import DoorRefused, DoorSilent, NobodyThere, Parcel
from complaints.models import Device

if TYPE_CHECKING:
    import requests

# Seconds a push service is waited for, and how long it keeps a call for a phone that is off.
TIMEOUT = 10
KEPT_THERE = datetime.timedelta(days=3)
GONE = (404, 410)


class Unwelcome(Exception):
    """This address is no push service we call."""


class Bell:
    """Connections to the push services, kept over one run."""

    def __init__(self) -> None:
        import requests

        self._line = requests.Session()
        # Whoever chose the address would choose where a redirect leads.
        self._line.max_redirects = 0

    def send(self, parcel: Parcel) -> str:
        """Call every device of the parcel. Raises NobodyThere when none is left, DoorSilent when one could not be
        called just now (all are called again: the tag keeps it one message), DoorRefused."""
        reached, later = 0, None
        for device in Device.objects.awake().filter(pk__in=_devices(parcel.address)):
            try:
                self._call(device, parcel.text)
                reached += 1
            except NobodyThere:
                device.end(gone=True)
            except DoorSilent as silent:
                later = silent
        if later is not None:
            raise later
        if not reached:
            raise NobodyThere("every device is gone")
        return ""

    def close(self) -> None:
        self._line.close()

    def _call(self, device: Device, words: str) -> None:
        import requests
        from pywebpush import WebPushException, webpush

        subscription = device.subscription()
        endpoint = str(subscription["endpoint"])
        try:
            check_endpoint(endpoint)
            webpush(
                subscription,
                data=words,
                vapid_private_key=settings.LAPOR_VAPID_KEY,
                vapid_claims={"sub": settings.LAPOR_VAPID_SUBJECT},
                ttl=int(KEPT_THERE.total_seconds()),
                timeout=TIMEOUT,
                requests_session=self._line,
            )
        except Unwelcome as error:
            # The list of services became shorter since it asked.
            raise NobodyThere(str(error)) from error
        except WebPushException as error:
            raise _as_ours(error.response, str(error)) from error
        except requests.TooManyRedirects as error:
            raise NobodyThere("a redirect") from error
        except requests.RequestException as error:
            raise DoorSilent(f"{urlsplit(endpoint).hostname}: {type(error).__name__}") from error
        Device.objects.filter(pk=device.pk).update(called_at=timezone.now())


def _as_ours(response: requests.Response | None, said: str) -> Exception:
    """What a push service's answer means to the outbox."""
    if response is None:
        # Keys that no browser made: nothing was sent.
        return NobodyThere(said[:120])
    host = urlsplit(response.url or "").hostname or ""
    answer = f"{host}: {response.status_code}"
    if response.status_code in GONE:
        return NobodyThere(answer)
    if response.status_code == 429 or response.status_code >= 500:
        wait = response.headers.get("Retry-After", "")
        after = datetime.timedelta(seconds=min(int(wait), 3600)) if wait.isdigit() else None
        return DoorSilent(answer, after=after)
    # Our signature or our words are refused: ours to repair, so it waits and then fails loudly.
    return DoorRefused(answer, lasting=False)


def _devices(address: str) -> list[int]:
    return [int(pk) for pk in address.split(",") if pk.isdigit()]


def check_endpoint(endpoint: str) -> None:
    """Whoever asks to be called names an address, and we go there: only to push services we know. Raises Unwelcome."""
    address = urlsplit(endpoint)
    host = (address.hostname or "").lower()
    known = any(host == one or host.endswith(f".{one}") for one in settings.LAPOR_PUSH_HOSTS)
    tried_here = not settings.PRODUCTION and host == "127.0.0.1"
    if not known or address.username or (address.scheme != "https" and not tried_here):
        raise Unwelcome(f"{host or 'no host'} is no push service we call")


def public_key() -> str:
    """What a browser asks for before it lets us call: our public key, base64url. "" while calls are switched off."""
    return _public(settings.LAPOR_VAPID_KEY) if settings.LAPOR_VAPID_KEY else ""


@lru_cache(maxsize=4)
def _public(private: str) -> str:
    from py_vapid import Vapid

    key: Any = Vapid.from_string(private).public_key
    return (
        base64.urlsafe_b64encode(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)).decode().rstrip("=")
    )
