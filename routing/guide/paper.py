"""A guide as a tagged PDF (PDF/UA-1), by the typesetter, which never enters the web process (`poster.press`).

Everybody may ask for it, so it is drawn once: kept in the storage under the digest of what stands in it, until a
sentence, a picture or a standard changes. One process draws at a time.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.models import Kind
from complaints.poster import press
from lapor.kit.alone import alone
from lapor.kit.wording import number
from routing import figures
from routing.guide import topics
from routing.guide.guides import Guide, said
from routing.guide.pictures import picture

_HERE: Final = Path(__file__).parent
_FOLDER: Final = "panduan"


def words(guide: Guide) -> dict[str, Any]:
    standards = figures.standards_in_force(timezone.localdate())
    basis = str(standards.get("basis") or "")
    note = _(
        "Dalam hari kerja: tanpa Sabtu, Minggu, hari libur dan cuti bersama. Hari laporan diterima tidak dihitung."
    )
    return {
        "language": (get_language() or "id")[:2],
        "title": _("Panduan: %(title)s") % {"title": _(guide.title)},
        "over": _("Panduan LAPOR!"),
        "foot": f"LAPOR! · {settings.SITE_URL.partition('//')[2]}/panduan/{guide.code}/",
        "name": _(guide.title),
        "audience": _(guide.audience),
        "intro": _(guide.intro),
        "chapters": [
            {
                "title": _(one.title),
                "steps": one.said(),
                "alt": _(one.alt),
                "file": shown.path.name if (shown := picture(one.picture)) else None,
                "tall": bool(shown and shown.tall),
            }
            for one in guide.chapters
        ],
        "days_title": _("Batas waktu yang berlaku"),
        "days_head": ["", _("Diteruskan"), _("Jawaban pertama"), _("Jawaban akhir")],
        "days": [
            [str(label), *(number(standards[kind][name]) for name in ("verify", "respond", "resolve"))]
            for kind, label in Kind.choices
            if standards.get(kind)
        ],
        "days_note": f"{note} {_('Dasar: %(basis)s.') % {'basis': basis}}" if basis else note,
        "pages_title": _("Halaman demi halaman"),
        "pages_note": _("Sama dengan “Bantuan halaman ini” di setiap halaman petugas."),
        "pages": [{"title": said(one.title), "lines": topics.lines_of(one)} for one in guide.pages()],
    }


def pdf(guide: Guide) -> bytes:
    """Drawn anew. Raises press.NotPrinted."""
    return _draw(guide, _spelt(guide))


def kept(guide: Guide) -> bytes | None:
    """From the storage, drawn first where it is not there; None: somebody is drawing it just now. Raises
    press.NotPrinted."""
    spelt = _spelt(guide)
    digest = hashlib.sha256(spelt + (_HERE / "guide.typ").read_bytes())
    for chapter in guide.chapters:
        if shown := picture(chapter.picture):
            digest.update(shown.path.read_bytes())
    paper = f"{guide.code}-{(get_language() or 'id')[:2]}"
    name = f"{_FOLDER}/{paper}-{digest.hexdigest()[:16]}.pdf"
    if not default_storage.exists(name):
        with alone(f"guide {paper}") as mine:
            if not mine:
                return None
            _forget(paper)
            default_storage.save(name, ContentFile(_draw(guide, spelt)))
    with default_storage.open(name) as file:
        return bytes(file.read())


def _spelt(guide: Guide) -> bytes:
    return json.dumps(words(guide), ensure_ascii=False).encode()


def _draw(guide: Guide, spelt: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.typ").write_bytes((_HERE / "guide.typ").read_bytes())
        (folder / "words.json").write_bytes(spelt)
        for chapter in guide.chapters:
            if shown := picture(chapter.picture):
                (folder / shown.path.name).write_bytes(shown.path.read_bytes())
        return press.typeset(folder)


def _forget(paper: str) -> None:
    """What it said before."""
    if default_storage.exists(_FOLDER):
        for name in default_storage.listdir(_FOLDER)[1]:
            if name.startswith(f"{paper}-"):
                default_storage.delete(f"{_FOLDER}/{name}")
