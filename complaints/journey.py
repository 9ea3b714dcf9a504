"""What happened to a published case, in words for everybody: offices by name, persons never."""

from __future__ import annotations

from django.utils.translation import gettext as _

from complaints.models import Event
from complaints.models.clock import ClockKind

# Whatever else happens to a case is not told to all.
TOLD = (
    "submit", "forward", "pass_on", "start", "ask", "complete", "answer", "resolve", "contest", "accept", "lapse",
    "expire", "hand_back", "move", "archive", "merge", "unmerge", "reopen", "overdue", "overdue_withdrawn",
)  # fmt: skip


def heading(event: Event) -> str:
    """What an event is called where everybody reads it: offices by name, persons never; "" leaves it out."""
    to = event.handler_to.shown_name if event.handler_to else ""
    here = event.acting_agency or event.handler_from
    words = {"to": to, "office": here.shown_name if here else to}
    # The line the table of transitions gives each verb, told to somebody who is neither reporter nor officer.
    told = {
        "submit": _("Diterima"),
        "forward": _("Diteruskan ke %(to)s"),
        "pass_on": _("Diteruskan ke unit %(to)s"),
        "start": _("%(office)s mulai mengerjakan"),
        "ask": _("%(office)s bertanya kepada pelapor"),
        "complete": _("Pelapor menjawab"),
        "answer": _("Jawaban dari %(office)s"),
        "resolve": _("Jawaban akhir dari %(office)s"),
        "contest": _("Belum beres, kata pelapor"),
        "accept": _("Diterima pelapor"),
        "lapse": _("Ditutup sistem: pelapor tidak menilai"),
        "expire": _("Ditutup sistem: pelapor tidak melengkapi"),
        "hand_back": _("%(office)s mengembalikan laporan"),
        "move": _("Dipindahkan ke %(to)s"),
        "archive": _("Diarsipkan oleh %(office)s"),
        "merge": _("Digabung dengan laporan yang sama"),
        "unmerge": _("Dipisahkan dari laporan lain"),
        "reopen": _("Dibuka kembali"),
        "overdue": _missed(event.particulars.get("kind", "")),
        "overdue_withdrawn": _("Keterlambatan dikoreksi"),
    }
    return told.get(event.verb, "") % words


def _missed(kind: str) -> str:
    if kind == ClockKind.VERIFY:
        return _("Batas waktu diteruskan lewat")
    if kind == ClockKind.RESOLVE:
        return _("Batas jawaban akhir dari %(to)s lewat")
    if kind == ClockKind.DECIDE:
        return _("Batas keputusan wewenang lewat")
    return _("Batas jawaban pertama dari %(to)s lewat")
