"""Persyaratan: what a report should tell before an office can act on it, per kind, dated, with where it comes from.

PANRB's own full list could not be read; these are the points of UU 25/2009 (article 44 as taught by the ministry) and
of published service standards (domain/lapor.md section 5: Kota Pontianak, Kab. Tasikmalaya). None of them is a reason
to refuse: what is missing is asked for.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Complaint, Kind

# Shorter than this a story seldom says what happened, where and to whom.
SHORT_STORY = 60


@dataclass(frozen=True)
class Requirement:
    """One line of the checklist. `question` is what the reporter is asked when it is missing; `is_met` a first guess
    from the fields, which the officer corrects."""

    code: str
    kinds: tuple[str, ...]
    label: str | Promise
    question: str | Promise
    basis: str | Promise
    starts_on: datetime.date
    is_met: Callable[[Complaint], bool]


_EVERY = tuple(Kind.values)
_LAW = gettext_lazy("UU 25/2009, isi pengaduan")
_SERVICE = gettext_lazy("standar layanan pengaduan daerah")

REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        "what",
        _EVERY,
        gettext_lazy("Jelas apa yang disampaikan"),
        gettext_lazy("Apa persisnya yang terjadi, atau apa yang Anda minta?"),
        _LAW,
        datetime.date(2009, 7, 18),
        lambda case: len(case.body) >= SHORT_STORY,
    ),
    Requirement(
        "where",
        (Kind.PENGADUAN,),
        gettext_lazy("Tempatnya sampai kelurahan atau desa"),
        gettext_lazy("Di kelurahan atau desa mana, dan dekat apa?"),
        _SERVICE,
        datetime.date(2018, 12, 31),
        lambda case: case.place is not None and case.place.code.count(".") >= 3,
    ),
    Requirement(
        "where",
        (Kind.ASPIRASI, Kind.PERMINTAAN_INFORMASI),
        gettext_lazy("Daerah asal pelapor"),
        gettext_lazy("Anda dari kabupaten atau kota mana?"),
        _SERVICE,
        datetime.date(2018, 12, 31),
        lambda case: case.place is not None,
    ),
    Requirement(
        "when",
        (Kind.PENGADUAN,),
        gettext_lazy("Kapan terjadinya"),
        gettext_lazy("Kapan itu terjadi, atau sejak kapan? Perkiraan boleh."),
        _LAW,
        datetime.date(2009, 7, 18),
        lambda case: case.happened_on is not None,
    ),
    Requirement(
        "who",
        (Kind.PENGADUAN,),
        gettext_lazy("Layanan atau kantor yang dikeluhkan"),
        gettext_lazy("Layanan atau kantor mana yang Anda keluhkan?"),
        _LAW,
        datetime.date(2009, 7, 18),
        lambda case: case.category is not None or case.addressed_to is not None or bool(case.addressed_text),
    ),
    Requirement(
        "proof",
        (Kind.PENGADUAN,),
        gettext_lazy("Foto atau dokumen pendukung, kalau ada"),
        gettext_lazy("Apakah Anda punya foto atau dokumen yang bisa dikirim?"),
        _SERVICE,
        datetime.date(2018, 12, 31),
        lambda case: case.attachments.exists(),
    ),
    Requirement(
        "what_for",
        (Kind.PERMINTAAN_INFORMASI,),
        gettext_lazy("Informasi apa yang dicari"),
        gettext_lazy("Informasi apa tepatnya yang Anda perlukan? Untuk dokumen resmi, PPID juga melayani Anda."),
        gettext_lazy("UU 14/2008"),
        datetime.date(2010, 4, 30),
        lambda case: "?" in case.body or len(case.body) >= SHORT_STORY,
    ),
)


@dataclass(frozen=True)
class Line:
    requirement: Requirement
    met: bool


def checklist(case: Complaint) -> list[Line]:
    """The lines that hold for this kind on the day the report came in."""
    day = case.today(case.received_at)
    return [Line(one, one.is_met(case)) for one in REQUIREMENTS if case.kind in one.kinds and one.starts_on <= day]


def question_for(case: Complaint, missing: list[str]) -> str:
    """The text that pre-fills the question to the reporter, in the portal's own language, whichever the officer reads;
    "" where nothing known is missing."""
    asked = [line.requirement.question for line in checklist(case) if line.requirement.code in missing]
    if not asked:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        points = "\n".join(f"{n}. {text}" for n, text in enumerate(asked, start=1))
        return _("Laporan Anda sudah kami baca. Supaya bisa ditangani, mohon lengkapi:\n\n%(points)s") % {
            "points": points
        }
