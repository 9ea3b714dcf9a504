"""The gateway of the phone in the browser: only in *coba*, only on this machine.

In, it signs calls as any JSON gateway does and makes them to the same view. Out, it leaves messages where the phone
finds them: one file a number in var/ponsel, as letters lie in var/surat.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from complaints.channels.sms.gateways.signed import Signed, headers_for
from lapor.kit import gsm

_references = itertools.count(secrets.randbelow(256))


@dataclass(frozen=True)
class Bubble:
    """One message on the phone's screen. `at`: ISO 8601. `reference`: ours, for its receipt; "" for a sent one."""

    mine: bool
    text: str
    at: str
    reference: str = ""


class Trial(Signed):
    code = "coba"

    def missing(self) -> list[str]:
        return ["LAPOR_MODE"] if settings.PRODUCTION else []

    @property
    def secret(self) -> str:
        return hashlib.sha256(f"ponsel:{settings.SECRET_KEY}".encode()).hexdigest()

    def send(self, number: str, text: str, reference: str) -> str:
        _write(number, Bubble(False, text, timezone.now().isoformat(), reference))
        return uuid.uuid4().hex


# --- What a network does ---


def calls_of(number: str, text: str) -> Iterator[HttpRequest]:
    """The signed calls a gateway makes for a text somebody typed: one for each part of it."""
    _write(number, Bubble(True, text, timezone.now().isoformat()))
    pieces = gsm.split(text) if gsm.is_plain(text) else wide_pieces(text)
    reference = next(_references) % 256
    for n, piece in enumerate(pieces, start=1):
        said: dict[str, object] = {"id": uuid.uuid4().hex, "from": number, "to": settings.SMS_NUMBER, "text": piece}
        if len(pieces) > 1:
            said["part"] = {"reference": reference, "number": n, "total": len(pieces)}
        yield call(reverse("complaints:sms_in", args=[Trial.code]), said)


def receipt_of(reference: str) -> HttpRequest:
    """The call that says the phone has it."""
    said: dict[str, object] = {"reference": reference, "status": "delivered"}
    return call(reverse("complaints:sms_receipt", args=[Trial.code]), said)


def call(path: str, said: dict[str, object]) -> HttpRequest:
    body = json.dumps(said).encode()
    headers = headers_for(Trial().secret, "POST", path, body)
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "CONTENT_TYPE": headers.pop("Content-Type"),
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(body),
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
        }
    )


def wide_pieces(text: str) -> list[str]:
    """A text beyond the alphabet in parts of 67 UTF-16 units, 70 where one will do; no pair cut in two."""
    if gsm.parts(text) == 1:
        return [text]
    pieces, room = [""], gsm.EACH_WIDE
    for ch in text:
        width = 2 if ord(ch) > 0xFFFF else 1
        if width > room:
            pieces.append("")
            room = gsm.EACH_WIDE
        pieces[-1] += ch
        room -= width
    return pieces


# --- What lies on the phone ---


def bubbles(number: str, since: int = 0, most: int = 60) -> tuple[list[Bubble], int]:
    """What came after the first `since`, the newest sixty at most, oldest first; and how many there are in all."""
    path = _file(number)
    if not path.exists():
        return [], 0
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Bubble(**json.loads(line)) for line in lines[since:][-most:]], len(lines)


def just_arrived(number: str) -> list[str]:
    """References of what lies there and was not told of as delivered yet; each is given once."""
    path = _file(number)
    if not path.exists():
        return []
    told = path.with_suffix(".sampai")
    lines = path.read_text(encoding="utf-8").splitlines()
    seen = int(told.read_text() or 0) if told.exists() else 0
    told.write_text(str(len(lines)))
    new = (Bubble(**json.loads(line)) for line in lines[seen:])
    return [bubble.reference for bubble in new if bubble.reference]


def _write(number: str, bubble: Bubble) -> None:
    path = _file(number)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        # One write: lines of two processes do not mix.
        file.write(json.dumps(asdict(bubble)) + "\n")


def _file(number: str) -> Path:
    return Path(settings.STATE_DIR) / "ponsel" / f"{re.sub('[^0-9]', '', number)[:20] or 'kosong'}.jsonl"
