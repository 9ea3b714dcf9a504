"""What is answered at once: each at most 160 characters of the GSM alphabet, in the language that is active.

A phone may be shared: of an anonymous or secret report a reply holds its number, its state and a date, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from complaints import emergency, short_links
from complaints.channels.contract import LINK, NUMBER
from complaints.channels.sms import grammar
from complaints.models import Clock, ClockKind, Complaint
from complaints.transitions import Status
from lapor.kit import gsm, wording

_ROOM_FOR_LINK = "L"


def fit(*texts: str, alert: str = "") -> str:
    """The first that fits; where there is an alarm, beside it, and if need be in its place."""
    stand_in = _ROOM_FOR_LINK * short_links.length()
    wanted = [text.replace(LINK, stand_in) for text in texts]
    if alert:
        wanted = [*(f"{text} {alert}" for text in wanted), alert]
    return gsm.first_fitting(wanted).replace(stand_in, LINK)


def alert_for(text: str, language: str) -> str:
    """Whom to call, where a text tells of danger now; else ""."""
    return emergency.short(language) if emergency.read(text).urgent else ""


def is_guarded(case: Complaint) -> bool:
    return case.anonymous or case.secret


def help_() -> str:
    return fit(
        _(
            "Lapor: ketik awalan daerah lalu isinya. Contoh: INHU lampu jalan mati. Juga: STATUS nomor, "
            "BALAS nomor isi, ANONIM, RAHASIA, STOP."
        ),
        _("Lapor: ketik awalan daerah lalu isinya. Contoh: INHU lampu jalan mati."),
    )


def unknown() -> str:
    """The same for a number that never was, a secret one and somebody else's."""
    return fit(
        _("Nomor itu tidak kami temukan untuk telepon ini. Periksa huruf demi huruf. Contoh: STATUS %(number)s")
        % {"number": grammar.NUMBER}
    )


def unknown_but_read(alert: str) -> str:
    return fit(
        _("Nomor itu tidak kami temukan untuk telepon ini. Pesan Anda akan dibaca petugas."),
        _("Nomornya tidak kami temukan. Pesan dibaca petugas."),
        alert=alert,
    )


def which_number(word: str) -> str:
    return fit(_("Tulis nomor laporannya juga. Contoh: %(word)s %(number)s") % {"word": word, "number": grammar.NUMBER})


def words_of(case: Complaint) -> str:
    return {
        Status.SUBMITTED: _("sedang diperiksa"),
        Status.WAITING: _("menunggu jawaban Anda"),
        Status.FORWARDED: _("menunggu dijawab"),
        Status.IN_PROGRESS: _("sedang dikerjakan"),
        Status.ANSWERED: _("sudah dijawab, menunggu kata Anda"),
        Status.CLOSED: _("selesai"),
        Status.ARCHIVED: _("diarsipkan"),
    }[Status(case.status)]


def status(case: Complaint, *, hushed: bool = False) -> str:
    number = case.shown_number
    said = {"number": number, "status": words_of(case), "since": wording.short_day(case.changed_at, case.zone)}
    plain = _("Laporan %(number)s: %(status)s, sejak %(since)s.") % said
    if is_guarded(case):
        return fit(plain)
    start = _("Kabar berhenti; ketik MULAI untuk menerimanya lagi.") if hushed else ""
    see = _("Lihat: %(link)s") % {"link": LINK}
    due, offices = _due(case), (case.handler.name, case.handler.shown_name) if case.handler.parent_id else ("",)
    wheres = [_("Ada di %(office)s.") % {"office": office} if office else "" for office in offices]
    brief = _("Laporan %(number)s: %(status)s.") % said
    # The date promised is worth more than the day since when.
    texts = [
        " ".join(part for part in (state, where, *more) if part)
        for more in ((due, start, see), (due, see), (see,))
        for state in (plain, brief)
        for where in wheres
    ]
    return fit(*texts, f"{plain} {see}", plain)


def _due(case: Complaint) -> str:
    promise: Clock | None = (
        case.clocks.unstopped()
        .filter(kind__in=[ClockKind.RESPOND, ClockKind.RESOLVE, ClockKind.VERIFY], due_on__isnull=False)
        .order_by("due_on")
        .first()
    )
    if promise is None or not case.is_open:
        return ""
    sentence = (
        _("Diteruskan paling lambat %(day)s.")
        if promise.kind == ClockKind.VERIFY
        else _("Dijawab paling lambat %(day)s.")
    )
    return sentence % {"day": wording.short_day(promise.due_on)}


