"""Why the portal sent a case where it sent it: codes with facts, told to each reader in their own language.

Beside the sentence as it was said at that time, an event and a suggestion keep a list of [code, facts]. A fact is a
name or a number, or again such a list. Officers read how sure the portal was; whoever reports reads plain words. What
is kept with a code that is no longer known here is told as it was said then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Facts = Mapping[str, Any]


class Sentence(NamedTuple):
    """`full`: what officers read. `plain`: what everybody else does; None: the same, "": nothing."""

    full: str | Promise
    plain: str | Promise | None = None


SENTENCES: Mapping[str, Sentence] = {
    # Sure of the office.
    "named": Sentence(_("Pelapor menyebut %(office)s."), _("Laporan ini menyebut %(office)s.")),
    "prefix": Sentence(_("Awalan SMS “%(prefix)s” berarti %(office)s.")),
    "key": Sentence(_("Dikirim lewat “%(system)s”, sistem milik %(office)s.")),
    "rule": Sentence(
        _("Aturan %(owner)s: laporan %(conditions)s ditangani %(target)s."),
        _("Laporan %(conditions)s ditangani %(target)s."),
    ),
    "category_there": Sentence(_("Kategori “%(category)s” di %(place)s ditangani %(office)s.")),
    "category": Sentence(_("Kategori “%(category)s” ditangani %(office)s.")),
    "words": Sentence(
        _("Bidang “%(bidang)s” ditangani %(office)s; kata yang berbicara: %(words)s. Kemungkinan benar %(percent)d%%."),
        _("Kata-kata laporan ini mirip laporan yang biasanya ditangani %(office)s."),
    ),
    "text": Sentence(
        _("Bidang “%(bidang)s” ditangani %(office)s, menurut isi laporan. Kemungkinan benar %(percent)d%%."),
        _("Kata-kata laporan ini mirip laporan yang biasanya ditangani %(office)s."),
    ),
    "conduct": Sentence(_("Laporan tentang perilaku petugas diperiksa inspektorat, bukan kantor yang dilaporkan.")),
    "no_inspectorate": Sentence(
        _("Laporan tentang perilaku petugas, dan inspektorat yang boleh memeriksanya belum ada.")
    ),
    # What a rule asks for.
    "of_category": Sentence(_("berkategori “%(name)s”")),
    "with_words": Sentence(_("dengan kata %(words)s")),
    "from_place": Sentence(_("dari %(place)s")),
    "by_channel": Sentence(_("lewat %(channel)s")),
    "naming": Sentence(_("yang menyebut %(office)s")),
    "like_this": Sentence(_("seperti ini")),
    # Which branch, and where it lies.
    "branch": Sentence(_("Tempat kejadiannya wilayah kerja %(branch)s.")),
    "branches": Sentence(_("Ada %(count)d cabangnya untuk tempat itu, jadi %(office)s sendiri yang membaginya.")),
    "empty_branch": Sentence(_("%(branch)s belum punya petugas, jadi %(office)s sendiri yang menerima.")),
    "point": Sentence(
        _("Titik yang dikirim pelapor terletak di %(place)s."), _("Titik laporan ini terletak di %(place)s.")
    ),
    "place_named": Sentence(
        _("Tulisan pelapor menyebut tempat di %(place)s."), _("Laporan ini menyebut tempat di %(place)s.")
    ),
    # No further than a desk.
    "unstaffed": Sentence(_("Belum ada petugas: %(office)s."), _("%(office)s belum punya petugas di portal ini.")),
    "many_offices": Sentence(
        _("Ada %(count)d kantor di %(district)s untuk kategori “%(category)s”; petugas yang memilih.")
    ),
    "no_office": Sentence(_("Belum ada kantor untuk kategori “%(category)s” di %(district)s; petugas yang memilih.")),
    "wide_category": Sentence(
        _("Kategori “%(category)s” tidak menunjuk satu kantor. Petugas %(district)s yang menentukan.")
    ),
    "district_prefix": Sentence(_("Awalan SMS “%(prefix)s” berarti %(district)s; kantornya dipilih petugas di sana.")),
    "district_key": Sentence(
        _("Dikirim lewat “%(system)s”, sistem milik %(district)s; kantornya dipilih petugas di sana.")
    ),
    "district_site": Sentence(_("Dilaporkan lewat %(site)s, situs %(district)s; kantornya dipilih petugas di sana.")),
    "district_named": Sentence(
        _("Pelapor menyebut %(district)s, tanpa kategori yang menunjuk kantornya."),
        _("Laporan ini menyebut %(district)s; kantornya dipilih petugas di sana."),
    ),
    "no_category": Sentence(
        _("Kantornya belum pasti, karena kategorinya belum dipilih. Petugas %(district)s yang menentukan.")
    ),
    "unknown_office": Sentence(
        _("Kantor yang ditulis pelapor tidak dikenali, jadi meja nasional yang memeriksa."),
        _("Kantor yang ditulis di laporan tidak kami kenali, jadi meja nasional yang memeriksa."),
    ),
    "many_central": Sentence(_("Ada %(count)d kantor pusat untuk kategori “%(category)s”; petugas yang memilih.")),
    "no_place": Sentence(_("Kategori “%(category)s” tanpa tempat kejadian tidak menunjuk satu kantor.")),
    "nothing_known": Sentence(_("Tempat dan kategorinya belum diketahui, jadi meja nasional yang memeriksa.")),
    "nobody_sure": Sentence(_("Belum ada instansi yang pasti untuk laporan ini, jadi meja nasional yang memeriksa.")),
    # What the words came nearest to.
    "said_no_office": Sentence(
        _("Menurut isi laporan bidangnya “%(bidang)s”, tetapi tidak ada satu kantor yang pasti."), ""
    ),
    "said_likely": Sentence(_("Menurut isi laporan bidangnya mungkin “%(bidang)s” (%(percent)d%%)."), ""),
    "said_unsure": Sentence(
        _("Menurut isi laporan bidangnya mungkin “%(bidang)s” (%(percent)d%%; diteruskan sendiri mulai %(needed)d%%)."),
        "",
    ),
    # Offered to a person.
    "one_of": Sentence(_("%(office)s salah satu dari %(count)d kantor untuk kategori “%(category)s”.")),
    "likely_there": Sentence(_("Laporan menyebut %(words)s; mungkin itu wilayah %(office)s.")),
    "likely_point": Sentence(
        _("Titik yang dikirim pelapor mungkin di wilayah %(office)s."),
        _("Titik laporan ini mungkin di wilayah %(office)s."),
    ),
    "likely_words": Sentence(
        _("Mungkin bidang “%(bidang)s” (%(percent)d%%); kata yang berbicara: %(words)s."),
        _("Mungkin tentang bidang “%(bidang)s”."),
    ),
    "likely_text": Sentence(
        _("Mungkin bidang “%(bidang)s” (%(percent)d%%), menurut isi laporan."),
        _("Mungkin tentang bidang “%(bidang)s”."),
    ),
    "says_name": Sentence(_("Laporan menyebut “%(name)s”.")),
    "says_category": Sentence(_("Laporan menyebut “%(words)s”, bidang %(office)s.")),
    "nearly_prefix": Sentence(_("Kata pertamanya mirip awalan “%(name)s”.")),
    # Told by a table of the past.
    "was_there": Sentence(_("Menurut data lama laporan ini ada di %(office)s.")),
    "was_unverified": Sentence(_("Menurut data lama laporan ini belum diverifikasi.")),
    # Moved on by the system.
    "verify_missed": Sentence(_("Batas waktu memeriksa lewat di %(desk)s.")),
    "forwarded_then": Sentence(_("Diteruskan otomatis ke %(office)s.")),
    "unsure_then": Sentence(_("Kantornya belum pasti, jadi meja nasional yang memeriksa.")),
    "decide_missed": Sentence(_("Batas waktu memutuskan wewenang lewat di %(desk)s.")),
    "not_for": Sentence(_("Laporan ini tidak boleh dibaca kantor yang dilaporkan.")),
    "ended": Sentence(_("%(office)s berakhir.")),
    "landing": Sentence(_("Kantor pemegang terakhir tidak bisa menerimanya.")),
    "lead_there": Sentence(_("Laporan utama sebelumnya ditangani kantor ini.")),
}


@dataclass(frozen=True)
class Because:
    """Sentences one after another; none where there is nothing to say."""

    parts: tuple[tuple[str, Facts], ...] = ()

    @classmethod
    def read(cls, kept: Any) -> Because:
        """From what was kept; nothing where a code, or what it speaks of, is not known any more."""
        if not isinstance(kept, list):
            return cls()
        parts = tuple((one[0], one[1]) for one in kept if _is_known(one))
        return cls(parts if len(parts) == len(kept) else ())

    def __add__(self, other: Because) -> Because:
        return Because(self.parts + other.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def kept(self) -> list[list[Any]]:
        return [[code, dict(facts)] for code, facts in self.parts]

    def fully(self) -> str:
        """For officers, in the reader's language."""
        return " ".join(_said(SENTENCES[code].full, facts) for code, facts in self.parts)

    def plainly(self) -> str:
        """For everybody else, in the reader's language: without how sure the portal was."""
        plain = ((SENTENCES[code], facts) for code, facts in self.parts)
        said = (_said(one.full if one.plain is None else one.plain, facts) for one, facts in plain)
        return " ".join(sentence for sentence in said if sentence)

    @property
    def sentence(self) -> str:
        """As it is said in the portal's own language, for what is written down."""
        with translation.override(settings.LANGUAGE_CODE):
            return self.fully()

    @property
    def plain_sentence(self) -> str:
        with translation.override(settings.LANGUAGE_CODE):
            return self.plainly()


NOTHING = Because()


def because(code: str, **facts: Any) -> Because:
    """One sentence. A fact may be a Because itself."""
    return Because(((code, {name: fact.kept if isinstance(fact, Because) else fact for name, fact in facts.items()}),))


def told(particulars: Mapping[str, Any], *, plainly: bool) -> str:
    """The reason of an event for this reader: as it is said in their language, else as somebody wrote it; "": none."""
    kept = Because.read(particulars.get("because"))
    if kept:
        return kept.plainly() if plainly else kept.fully()
    said = particulars.get("reason", "")
    return said if isinstance(said, str) else ""


def _is_known(one: Any) -> bool:
    if not (isinstance(one, list) and len(one) == 2 and one[0] in SENTENCES and isinstance(one[1], dict)):
        return False
    try:
        _said(SENTENCES[one[0]].full, one[1])
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _said(words: str | Promise, facts: Facts) -> str:
    return str(words) % {
        name: Because.read(fact).fully() if isinstance(fact, list) else fact for name, fact in facts.items()
    }
