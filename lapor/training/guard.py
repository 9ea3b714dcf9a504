"""Nothing leaves: what the portal would send is kept, and a connection to anywhere but its own servers is refused.

The ways out are switched off one by one in the settings; this is for the one somebody adds and forgets.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery.signals import task_prerun
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.signals import connection_created

from complaints.poster import press
from lapor.embedded import apart
from lapor.kit import outside, ratelimit
from lapor.training import clock

_looked_at = False


def close() -> None:
    """Once in each process, when everything is loaded."""
    sys.addaudithook(_listen)
    outside.post = caught
    outside.fetch = nothing
    press.typeset = partial(marked, press.typeset)
    # A room full of people has one address; what guesses may find here is invented.
    ratelimit.Bucket.take = _always  # type: ignore[method-assign, assignment]
    connection_created.connect(_first_look, dispatch_uid="latihan")
    task_prerun.connect(_follow, weak=False, dispatch_uid="latihan")


# --- The net ---


def may_connect(address: object) -> bool:
    """This machine, the database and the broker; a socket of this machine has no host."""
    if not isinstance(address, tuple) or not address:
        return True
    try:
        if ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback:
            return True
    except ValueError:
        return str(address[0]) in _own_hosts() | {"localhost"}
    return str(address[0]) in _addresses()


def _own_hosts() -> set[str]:
    found = {urlsplit(settings.REDIS_URL).hostname, settings.DATABASES["default"].get("HOST")}
    return {str(host) for host in found if host}


@cache
def _looked_up(host: str) -> frozenset[str]:
    return frozenset(str(found[4][0]) for found in socket.getaddrinfo(host, None))


def _addresses() -> set[str]:
    found: set[str] = set()
    for host in _own_hosts():
        try:
            found |= _looked_up(host)
        except OSError:
            continue
    return found


def _listen(event: str, args: tuple[Any, ...]) -> None:
    # A datagram that asks for a name or for the own address carries nothing of ours.
    if event == "socket.connect" and args[0].type & socket.SOCK_STREAM and not may_connect(args[1]):
        raise PermissionError(f"latihan: {args[1][0]} bukan milik portal ini, tidak ada yang keluar dari sini")


def caught(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float, guarded: bool = True) -> outside.Said:
    """In place of `outside.post`: what a webhook would have been told."""
    from lapor.training.models import Letter

    said = body.decode("utf-8", "replace").replace("\0", "")
    Letter.objects.create(door="webhook", to=url[:500], subject=headers.get("webhook-id", "")[:300], text=said)
    return outside.Said(200, "latihan")


def nothing(url: str, *, limit: int, seconds: float) -> bytes:
    """In place of `outside.fetch`."""
    raise outside.Unreachable("latihan", lasting=True)


MARK = (
    "#set page(foreground: rotate(-35deg, text(size: 64pt, weight: 800, tracking: 8pt, "
    'fill: rgb(150, 100, 0, 60), "LATIHAN")))\n'
)
OWN = "// latihan:"


def marked(typeset: Callable[..., bytes], folder: Path, *args: Any) -> bytes:
    """Every paper of the portal, with the word across each page; but one of training's own, which says it in words."""
    sheet = folder / "sheet.typ"
    drawn = sheet.read_text(encoding="utf-8")
    if not drawn.startswith(OWN):
        sheet.write_text(MARK + drawn, encoding="utf-8")
    return typeset(folder, *args)


def _always(bucket: ratelimit.Bucket, who: str, count: int = 1) -> bool:
    return True


# --- The database ---


def _first_look(**_signal: Any) -> None:
    """No process of this mode works in a database that is not marked, however it was started."""
    global _looked_at
    if _looked_at:
        return
    _looked_at = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s), to_regclass('latihan_keadaan')", [apart.MARK])
        marked, laid = cursor.fetchone()
        if not marked and "upgrade" not in sys.argv[0]:
            raise ImproperlyConfigured("LAPOR_DATABASE_URL: basis data ini tidak ditandai untuk latihan")
        if laid:
            cursor.execute("SELECT shift FROM latihan_keadaan")
            if row := cursor.fetchone():
                clock.turn(row[0])


def _follow(**_signal: Any) -> None:
    from lapor.training.models import State

    State.read()
