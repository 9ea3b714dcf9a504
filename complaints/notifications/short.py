"""Every letter in one SMS: at most 160 characters of the GSM alphabet, without signs or words a citizen would not know.

A table: letter → sentences, the fullest first. The first whose facts are all there and that fits is sent; a longer
office name gives way to the short one before a sentence gives way to the next. A phone may be shared: of an anonymous
or secret report a message holds the number and nothing else of it, no office, no text, no link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import prefixes
from agencies.models import Agency
from complaints import short_links
from complaints.channels.contract import LINK
from complaints.models import AddressedBy, Clock, ClockKind, Complaint
from complaints.transitions import Status
from lapor.kit import gsm, wording

if TYPE_CHECKING:
    from complaints.notifications.to_reporter import Told

Sentences = Sequence[str | Promise]

OPEN: Mapping[str, Sentences] = {
    "submitted": (
        gettext_lazy(
            "Laporan %(number)s kami terima. Diteruskan ke kantor yang berwenang paling lambat %(verify)s. "
            "Lihat: %(link)s"
        ),
        gettext_lazy("Laporan %(number)s kami terima. Lihat: %(link)s"),
        gettext_lazy("Laporan %(number)s kami terima."),
    ),
    # The same where the worker has weighed it meanwhile.
    "placed": (
        gettext_lazy("Laporan %(number)s diperiksa %(office)s, diteruskan paling lambat %(verify)s. Lihat: %(link)s"),
        gettext_lazy("Laporan %(number)s diperiksa %(office)s. Lihat: %(link)s"),
        gettext_lazy("Laporan %(number)s kami terima. Lihat: %(link)s"),
    ),
    "forwarded": (
        gettext_lazy("Laporan %(number)s diteruskan ke %(office)s. Dijawab paling lambat %(respond)s. Lihat: %(link)s"),
        gettext_lazy("Laporan %(number)s diteruskan ke %(office)s. Lihat: %(link)s"),
        gettext_lazy("Laporan %(number)s sudah diteruskan. Lihat: %(link)s"),
    ),
    "moved": (
        gettext_lazy(
            "Laporan %(number)s sekarang di %(office)s. Janji tetap: dijawab paling lambat %(respond)s. Lihat: %(link)s"
        ),
        gettext_lazy("Laporan %(number)s sekarang di %(office)s. Janji tetap. Lihat: %(link)s"),
        gettext_lazy("Laporan %(number)s pindah kantor. Janji tetap. Lihat: %(link)s"),
    ),
    "handed_back": (
        gettext_lazy("Laporan %(number)s dikembalikan dan sekarang di %(office)s. Janji tetap. Lihat: %(link)s"),
        gettext_lazy("Laporan %(number)s dikembalikan ke kantor di atasnya. Lihat: %(link)s"),
    ),
    "started": (
        gettext_lazy("Laporan %(number)s mulai dikerjakan %(actor)s. Lihat: %(link)s"),
        gettext_lazy("Laporan %(number)s mulai dikerjakan. Lihat: %(link)s"),
    ),
    "asked": (
        gettext_lazy("%(actor)s bertanya tentang laporan %(number)s: %(quote)s Jawab: BALAS %(number)s isi jawaban"),
        gettext_lazy("%(actor)s bertanya tentang laporan Anda. Baca: %(link)s Jawab: BALAS %(number)s isi jawaban"),
        gettext_lazy("Ada pertanyaan untuk Anda. Baca: %(link)s Jawab: BALAS %(number)s isi jawaban"),
    ),
    "unasked": (gettext_lazy("Pertanyaan tentang laporan %(number)s sudah terjawab. Laporan berjalan lagi."),),
    "answered": (
        gettext_lazy("%(actor)s menjawab laporan %(number)s: %(quote)s"),
        gettext_lazy("%(actor)s menjawab laporan %(number)s. Baca: %(link)s"),
        gettext_lazy("Laporan %(number)s dijawab. Baca: %(link)s"),
    ),
    "resolved": (
        gettext_lazy("%(actor)s memberi jawaban akhir: %(quote)s Ketik SELESAI %(number)s atau BELUM %(number)s"),
        gettext_lazy("%(actor)s memberi jawaban akhir. Baca: %(link)s Lalu ketik SELESAI atau BELUM %(number)s"),
        gettext_lazy("Jawaban akhir sudah ada. Baca: %(link)s Lalu ketik SELESAI atau BELUM %(number)s"),
    ),
    "lapsed": (
        gettext_lazy(
            "Laporan %(number)s ditutup karena tidak ada kabar dari Anda. Belum beres? Ketik BELUM %(number)s"
        ),
    ),
    "expired": (
        gettext_lazy(
            "Laporan %(number)s diarsipkan: pertanyaan kantor tidak terjawab. Buka lagi: ketik BELUM %(number)s"
        ),
    ),
    "archived": (
        gettext_lazy("Laporan %(number)s diarsipkan. Alasannya: %(link)s Tidak setuju? Ketik BELUM %(number)s"),
        gettext_lazy("Laporan %(number)s diarsipkan. Tidak setuju? Ketik BELUM %(number)s"),
    ),
    "reopened": (
        gettext_lazy("Laporan %(number)s dibuka lagi dan sekarang di %(office)s. Lihat: %(link)s"),
        gettext_lazy("Laporan %(number)s dibuka lagi. Lihat: %(link)s"),
    ),
    "redated": (
        gettext_lazy("Batas waktu laporan %(number)s berubah menjadi %(next)s. Lihat: %(link)s"),
        gettext_lazy("Batas waktu laporan %(number)s berubah. Lihat: %(link)s"),
    ),
    "late": (
        gettext_lazy("%(missed)s terlambat menangani laporan %(number)s. Atasannya kami beri tahu. Lihat: %(link)s"),
        gettext_lazy("Kantor terlambat menangani laporan %(number)s. Atasannya kami beri tahu. Lihat: %(link)s"),
    ),
    "corrected": (gettext_lazy("Kabar kami bahwa laporan %(number)s terlambat itu keliru: ada hari libur baru."),),
    "reminder": (
        gettext_lazy("Laporan %(number)s menunggu jawaban Anda sampai %(until)s. Baca: %(link)s"),
        gettext_lazy("Laporan %(number)s menunggu jawaban Anda sampai %(until)s."),
        gettext_lazy("Laporan %(number)s menunggu jawaban Anda."),
    ),
    "ombudsman": (
        gettext_lazy(
            "Janji untuk laporan %(number)s belum ditepati. Anda berhak mengadu ke Ombudsman, gratis: telepon 137."
        ),
    ),
    "referral": (
        gettext_lazy("Ada kabar dari Ombudsman tentang laporan %(number)s. Lihat: %(link)s"),
        gettext_lazy("Ada kabar dari Ombudsman tentang laporan %(number)s."),
    ),
    "revealed": (
        gettext_lazy("Nama Anda di laporan %(number)s dibuka petugas pusat. Siapa dan mengapa: %(link)s"),
        gettext_lazy("Nama Anda di laporan %(number)s dibuka petugas pusat."),
    ),
}

GUARDED: Mapping[str, Sentences] = {
    "submitted": (
        gettext_lazy(
            "Laporan Anda kami terima. Nomornya %(number)s. Simpan nomor ini. Keadaannya: ketik STATUS %(number)s"
        ),
    ),
    # The question itself may tell of the case: what an office asks for nearly always is said instead (ADR 0019).
    "asked": (
        gettext_lazy(
            "Laporan %(number)s: petugas perlu keterangan lebih rinci tentang tempat, waktu, dan kejadiannya. "
            "Ketik BALAS %(number)s isi jawaban"
        ),
    ),
    "reminder": (
        gettext_lazy("Laporan %(number)s menunggu jawaban Anda sampai %(until)s."),
        gettext_lazy("Laporan %(number)s menunggu jawaban Anda."),
    ),
    "resolved": (
        gettext_lazy(
            "Laporan %(number)s sudah dijawab. Selesai? Ketik SELESAI %(number)s. Belum? Ketik BELUM %(number)s"
        ),
    ),
    "": (gettext_lazy("Ada kabar tentang laporan %(number)s. Keadaannya: ketik STATUS %(number)s"),),
}

# Where everybody reads no command is understood either: what is asked of the reporter is done on the report's page.
ALOUD: Mapping[str, Sentences] = {
    "asked": (
        gettext_lazy("%(actor)s bertanya tentang laporan %(number)s. Baca dan jawab: %(link)s"),
        gettext_lazy("Ada pertanyaan tentang laporan %(number)s. Baca dan jawab: %(link)s"),
    ),
    "resolved": (
        gettext_lazy("%(actor)s memberi jawaban akhir untuk laporan %(number)s. Baca dan nilai: %(link)s"),
        gettext_lazy("Jawaban akhir untuk laporan %(number)s sudah ada. Baca dan nilai: %(link)s"),
    ),
    "lapsed": (gettext_lazy("Laporan %(number)s ditutup karena tidak ada kabar dari Anda. Belum beres? %(link)s"),),
    "expired": (gettext_lazy("Laporan %(number)s diarsipkan: pertanyaan kantor tidak terjawab. Buka lagi: %(link)s"),),
    "archived": (gettext_lazy("Laporan %(number)s diarsipkan. Alasannya: %(link)s"),),
    "referral": (gettext_lazy("Ada kabar tentang laporan %(number)s. Lihat: %(link)s"),),
}
GUARDED_ALOUD: Sentences = (gettext_lazy("Ada kabar tentang laporan %(number)s."),)


def write(letter: str, told: Told, *, aloud: bool = False) -> str:
    """The letter of this name in one message, in the language that is active; contract.LINK stands for its link.

    `aloud`: everybody reads it where it is sent, so nobody's words are in it. What an office says may be for the
    reporter alone, and what is for all is masked where it is published.
    """
    number = told.own.shown_number
    if told.own.anonymous or told.own.secret:
        facts = _Facts({"number": number, "until": _until(told.own)})
        guarded = GUARDED_ALOUD if aloud else GUARDED.get(letter, GUARDED[""])
        return gsm.first_fitting(facts.fill(guarded))
    note = ""
    if letter == "submitted" and not told.merged:
        note, letter = _how_the_prefix_was_read(told.own), _first_word(told.own)
    facts = _facts(told, number)
    # A stand-in as long as the link will be: it is made when the letter goes out, and by a door that carries it.
    stand_in = "L" * short_links.length()
    facts.given["link"] = stand_in
    # Of what else a merged report's reader would learn, most belongs to another reporter.
    if told.merged or aloud:
        facts.given.pop("quote", None)
    sentences = ALOUD.get(letter, OPEN[letter]) if aloud else OPEN[letter]
    texts = (f"{note} {text}" if note else text for text in facts.fill(sentences))
    return gsm.first_fitting(texts).replace(stand_in, LINK)


def _first_word(complaint: Complaint) -> str:
    """The letter that says as much as is known by now."""
    if complaint.status != Status.SUBMITTED:
        return "forwarded"
    return "placed" if complaint.handler.parent_id is not None else "submitted"


def _how_the_prefix_was_read(complaint: Complaint) -> str:
    """ "INHO kami baca INHU." where it was not quite what was typed."""
    if complaint.addressed_by != AddressedBy.PREFIX or complaint.addressed_to is None:
        return ""
    meant = prefixes.meant(complaint.addressed_to, complaint.addressed_text, timezone.localdate())
    said = {"typed": gsm.cut(gsm.plain(complaint.addressed_text), 20), "meant": meant}
    return _("%(typed)s kami baca %(meant)s.") % said if meant else ""


class _Facts:
    """What a sentence may tell. `names` holds for a fact its longer and its shorter form; "" is no fact."""

    def __init__(self, given: dict[str, str], names: Mapping[str, tuple[str, str]] | None = None) -> None:
        self.given = given
        self.names = names or {}

    def fill(self, sentences: Sentences) -> Iterator[str]:
        for sentence in map(str, sentences):
            for which in (0, 1):
                facts = self.given | {key: names[which] for key, names in self.names.items()}
                told = {key: value for key, value in facts.items() if value}
                try:
                    yield sentence % told
                except KeyError:
                    # It tells of something that is not there.
                    break


def _facts(told: Told, number: str) -> _Facts:
    case = told.complaint
    quote = told.quote()
    clocks = {clock.kind: clock for clock in case.clocks.unstopped().filter(due_on__isnull=False)}
    given = {
        "number": number,
        "quote": " ".join(quote.body.split()) if quote else "",
        "verify": _day(clocks.get(ClockKind.VERIFY)),
        "respond": _day(clocks.get(ClockKind.RESPOND)),
        "until": _day(clocks.get(ClockKind.REPORTER)),
        "next": _day(clocks.get(ClockKind.RESPOND) or clocks.get(ClockKind.RESOLVE)),
    }
    names = {
        "office": _names(told.event.handler_to or case.handler),
        "actor": _names(told.event.acting_agency or case.handler),
        "missed": _names(case.handler),
    }
    if told.event.verb == "submit":
        names["office"] = _names(case.handler)
    if told.event.verb == "overdue":
        clock = Clock.objects.filter(pk=told.event.particulars["clock"]).select_related("missed_by").first()
        names["missed"] = _names((clock.missed_by if clock else None) or case.handler)
    return _Facts(given, names)


def _names(agency: Agency) -> tuple[str, str]:
    """Whole, as anybody understands it, and short, as it is called where there is no room."""
    if agency.parent_id is None:
        return (_("petugas pusat"),) * 2
    return agency.name, agency.shown_name


def _day(clock: Clock | None) -> str:
    return wording.short_day(clock.due_on) if clock is not None else ""


def _until(complaint: Complaint) -> str:
    return _day(complaint.clocks.unstopped().filter(kind=ClockKind.REPORTER, due_on__isnull=False).first())
