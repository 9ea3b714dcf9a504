"""Versions: every act names the one it was written on; what came too late is answered with the case as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from complaints.channels.api.problems import STALE, VERSION_MISSING, WRONG_STATUS
from complaints.models import Complaint
from complaints.transitions import Refusal, Stale, WrongStatus
from lapor.kit.problems import INVALID, FieldError, Problem

_RELATED = ("handler", "place", "category", "reporter", "addressed_to", "not_for")


def etag(complaint: Complaint) -> str:
    return f'"{complaint.version}"'


def version_of(request: Request, said: dict[str, Any]) -> int:
    """The version the sender read, from the body or from If-Match. Raises Problem when neither says one."""
    header = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    given = said.get("version")
    if header:
        if not (header.isascii() and header.isdigit() and len(header) < 10):
            sentence = _('Kirim ETag laporan seperti diterima, misalnya "7".')
            raise Problem(INVALID, sentence, errors=[FieldError("", str(sentence), header="If-Match")])
        if given is not None and given != int(header):
            raise Problem(INVALID, _("“version” dan If-Match menyebut versi yang berbeda."))
        given = int(header)
    if given is None:
        raise Problem(VERSION_MISSING, _("Baca laporannya dulu, lalu sebut versi yang Anda baca."))
    return int(given)


@contextmanager
def refusing(complaint: Complaint, current: Callable[[Complaint], dict[str, Any]]) -> Iterator[None]:
    """What came too late is answered with the case as it is now."""
    try:
        yield
    except (Stale, WrongStatus) as late:
        fresh = Complaint.objects.select_related(*_RELATED).get(pk=complaint.pk)
        kind = STALE if isinstance(late, Stale) else WRONG_STATUS
        raise _too_late(late, kind, current(fresh)) from late


def _too_late(late: Refusal, kind: Any, current: dict[str, Any]) -> Problem:
    return Problem(kind, late.message, more={"current": current})