def added(case: Complaint, alert: str) -> str:
    said = {"number": case.shown_number}
    return fit(
        _("Sudah ditambahkan ke laporan %(number)s. Terima kasih.") % said,
        _("Ditambahkan ke %(number)s.") % said,
        alert=alert,
    )


def added_to_ended(case: Complaint, alert: str) -> str:
    said = {"number": case.shown_number}
    return fit(
        _("Sudah ditambahkan. Laporan %(number)s sudah ditutup; membukanya lagi: ketik BELUM %(number)s") % said,
        _("Ditambahkan ke %(number)s.") % said,
        alert=alert,
    )


def accepted(case: Complaint) -> str:
    return fit(_("Terima kasih. Laporan %(number)s selesai.") % {"number": case.shown_number})


def contested(case: Complaint, alert: str) -> str:
    said = {"number": case.shown_number}
    return fit(
        _("Baik. Laporan %(number)s dikerjakan lagi. Kabarnya kami kirim ke sini.") % said,
        _("Laporan %(number)s dikerjakan lagi.") % said,
        alert=alert,
    )


def not_answered_yet(case: Complaint) -> str:
    return fit(
        _("Laporan %(number)s belum mendapat jawaban akhir. Menambah keterangan: BALAS %(number)s isi")
        % {"number": case.shown_number}
    )


def ended_for_good(case: Complaint) -> str:
    return fit(
        _("Laporan %(number)s sudah ditutup dan tidak bisa dibuka lagi. Masih ada masalah? Kirim laporan baru.")
        % {"number": case.shown_number}
    )


def already_accepted(case: Complaint) -> str:
    return fit(
        _("Laporan %(number)s sudah ditutup. Belum beres? Ketik BELUM %(number)s") % {"number": case.shown_number}
    )


def write_something(case: Complaint) -> str:
    return fit(_("Tulis isinya sesudah nomor: BALAS %(number)s isi pesan") % {"number": case.shown_number})


def write_a_report(prefix: str) -> str:
    said = {"prefix": prefix or "INHU"}
    return fit(_("Tulis isi laporannya juga. Contoh: %(prefix)s lampu jalan di depan pasar mati") % said)


def which(cases: Sequence[Complaint], alert: str) -> str:
    """For which report? One question with the number, answered by BALAS or BARU."""
    said = {"number": cases[0].shown_number}
    if len(cases) == 1:
        return fit(
            _("Ini untuk laporan %(number)s? Kalau ya, ketik BALAS %(number)s. Kalau laporan lain, ketik BARU.") % said,
            _("Untuk %(number)s? BALAS %(number)s. Laporan lain? BARU.") % said,
            alert=alert,
        )
    return fit(
        _(
            "Pesan ini untuk laporan yang mana? Ketik BALAS dan nomornya, misalnya BALAS %(number)s. "
            "Kalau laporan lain, ketik BARU."
        )
        % said,
        _("Untuk laporan mana? BALAS nomor, misalnya BALAS %(number)s. Laporan lain? BARU.") % said,
        alert=alert,
    )


def nothing_asked() -> str:
    return fit(_("Tulis isinya sesudah BARU. Contoh: BARU INHU lampu jalan di depan pasar mati"))


def stopped() -> str:
    return fit(
        _("Kabar ke telepon ini berhenti. Laporan Anda tetap berjalan. Menerima kabar lagi: ketik MULAI"),
    )


def started() -> str:
    return fit(_("Kabar laporan Anda kami kirim lagi ke telepon ini. Berhenti: ketik STOP"))


def incomplete() -> str:
    """Said beside the first letter, which names the number."""
    return fit(_("Sebagian pesan Anda tidak sampai. Tulis lagi bagian itu: BALAS %(number)s isi") % {"number": NUMBER})


def and_incomplete(reply: str) -> str:
    """Behind a reply that says what became of the rest."""
    note = _("Sebagian pesan Anda tidak sampai; tulis lagi bagian itu.")
    return fit(f"{reply} {note}", reply) if reply else fit(note)
