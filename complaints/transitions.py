"""Statuses and the transition table, as data (case.md section 3).

Read by the verbs, by the buttons on the desk, by `docs/alur.md` and by the test that tries every act from every
status by every role. Adding a status or an act means one row here and one sentence why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.actor import Actor, Side
from agencies.models import Role
from agencies.ombudsman import is_examiner

if TYPE_CHECKING:
    from complaints.models import Complaint


class Status(models.TextChoices):
    SUBMITTED = "submitted", _("Belum terverifikasi")
    WAITING = "waiting", _("Ditunda, menunggu pelapor")
    FORWARDED = "forwarded", _("Belum ditindaklanjuti")
    IN_PROGRESS = "in_progress", _("Dalam proses")
    ANSWERED = "answered", _("Menunggu tanggapan pelapor")
    CLOSED = "closed", _("Selesai")
    ARCHIVED = "archived", _("Diarsipkan")


S = Status
OPEN = (S.SUBMITTED, S.WAITING, S.FORWARDED, S.IN_PROGRESS, S.ANSWERED)
# Whose turn it is while the case is open: nobody at an office can be late with the reporter's.
OFFICES_TURN = (S.SUBMITTED, S.FORWARDED, S.IN_PROGRESS)
REPORTERS_TURN = (S.WAITING, S.ANSWERED)
TERMINAL = (S.CLOSED, S.ARCHIVED)
ANY = (*OPEN, *TERMINAL)
# Where an office may still be asked for help, and where one that was asked may still give it.
WORKED_ON = (S.FORWARDED, S.IN_PROGRESS)
HELPED = (S.WAITING, S.FORWARDED, S.IN_PROGRESS, S.ANSWERED)
# Roles in which somebody acts for an office that helps.
HELPERS = (Role.LIAISON, Role.HEAD, Role.COORDINATOR)
# Verbs that end a case without an answer.
ARCHIVE_LIKE = ("archive", "withdraw", "expire")


class Who(StrEnum):
    """How an actor stands to a case. One actor may be several at once."""

    REPORTER = "pelapor"
    HANDLER = "pemegang"  # LIAISON, HEAD or COORDINATOR at the handler; at the root NATIONAL
    HEAD = "pimpinan"  # HEAD at the handler
    COORDINATOR = "koordinator"  # COORDINATOR at or above the handler, or NATIONAL
    NATIONAL = "nasional"
    CONTRIBUTOR = "pembantu"  # LIAISON, HEAD or COORDINATOR at an office that was asked to help
    OMBUDSMAN = "ombudsman"  # who examines for the Ombudsman, of a case that was put before it
    ADDRESSED = "penerima rekomendasi"  # HEAD or COORDINATOR of the office that a recommendation is for
    WORKER = "pekerja"
    SYSTEM = "sistem"


W = Who
SAME = "same"  # the status stays
RETURN = "return"  # back to where a waiting case came from
FIRST_UNSENT = "first"  # submitted if never forwarded, else forwarded
TOLD = "told"  # what the table of the past says


@dataclass(frozen=True)
class Transition:
    """One row: who may do `verb` from which statuses, and where it leads.

    `target` is a Status, or SAME, RETURN, FIRST_UNSENT, TOLD. `needs` names what the act asks for, `clocks` says in
    words what happens to the promises, `why` is the sentence that justifies the row.
    """

    verb: str
    label: str | Promise
    sources: tuple[Status, ...]
    target: str
    who: tuple[Who, ...]
    clocks: str
    needs: tuple[str, ...]
    why: str


_ROWS = (
    Transition(
        "place",
        _("titipkan"),
        (S.SUBMITTED,),
        S.SUBMITTED,
        (W.WORKER, W.COORDINATOR, W.NATIONAL),
        "VERIFY terus berjalan sejak diterima",
        ("desk", "reason"),
        "Yakin daerahnya, belum yakin kantornya: meja koordinator yang memutuskan.",
    ),
    Transition(
        "forward",
        _("teruskan"),
        (S.SUBMITTED,),
        S.FORWARDED,
        (W.WORKER, W.COORDINATOR, W.NATIONAL),
        "VERIFY berhenti; RESPOND dan RESOLVE mulai",
        ("kind", "agency", "reason"),
        "Laporan terverifikasi dan punya kantor yang harus menjawab.",
    ),
    Transition(
        "pass_on",
        _("teruskan ke unit"),
        (S.FORWARDED, S.IN_PROGRESS),
        SAME,
        (W.HANDLER,),
        "tidak berubah",
        ("office",),
        "Kantor membagi pekerjaan ke unitnya sendiri; janji tetap.",
    ),
    Transition(
        "start",
        _("proses"),
        (S.FORWARDED,),
        S.IN_PROGRESS,
        (W.HANDLER,),
        "tidak berubah",
        (),
        "Seseorang memegangnya; pelapor boleh tahu.",
    ),
    Transition(
        "ask",
        _("minta keterangan"),
        (S.SUBMITTED, S.FORWARDED, S.IN_PROGRESS),
        S.WAITING,
        (W.HANDLER,),
        "yang berjalan dijeda; REPORTER mulai",
        ("question",),
        "Tanpa keterangan pelapor kantor tak bisa bekerja; permintaan ketiga perlu koordinator.",
    ),
    Transition(
        "unask",
        _("batal minta keterangan"),
        (S.WAITING,),
        RETURN,
        (W.HANDLER, W.COORDINATOR),
        "REPORTER berhenti; yang dijeda berjalan lagi",
        (),
        "Keterangan ternyata tak diperlukan.",
    ),
    Transition(
        "complete",
        _("lengkapi"),
        (S.WAITING,),
        RETURN,
        (W.REPORTER,),
        "REPORTER berhenti; yang dijeda berjalan lagi",
        ("message",),
        "Pelapor sudah menjawab.",
    ),
    Transition(
        "answer",
        _("beri tanggapan"),
        (S.FORWARDED, S.IN_PROGRESS),
        S.IN_PROGRESS,
        (W.HANDLER,),
        "RESPOND berhenti",
        ("body",),
        "Jawaban pertama menepati janji pertama.",
    ),
    Transition(
        "resolve",
        _("jawaban akhir"),
        (S.FORWARDED, S.IN_PROGRESS),
        S.ANSWERED,
        (W.HANDLER,),
        "RESPOND berhenti; RESOLVE dijeda; REPORTER mulai",
        ("body", "outcome"),
        "Kantor berkata selesai; pelapor yang menilai. Mulai putaran 3 hanya koordinator.",
    ),
    Transition(
        "contest",
        _("belum beres"),
        (S.ANSWERED,),
        S.IN_PROGRESS,
        (W.REPORTER,),
        "putaran baru: REPORTER berhenti; RESOLVE berjalan lagi; RESPOND mulai",
        ("message",),
        "Yang belum beres dikerjakan lagi.",
    ),
    Transition(
        "accept",
        _("terima dan nilai"),
        (S.ANSWERED,),
        S.CLOSED,
        (W.REPORTER,),
        "semua berhenti",
        (),
        "Hanya pelapor yang bisa berkata beres.",
    ),
    Transition(
        "lapse",
        _("tutup otomatis"),
        (S.ANSWERED,),
        S.CLOSED,
        (W.SYSTEM,),
        "semua berhenti",
        (),
        "Pelapor diam sampai lewat batas waktunya; dihitung terpisah dari diterima.",
    ),
    Transition(
        "expire",
        _("gugur"),
        (S.WAITING,),
        S.ARCHIVED,
        (W.SYSTEM,),
        "semua berhenti",
        (),
        "Keterangan yang diminta tak datang sampai lewat batas waktunya.",
    ),
    Transition(
        "hand_back",
        _("kembalikan"),
        (S.SUBMITTED, S.FORWARDED, S.IN_PROGRESS),
        FIRST_UNSENT,
        (W.HANDLER,),
        "tidak berubah; penolakan kedua memulai DECIDE",
        ("ground",),
        "Bukan wewenang, atau usul arsip: meja di atasnya yang memutuskan.",
    ),
    Transition(
        "move",
        _("pindahkan"),
        (S.SUBMITTED, S.WAITING, S.FORWARDED, S.IN_PROGRESS, S.ANSWERED),
        SAME,
        (W.COORDINATOR, W.SYSTEM),
        "DECIDE berhenti, kecuali oleh sistem",
        ("agency", "reason"),
        "Salah kantor: laporan pindah, janji kepada pelapor tidak.",
    ),
    Transition(
        "archive",
        _("arsipkan"),
        (S.SUBMITTED, S.WAITING, S.FORWARDED, S.IN_PROGRESS),
        S.ARCHIVED,
        (W.COORDINATOR, W.NATIONAL),
        "semua berhenti",
        ("ground", "text"),
        "Bukan untuk dijawab di sini, dengan alasan yang dibaca pelapor.",
    ),
    Transition("withdraw", _("cabut"), OPEN, S.ARCHIVED, (W.REPORTER,), "semua berhenti", (), "Laporan milik pelapor."),
    Transition(
        "reopen",
        _("buka kembali"),
        TERMINAL,
        FIRST_UNSENT,
        (W.REPORTER, W.COORDINATOR, W.NATIONAL, W.SYSTEM),
        "putaran baru: VERIFY, atau RESPOND dan RESOLVE, mulai",
        ("reason",),
        "Yang ditutup keliru bisa dibuka: pelapor sekali dalam 30 hari kerja, koordinator kapan saja.",
    ),
    Transition(
        "unmerge",
        _("pisahkan"),
        (S.ARCHIVED,),
        FIRST_UNSENT,
        (W.COORDINATOR, W.NATIONAL),
        "yang berhenti waktu digabung berjalan lagi dengan sisa harinya",
        ("reason",),
        "Ternyata masalah lain: dikerjakan lagi, tanpa kehilangan dan tanpa mendapat hari.",
    ),
    Transition(
        "inherit",
        _("bawa dari riwayat"),
        (S.SUBMITTED, S.FORWARDED),
        TOLD,
        (W.SYSTEM,),
        "berhenti bila sudah berakhir; dijeda bila pelapor ditunggu",
        ("status",),
        "Laporan dari tabel riwayat datang dengan keadaan yang sudah dicapainya di tempat lain.",
    ),
)
_ACTS = (
    Transition(
        "note",
        _("catatan internal"),
        ANY,
        SAME,
        (W.HANDLER, W.COORDINATOR, W.NATIONAL),
        "tidak berubah",
        ("body",),
        "Petugas saling memberi tahu; warga tidak membacanya.",
    ),
    Transition(
        "reply",
        _("tulis pesan"),
        ANY,
        SAME,
        (W.REPORTER,),
        "tidak berubah",
        ("message",),
        "Pesan pelapor tidak pernah dibuang, juga sesudah laporan ditutup.",
    ),
    Transition(
        "nudge",
        _("ingatkan kantor"),
        OPEN,
        SAME,
        (W.COORDINATOR, W.NATIONAL),
        "tidak berubah",
        ("reason",),
        "Koordinator mengingatkan kantor yang diam; alasannya tercatat.",
    ),
    Transition(
        "summon",
        _("minta penjelasan kantor"),
        OPEN,
        SAME,
        (W.COORDINATOR, W.NATIONAL),
        "tidak berubah",
        ("reason", "due_on"),
        "Koordinator memanggil satu laporan: kantornya menjelaskan keadaannya sampai suatu tanggal.",
    ),
    Transition(
        "account_due",
        _("penjelasan lewat tanggal"),
        OPEN,
        SAME,
        (W.SYSTEM,),
        "tidak berubah",
        (),
        "Penjelasan yang tidak datang diingatkan sekali sesudah tanggalnya, dan tampil di halaman koordinator.",
    ),
    Transition(
        "reclassify",
        _("ubah jenis atau kategori"),
        OPEN,
        SAME,
        (W.HANDLER, W.COORDINATOR, W.NATIONAL),
        "RESOLVE dihitung ulang dari hari pertamanya",
        ("reason",),
        "Jenis yang salah memberi janji yang salah.",
    ),
    Transition(
        "locate",
        _("tetapkan tempat"),
        OPEN,
        SAME,
        (W.HANDLER, W.COORDINATOR, W.NATIONAL),
        "tidak berubah",
        ("place",),
        "Yang terbaca dari teks bisa keliru: petugas membenarkan atau membetulkannya, dan pilihan pelapor tetap.",
    ),
    Transition(
        "propose",
        _("ajukan jawaban"),
        (S.FORWARDED, S.IN_PROGRESS),
        SAME,
        (W.HANDLER,),
        "tidak berubah",
        ("body",),
        "Kantor yang memintanya: jawaban menunggu persetujuan pimpinan, dan belum dilihat siapa pun.",
    ),
    Transition(
        "approve",
        _("setujui jawaban"),
        (S.FORWARDED, S.IN_PROGRESS),
        SAME,
        (W.HEAD, W.COORDINATOR),
        "seperti jawaban yang disetujui",
        (),
        "Pimpinan menyetujui; jawaban itu lalu berlaku.",
    ),
    Transition(
        "return",
        _("kembalikan jawaban"),
        (S.FORWARDED, S.IN_PROGRESS),
        SAME,
        (W.HEAD, W.COORDINATOR),
        "tidak berubah",
        ("reason",),
        "Jawaban belum baik; penulisnya memperbaiki.",
    ),
    Transition(
        "redact",
        _("samarkan"),
        ANY,
        SAME,
        (W.HANDLER, W.COORDINATOR, W.NATIONAL),
        "tidak berubah",
        ("title", "body"),
        "Salinan untuk umum tak boleh menyebut orang.",
    ),
    Transition(
        "publish",
        _("terbitkan"),
        (S.FORWARDED, S.IN_PROGRESS, S.ANSWERED, S.CLOSED),
        SAME,
        (W.HANDLER, W.COORDINATOR, W.NATIONAL),
        "tidak berubah",
        (),
        "Petugas sudah membaca teks yang tersamar.",
    ),
    Transition(
        "tighten",
        _("rahasiakan"),
        ANY,
        SAME,
        (W.REPORTER, W.HANDLER, W.COORDINATOR, W.NATIONAL),
        "tidak berubah",
        ("what",),
        "Siapa pun yang berkepentingan boleh lebih menutup.",
    ),
    Transition(
        "loosen",
        _("buka kerahasiaan"),
        ANY,
        SAME,
        (W.REPORTER,),
        "tidak berubah",
        ("what",),
        "Hanya pelapor yang boleh membuka.",
    ),
    Transition(
        "exclude",
        _("jauhkan dari kantor"),
        OPEN,
        SAME,
        (W.REPORTER, W.COORDINATOR, W.NATIONAL, W.SYSTEM),
        "tidak berubah",
        ("agency",),
        "Laporan tentang pimpinan tidak dibaca kantornya sendiri, juga tidak oleh penerusnya.",
    ),
    Transition(
        "offer_lane",
        _("tawarkan jalur pengungkapan"),
        OPEN,
        SAME,
        (W.HANDLER, W.COORDINATOR, W.NATIONAL),
        "tidak berubah",
        (),
        "Yang sudah dibaca orang tidak menjadi tersembunyi karena dipindah: pelapor sendiri yang memilih jalur itu.",
    ),
    Transition(
        "tag",
        _("tandai program"),
        ANY,
        SAME,
        (W.COORDINATOR, W.NATIONAL, W.WORKER),
        "tidak berubah",
        ("programme", "reason"),
        "Laporan sebuah program prioritas dikumpulkan di mana pun ia ditangani; pengawasnya membacanya tersamar.",
    ),
    Transition(
        "untag",
        _("lepas dari program"),
        ANY,
        SAME,
        (W.COORDINATOR, W.NATIONAL),
        "tidak berubah",
        ("programme", "reason"),
        "Yang keliru ditandai dilepas; pengawas programnya hanya tahu bahwa laporan itu lepas.",
    ),
    Transition(
        "invite",
        _("minta bantuan"),
        WORKED_ON,
        SAME,
        (W.HANDLER, W.COORDINATOR, W.NATIONAL),
        "tidak berubah; tugasnya punya tanggal sendiri",
        ("agency", "task", "days"),
        "Satu kantor menjawab warga; yang lain mengerjakan bagiannya dengan tanggalnya sendiri.",
    ),
    Transition(
        "share",
        _("bagikan berkas"),
        HELPED,
        SAME,
        (W.HANDLER, W.COORDINATOR, W.NATIONAL),
        "tidak berubah; tanggal tugasnya tetap",
        ("agency", "files"),
        "Kantor yang membantu ternyata perlu melihat berkas lain: dibagi tanpa meminta bantuan lagi.",
    ),
    Transition(
        "contribute",
        _("kirim hasil bantuan"),
        HELPED,
        SAME,
        (W.CONTRIBUTOR,),
        "tidak berubah",
        ("body",),
        "Hasilnya untuk kantor yang menjawab; warga tetap membaca satu jawaban.",
    ),
    Transition(
        "decline",
        _("tidak bisa membantu"),
        HELPED,
        SAME,
        (W.CONTRIBUTOR,),
        "tidak berubah",
        ("reason",),
        "Yang tidak bisa membantu mengatakannya, supaya pemegang mencari jalan lain.",
    ),
    Transition(
        "uninvite",
        _("batalkan permintaan bantuan"),
        ANY,
        SAME,
        (W.HANDLER, W.COORDINATOR, W.NATIONAL, W.SYSTEM),
        "tidak berubah",
        ("agency", "reason"),
        "Bantuan tidak diperlukan lagi, atau laporan ditutup, dirahasiakan, atau sampai di kantor itu sendiri.",
    ),
    Transition(
        "reinvite",
        _("alihkan permintaan bantuan"),
        OPEN,
        SAME,
        (W.SYSTEM,),
        "tidak berubah; tanggal tugasnya tetap",
        ("agency",),
        "Kantor yang berakhir atau tanpa petugas tidak bisa membantu: tugasnya ke penerusnya atau ke atasnya.",
    ),
    Transition(
        "help_due",
        _("tenggat bantuan"),
        OPEN,
        SAME,
        (W.SYSTEM,),
        "tidak berubah",
        (),
        "Bantuan yang terlambat punya tangganya sendiri, di samping tangga pemegang.",
    ),
    Transition(
        "refer",
        _("teruskan ke Ombudsman"),
        ANY,
        SAME,
        (W.REPORTER,),
        "tidak berubah",
        ("consent",),
        "Janji yang lewat membuka jalan ke pengawas; hanya pelapor yang memutuskan apa yang ikut dikirim.",
    ),
    Transition(
        "unrefer",
        _("tarik dari Ombudsman"),
        ANY,
        SAME,
        (W.REPORTER,),
        "tidak berubah",
        (),
        "Persetujuan bisa ditarik; sejak itu Ombudsman tidak membaca apa-apa lagi di sini.",
    ),
    Transition(
        "examine",
        _("langkah Ombudsman"),
        ANY,
        SAME,
        (W.OMBUDSMAN,),
        "tidak berubah",
        ("state", "text"),
        "Pelapor membaca setiap langkah pemeriksaan; status laporan tetap milik kantornya.",
    ),
    Transition(
        "recommend",
        _("beri rekomendasi"),
        ANY,
        SAME,
        (W.OMBUDSMAN,),
        "tidak berubah; rekomendasi punya tanggalnya sendiri",
        ("agency", "body"),
        "Pengawas menyarankan, tidak mengubah keadaan.",
    ),
    Transition(
        "heed",
        _("jawab rekomendasi"),
        ANY,
        SAME,
        (W.ADDRESSED,),
        "tidak berubah",
        ("answer",),
        "Pimpinan atau koordinator kantor itu mengatakan apa yang dilakukan.",
    ),
    Transition(
        "weigh",
        _("nilai pelaksanaan"),
        ANY,
        SAME,
        (W.OMBUDSMAN,),
        "tidak berubah",
        ("verdict",),
        "Siapa yang mengindahkan dan siapa yang tidak, terbaca semua orang.",
    ),
    Transition(
        "merge",
        _("gabungkan"),
        (S.SUBMITTED, S.WAITING, S.FORWARDED, S.IN_PROGRESS),
        S.ARCHIVED,
        (W.COORDINATOR, W.NATIONAL),
        "semua berhenti",
        ("lead",),
        "Satu masalah, satu jawaban.",
    ),
    Transition(
        "regroup",
        _("ikut laporan utama"),
        TERMINAL,
        SAME,
        (W.SYSTEM,),
        "tidak berubah",
        ("lead",),
        "Laporan yang digabung ikut laporan utama yang baru.",
    ),
    Transition(
        "reveal",
        _("buka identitas"),
        ANY,
        SAME,
        (W.NATIONAL,),
        "tidak berubah",
        ("reason",),
        "Setiap pembukaan tercatat dan dilihat pelapor.",
    ),
    Transition(
        "remind", _("ingatkan"), OPEN, SAME, (W.SYSTEM,), "tidak berubah", (), "Sebelum waktu habis, orang tahu."
    ),
    Transition(
        "overdue",
        _("lewat batas waktu"),
        OPEN,
        SAME,
        (W.SYSTEM,),
        "tidak berubah",
        (),
        "Janji yang lewat dicatat sekali, bertanggal hari lewatnya.",
    ),
    Transition(
        "overdue_withdrawn",
        _("keterlambatan dikoreksi"),
        ANY,
        SAME,
        (W.SYSTEM,),
        "tidak berubah",
        (),
        "Hari libur yang datang kemudian membatalkan keterlambatan.",
    ),
    Transition(
        "recompute",
        _("batas waktu dihitung ulang"),
        OPEN,
        SAME,
        (W.SYSTEM,),
        "tanggal baru",
        (),
        "Kalender berubah; tanggal yang sudah disebut tak pernah maju.",
    ),
    Transition(
        "escalate",
        _("dinaikkan"),
        OPEN,
        SAME,
        (W.SYSTEM,),
        "tidak berubah",
        (),
        "Yang terlambat naik ke atasan, satu tingkat sekali.",
    ),
    Transition(
        "undeliverable",
        _("surat tak sampai"),
        ANY,
        SAME,
        (W.SYSTEM,),
        "tidak berubah",
        (),
        "Alamat yang tak bisa dicapai harus diketahui.",
    ),
)

# The beginning has no status to come from, so it stands beside the table that is asked.
SUBMIT = Transition(
    "submit",
    _("kirim"),
    (),
    S.SUBMITTED,
    (W.REPORTER,),
    "VERIFY mulai",
    ("body",),
    "Siapa pun boleh melapor, lewat kanal mana pun.",
)

TRANSITIONS: dict[str, Transition] = {row.verb: row for row in _ROWS}
ACTS: dict[str, Transition] = {row.verb: row for row in _ACTS}
TABLE: dict[str, Transition] = TRANSITIONS | ACTS


class Refusal(Exception):
    """An act that was not done, with a sentence for the person who tried. Nothing has changed."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class WrongStatus(Refusal):
    """The table has no such act from this status (machines: 409)."""


