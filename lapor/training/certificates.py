"""The certificate for the decree file: only for a lesson that was finished, frozen when it is made, and checked by the
number printed on it."""

from __future__ import annotations

import json
import secrets
import tempfile
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from complaints.number import ALPHABET
from complaints.poster import press
from lapor.kit import wording
from lapor.training import clock, lessons
from lapor.training.lessons import Lesson
from lapor.training.models import Certificate, Participant

_TYP: Final = Path(__file__).with_name("certificate.typ")
# 60 bits: nobody guesses one.
_LETTERS: Final = 12
_MEANT: Final = str.maketrans("OIL", "011")


class NotFinished(Exception):
    """Steps are left to do."""


def missing(participant: Participant, lesson: Lesson) -> list[str | Promise]:
    """The steps that are not done yet."""
    done = lessons.done_of(participant)[lesson.slug]
    return [step.title for step in lesson.steps if step.code not in done]


def of(participant: Participant, lesson: Lesson) -> Certificate | None:
    """The one that holds."""
    return Certificate.objects.filter(participant=participant, lesson=lesson.slug, is_replaced=False).first()


def last_of(participant: Participant) -> Certificate | None:
    """Of whatever lesson: with the name and office they wrote last."""
    return Certificate.objects.filter(participant=participant).order_by("-pk").first()


@transaction.atomic
def issue(participant: Participant, lesson: Lesson, *, name: str, office: str) -> Certificate:
    """Another name or office makes a new one, with a new number, and the one before holds no more. Raises
    NotFinished."""
    Participant.objects.select_for_update().get(pk=participant.pk)
    if missing(participant, lesson):
        raise NotFinished
    before = of(participant, lesson)
    if before is not None:
        if (before.name, before.office) == (name, office):
            return before
        before.is_replaced = True
        before.save(update_fields=["is_replaced"])
    with override("id"):
        title, steps = str(lesson.title), [str(step.title) for step in lesson.steps]
    return Certificate.objects.create(
        participant=participant,
        lesson=lesson.slug,
        number="".join(secrets.choice(ALPHABET) for _each in range(_LETTERS)),
        name=name,
        office=office,
        title=title,
        steps=steps,
        issued_at=clock.by_the_sun(),
    )


def find(typed: str) -> Certificate | None:
    """By its number as somebody reads it off the paper."""
    number = "".join(typed.upper().translate(_MEANT).replace("-", "").split())
    return Certificate.objects.filter(number=number).first() if len(number) == _LETTERS else None


def shown(number: str) -> str:
    """In groups, as it is printed."""
    return "-".join(number[at : at + 4] for at in range(0, len(number), 4))


def address(certificate: Certificate) -> str:
    return f"{settings.SITE_URL}{reverse('latihan:check')}?nomor={shown(certificate.number)}"


def words(certificate: Certificate) -> dict[str, Any]:
    part = lessons.LESSONS[certificate.lesson].part
    here = settings.SITE_URL.partition("://")[2]
    # An address of this computer alone leads nobody else here.
    known = not here.startswith(("127.", "localhost"))
    return {
        "language": (get_language() or "id")[:2],
        "title": _("Sertifikat pelatihan LAPOR!"),
        "over": _("Sertifikat pelatihan"),
        "earned": _("Diperoleh di mode latihan LAPOR!"),
        "given": _("Diberikan kepada"),
        "name": certificate.name,
        "office": certificate.office,
        "because": _("yang menyelesaikan seluruh pelajaran"),
        "lesson": _(certificate.title),
        "part_head": _("Peran"),
        "part": str(part.name),
        "day_head": _("Tanggal"),
        "day": wording.plain_day(certificate.issued_at),
        "number_head": _("Nomor"),
        "number": shown(certificate.number),
        "steps_head": _("Yang dikerjakan dan diperiksa portal"),
        "steps": [_(step) for step in certificate.steps],
        "note": _(
            "Setiap langkah benar-benar dikerjakan di portal latihan, dengan daerah, laporan, dan orang karangan. "
            "Sertifikat ini bukan penunjukan dan tidak memberi wewenang. Nama dan kantor ditulis oleh pemegangnya."
        ),
        "check": _("Periksa nomornya di %(address)s") % {"address": f"{here}{reverse('latihan:check')}"}
        if known
        else _("Nomornya diperiksa di portal latihan yang membuatnya, di halaman Periksa sertifikat."),
        "qr": _("Kode QR ke halaman pemeriksaan sertifikat ini") if known else "",
        "signed": _("Mengetahui, pelatih"),
        "signed_hint": _("nama dan tanda tangan"),
    }


def pdf(certificate: Certificate) -> bytes:
    """Tagged (PDF/UA-1), its fonts inside. Raises press.NotPrinted."""
    from complaints.poster.sheet import qr

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.typ").write_bytes(_TYP.read_bytes())
        (folder / "words.json").write_text(json.dumps(words(certificate), ensure_ascii=False), encoding="utf-8")
        (folder / "qr.svg").write_bytes(qr(address(certificate)))
        return press.typeset(folder)
