"""What happened to a published case, in words for everybody: offices by name, persons never."""

from __future__ import annotations

from django.utils.translation import gettext as _

from complaints.models import Event, Recommendation, Referral
from complaints.models.clock import ClockKind

# Whatever else happens to a case is not told to all.
TOLD = (
    "submit", "forward", "pass_on", "start", "ask", "complete", "answer", "resolve", "contest", "accept", "lapse",
    "expire", "hand_back", "move", "archive", "merge", "unmerge", "reopen", "overdue", "overdue_withdrawn", "invite",
    "contribute",
)  # fmt: skip


def heading(event: Event) -> str:
    """What an event is called where everybody reads it: offices by name, persons never; "" leaves it out."""
    to = event.handler_to.shown_name if event.handler_to else ""
    here = event.acting_agency or event.handler_from
    words = {"to": to, "office": here.shown_name if here else to, "helper": event.particulars.get("helper_name", "")}
    if event.verb in ("invite", "contribute") and not event.particulars.get("shown"):
        return ""
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
        "hand_back": handed_back(event),
        "move": decided(event) or _("Dipindahkan ke %(to)s"),
        "invite": _("%(helper)s diminta membantu"),
        "contribute": _("%(helper)s selesai membantu"),
        "archive": _("Diarsipkan oleh %(office)s"),
        "merge": _("Digabung dengan laporan yang sama"),
        "unmerge": _("Dipisahkan dari laporan lain"),
        "reopen": _("Dibuka kembali"),
        "overdue": _missed(event.particulars.get("kind", "")),
        "overdue_withdrawn": _("Keterlambatan dikoreksi"),
    }
    return told.get(event.verb, "") % words


def handed_back(event: Event) -> str:
    """Who handed it back, and with which word: not theirs, or nothing to be answered. For reporter and public alike."""
    if event.particulars.get("ground") == "PROPOSE_ARCHIVE":
        return _("%(office)s mengembalikan laporan: usul diarsipkan")
    return _("%(office)s mengembalikan laporan: bukan wewenangnya")


def decided(event: Event) -> str:
    """The word of the desk that had to decide whose it is; "" where nothing waited for that."""
    if not event.particulars.get("decided"):
        return ""
    if event.handler_to_id == event.acting_agency_id:
        return _("%(office)s memutuskan menanganinya sendiri")
    return _("%(office)s memutuskan: wewenang %(to)s")


def detail(event: Event) -> str:
    """What follows from its being handed back, in plain words; offices by name, persons never. "": nothing to add."""
    if event.verb != "hand_back":
        return ""
    p = event.particulars
    to = event.handler_to.shown_name if event.handler_to else ""
    found = []
    if p.get("proposed_name"):
        found.append(_("Menurutnya ini wewenang %(office)s.") % {"office": p["proposed_name"]})
    if p.get("bound"):
        found.append(
            _("Ini penolakan kedua: %(to)s wajib memutuskan. Sesudah itu tidak ada yang bisa mengembalikannya.")
            % {"to": to}
        )
    elif to:
        found.append(_("Sekarang %(to)s yang memutuskan.") % {"to": to})
    return " ".join(found)


def _missed(kind: str) -> str:
    if kind == ClockKind.VERIFY:
        return _("Batas waktu diteruskan lewat")
    if kind == ClockKind.RESOLVE:
        return _("Batas jawaban akhir dari %(to)s lewat")
    if kind == ClockKind.DECIDE:
        return _("Batas keputusan wewenang lewat")
    return _("Batas jawaban pertama dari %(to)s lewat")


def before_the_ombudsman(event: Event) -> str:
    """A step of the Ombudsman, or of the office it recommended something to; %(office)s is who acted."""
    facts = event.particulars
    if event.verb == "recommend":
        return _("Ombudsman memberi rekomendasi kepada %(office)s") % {"office": facts.get("to_name", "")}
    if event.verb == "heed":
        return _("%(office)s menjawab rekomendasi Ombudsman")
    if event.verb == "weigh":
        return {
            Recommendation.Verdict.HEEDED.value: _("Menurut Ombudsman rekomendasinya dilaksanakan"),
            Recommendation.Verdict.PARTLY.value: _("Menurut Ombudsman rekomendasinya dilaksanakan sebagian"),
        }.get(facts.get("verdict", ""), _("Menurut Ombudsman rekomendasinya tidak dilaksanakan"))
    return {
        Referral.State.EXAMINED.value: _("Ombudsman memeriksa laporan ini"),
        Referral.State.FINISHED.value: _("Ombudsman selesai memeriksa"),
    }.get(facts.get("step", ""), _("Ombudsman tidak bisa memeriksanya"))
