"""What those are told who follow a case ("saya juga mengalami"): what everybody may read, and nothing else.

Every letter is written from the masked copy as it is when it goes out: without one there is no letter. It names
neither the reporter nor how anybody is doing who follows it too.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.models import Event, Publication, Supporter
from complaints.notifications.letters import (
    Bold,
    Button,
    Letter,
    absolute,
    line,
    support_stop_url,
    support_url,
)
from complaints.notifications.to_reporter import office_name


def confirmation(supporter: Supporter) -> Letter:
    """The one letter an unconfirmed address gets. Not a word of the case: it may be somebody else's address."""
    return Letter(
        heading=_("Benarkah ini alamat Anda?"),
        greeting=_("Halo,"),
        lines=[
            line(_("seseorang menulis alamat email ini di LAPOR! untuk ikut mendukung sebuah laporan. Mungkin Anda.")),
            line(_("Tekan tombol di bawah kalau benar. Sebelum itu Anda tidak dihitung dan tidak dikabari.")),
        ],
        buttons=[Button(_("Ya, ini alamat saya"), support_url(supporter))],
        after=[line(_("Bukan Anda? Abaikan surat ini. Alamat ini kami hapus dalam 14 hari."))],
    )


def write(event: Event, supporter: Supporter) -> Letter | None:
    """None when the case is public no more."""
    case = event.complaint
    row = Publication.objects.filter(complaint=case, complaint__secret=False).only("title").first()
    heading = _heading(event)
    if row is None or not heading:
        return None
    merged = case.pk != supporter.complaint_id
    lines = [line(_("ini kabar tentang laporan %(title)s, yang juga Anda alami."), title=Bold(row.title))]
    if merged:
        lines.append(line(_("Laporan yang Anda dukung digabung ke laporan ini, karena masalahnya sama.")))
    return Letter(
        heading=heading,
        over=_("Laporan %(number)s") % {"number": case.shown_number},
        greeting=_("Halo,"),
        lines=lines,
        buttons=[Button(_("Baca di halaman laporan"), absolute(reverse("complaints:case", args=[case.number])))],
        after=[line(_("Membalas surat ini tidak menambah laporan. Mau menambah keterangan? Buat laporan sendiri."))],
        stop_url=support_stop_url(supporter),
    )


def _heading(event: Event) -> str:
    office = {"office": office_name(event.acting_agency or event.complaint.handler)}
    match event.verb:
        case "start":
            return _("%(office)s mulai menangani laporan yang Anda dukung") % office
        case "answer":
            return _("%(office)s menjawab laporan yang Anda dukung") % office
        case "resolve":
            return _("%(office)s memberi jawaban akhir untuk laporan yang Anda dukung") % office
        case "move":
            return _("Laporan yang Anda dukung sekarang di %(office)s") % {
                "office": office_name(event.handler_to or event.complaint.handler)
            }
        case "accept" | "lapse":
            return _("Laporan yang Anda dukung sudah ditutup")
        case "archive" if event.particulars.get("ground") == "DUPLICATE":
            return _("Laporan yang Anda dukung digabung dengan laporan lain")
        case "archive":
            return _("Laporan yang Anda dukung diarsipkan")
        case "reopen":
            return _("Laporan yang Anda dukung dibuka lagi")
    return ""
