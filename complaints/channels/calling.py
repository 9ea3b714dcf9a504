"""Calling a messenger's own server: its silence and its refusals in our words.

httpx is imported inside: a web worker never calls anybody.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from complaints.channels.contract import DoorSilent

if TYPE_CHECKING:
    import ssl

    import httpx

SECONDS = 10.0
# A photo of a messenger is at most a few megabytes; whatever is longer is not read to its end.
LONGEST = 11_000_000


def call(method: str, url: str, **options: Any) -> httpx.Response:
    """The answer, whatever its status under 500. Raises DoorSilent for none, for 429 and for the peer's own faults.

    `options` are httpx's: headers, params, json.
    """
    import httpx

    try:
        answer = httpx.request(method, url, timeout=SECONDS, follow_redirects=False, verify=_trusted(), **options)
    except httpx.HTTPError as error:
        # Its words would repeat the address, and with it a token in the path.
        raise DoorSilent(type(error).__name__) from None
    if answer.status_code == 429:
        raise DoorSilent("429", after=wait_of(answer))
    if answer.status_code >= 500:
        raise DoorSilent(str(answer.status_code))
    return answer


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates httpx believes. To read them costs more than a call: once a process."""
    import httpx

    return httpx.create_ssl_context()


def wait_of(answer: httpx.Response) -> datetime.timedelta | None:
    """How long the peer asks us to wait: Retry-After in seconds (RFC 9110, 10.2.3), or X's x-rate-limit-reset in
    seconds since 1970."""
    after, reset = answer.headers.get("retry-after", ""), answer.headers.get("x-rate-limit-reset", "")
    if after.isdecimal() and len(after) < 7:
        return datetime.timedelta(seconds=int(after))
    if reset.isdecimal() and len(reset) < 12:
        return max(datetime.timedelta(seconds=int(reset) - timezone.now().timestamp()), datetime.timedelta(0))
    return None


def body_of(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; empty when it is none."""
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def download(url: str, **options: Any) -> bytes:
    """A file's bytes, at most LONGEST. Raises DoorSilent when it can't be had now; empty when it is not there."""
    import httpx

    got = bytearray()
    try:
        with httpx.stream("GET", url, timeout=SECONDS, follow_redirects=False, **options) as answer:
            if answer.status_code == 429 or answer.status_code >= 500:
                raise DoorSilent(str(answer.status_code), after=wait_of(answer))
            if answer.status_code != 200:
                return b""
            for chunk in answer.iter_bytes():
                got += chunk
                if len(got) > LONGEST:
                    return b""
    except httpx.HTTPError as error:
        raise DoorSilent(type(error).__name__) from None
    return bytes(got)
