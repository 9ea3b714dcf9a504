"""Idempotency-Key: the same request sent again gets the same answer, and nothing is done twice.

The key is a secret between the sender and us (a guessed one would replay somebody's answer), so it has a length, and
of it and of the body only keyed hashes are kept. Whoever comes second while the first is at it waits on the unique key
and then reads what the first was answered; if the first failed, it goes on itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import ApiClient
from complaints.channels.api.problems import ONCE_MISSING, ONCE_OTHER
from complaints.models import Replay
from lapor.kit.problems import INVALID, FieldError, Problem
from lapor.kit.sealing import InvalidToken, seal, unseal

HEADER = "Idempotency-Key"
SHORTEST, LONGEST = 16, 128
Answer = tuple[int, dict[str, Any]]


def key_of(request: Request, *, required: bool = True) -> str:
    """The key of this request, "" where there is none and none is needed. Raises Problem."""
    key = request.headers.get(HEADER, "").strip()
    if not key:
        if required:
            raise Problem(ONCE_MISSING, _("Kirim kepala Idempotency-Key dengan UUID yang baru untuk setiap laporan."))
        return ""
    if not (SHORTEST <= len(key) <= LONGEST and key.isascii() and key.isprintable()):
        sentence = _("Antara 16 dan 128 huruf ASCII; sebaiknya sebuah UUID.")
        raise Problem(INVALID, sentence, errors=[FieldError("", str(sentence), header=HEADER)])
    return key


def body_of(data: Any) -> str:
    """What was sent, written so that blanks and the order of members make no difference."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)


def digest(*parts: str) -> str:
    """HMAC-SHA-256 (hex) under the portal's pepper."""
    text = "\n".join(parts).encode("utf-8", "replace")
    return hmac.new(settings.LAPOR_PEPPER.encode(), b"once:" + text, hashlib.sha256).hexdigest()


def once(request: Request, client: ApiClient | None, what: str, run: Callable[[], Answer], key: str) -> Response:
    """Run it, unless this key was answered already. `what` names the act and what it is on. Raises Problem."""
    if not key:
        status, said = run()
        return Response(said, status=status)
    whose = digest(what, str(client.pk) if client else "", key)
    body = digest("body", body_of(request.data))
    if (before := _before(whose, body)) is not None:
        return before
    try:
        with transaction.atomic():
            row = Replay.objects.create(key_digest=whose, body_digest=body)
            status, said = run()
            row.status, row.answer_sealed = status, seal(json.dumps(said))
            row.save(update_fields=["status", "answer_sealed"])
            return Response(said, status=status)
    except IntegrityError:
        before = _before(whose, body)
        if before is None:
            raise
        return before


def _before(whose: str, body: str) -> Response | None:
    row = Replay.objects.filter(key_digest=whose).first()
    if row is None:
        return None
    if not hmac.compare_digest(row.body_digest, body):
        raise Problem(ONCE_OTHER, _("Kunci ini sudah dijawab untuk isi yang lain."))
    try:
        said = json.loads(unseal(row.answer_sealed))
    except (InvalidToken, ValueError):
        # Sealed with a key that is gone: the report stands, only its answer is lost.
        raise Problem(ONCE_OTHER, _("Kunci ini sudah dijawab, dan jawabannya tidak bisa dibuka lagi.")) from None
    return Response(said, status=row.status, headers={"Idempotent-Replayed": "true"})