class NotAllowed(Refusal):
    """The table does not give this act to this actor (403)."""


class Stale(Refusal):
    """Somebody else was faster: the version read is not the case's any more (409)."""


class Incomplete(Refusal):
    """Something the act needs is missing or wrong; `field` names the form field."""

    def __init__(self, field: str, message: str | Promise) -> None:
        super().__init__(message)
        self.field = field


def standing(complaint: Complaint, by: Actor) -> frozenset[Who]:
    """How `by` stands to the case as it is now; empty: not at all.

    An officer in the subtree of `not_for`, or one the case names, stands to it in no way (case.md section 6, last row).
    """
    if by.side is Side.REPORTER:
        return frozenset({W.REPORTER})
    if by.side is Side.SYSTEM:
        return frozenset({W.WORKER, W.SYSTEM}) if by.name == "worker" else frozenset({W.SYSTEM})
    office, role, handler = by.agency, by.role, complaint.handler
    if office is None:
        return frozenset()
    if complaint.not_for is not None and office.is_under(complaint.not_for):
        return frozenset()
    if complaint.about_conduct and by.user is not None and complaint.not_seen_by.filter(pk=by.user.pk).exists():
        return frozenset()
    found: set[Who] = set()
    if role == Role.NATIONAL:
        found |= {W.NATIONAL, W.COORDINATOR}
        if handler.parent_id is None:
            found.add(W.HANDLER)
    if role in (Role.LIAISON, Role.HEAD, Role.COORDINATOR) and office.pk == handler.pk:
        found.add(W.HANDLER)
        if role == Role.HEAD:
            found.add(W.HEAD)
    if role == Role.COORDINATOR and handler.is_under(office):
        found.add(W.COORDINATOR)
    if role in HELPERS and office.pk != handler.pk and complaint.is_helped_by(office):
        found.add(W.CONTRIBUTOR)
    if is_examiner(by) and complaint.referrals.readable_by(by).exists():
        found.add(W.OMBUDSMAN)
    asked = complaint.asked_of
    if asked is not None and (
        (role in (Role.HEAD, Role.COORDINATOR) and office.pk == asked.pk)
        or (role == Role.COORDINATOR and asked.is_under(office))
    ):
        found.add(W.ADDRESSED)
    return frozenset(found)


def ask_table(verb: str, complaint: Complaint, by: Actor) -> Transition:
    """The row for this act, if the table has one from this status for this actor.

    Raises NotAllowed or WrongStatus; the actor is asked first, so that a stranger learns nothing of the status.
    """
    row = TABLE[verb]
    if not standing(complaint, by) & set(row.who):
        raise NotAllowed(_("Anda tidak berwenang melakukan ini pada laporan ini."))
    if complaint.status not in row.sources:
        raise WrongStatus(
            _("Ini tidak bisa dilakukan: status laporan sekarang “%(status)s”.")
            % {"status": Status(complaint.status).label}
        )
    return row


def allowed(complaint: Complaint, by: Actor) -> list[Transition]:
    """Every act the table gives this actor now: what the buttons show."""
    stands = standing(complaint, by)
    return [row for row in TABLE.values() if stands & set(row.who) and complaint.status in row.sources]
