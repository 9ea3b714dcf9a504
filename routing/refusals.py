"""A case that was handed back, as the desk that has it now must see it: who refused and why, whom they named, by when
to decide, and the one press that follows them (case.md sections 3 and 5)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import pairwise

from django.db import models
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, Role
from complaints.models import Complaint
from lapor.kit.compiled import Blank, Compiled
from routing.models import Disposition, Ground, Outcome


@dataclass(frozen=True)
class Refused:
    """One office's word: not ours, or a proposal for the archive."""

    office: str
    sentence: str
    reason: str
    named: str
    at: datetime.datetime


@dataclass(frozen=True)
class Decision:
    """`head` and `lines`: what is so and what follows from it; `accept`: the office to press for, with the reason that
    is written then; `verb`: move or forward, "" where it is not this officer's to send there; `hint`: why not."""

    head: str
    lines: list[str]
    refused: list[Refused]
    accept: Agency | None = None
    verb: str = ""
    reason: str = ""
    hint: str = ""


_STINTS: Compiled[Disposition] = Compiled(
    lambda: (
        Disposition.objects.filter(
            complaint_id=Blank("case", models.BigIntegerField()), round=Blank("round", models.IntegerField())
        )
        .select_related("agency", "proposed")
        .order_by("pk")
    )
)


def decision(
    case: Complaint, stint: Disposition | None, by: Actor, verbs: set[str], today: datetime.date
) -> Decision | None:
    """None where nobody refused: only a stint that was handed back, or is bound, asks. `verbs`: those this officer is
    offered. One statement, one more where an office was named."""
    if stint is None or not (stint.verb == "hand_back" or stint.bound):
        return None
    stints = _STINTS(case=case.pk, round=case.round)
    # What was given as the reason stands at the stint that it opened.
    back = [(one, after.reason) for one, after in pairwise(stints) if one.outcome == Outcome.HANDED_BACK]
    if not back:
        return None
    refused = [_refused(one, reason) for one, reason in back]
    lines = []
    here = case.handler.shown_name
    if stint.verb != "hand_back":
        head = _("Tidak bisa dikembalikan lagi")
        lines.append(_("Dua kantor sudah mengembalikan laporan ini. %(office)s wajib menanganinya.") % {"office": here})
        return Decision(head, lines, refused)
    head = _("%(office)s yang memutuskan") % {"office": here}
    if stint.bound:
        lines.append(
            _("Dua kantor sudah mengembalikannya. Apa pun putusannya, kantor yang ditunjuk tidak bisa menolak lagi.")
        )
    last = back[-1][0]
    if last.ground == Ground.PROPOSE_ARCHIVE:
        lines.append(_("Arsipkan kalau setuju. Kalau tidak, tunjuk kantor yang menjawab: usul ini hanya bisa sekali."))
        return Decision(head, lines, refused)
    named = last.proposed
    if named is None:
        lines.append(_("Kantor itu tidak menyebut kantor lain. Cari yang tepat, atau jawab sendiri."))
        return Decision(head, lines, refused)
    verb = next((one for one in ("move", "forward") if one in verbs), "")
    hint = "" if not verb else _why_not(named, case, by, today)
    reason = _("%(named)s, menurut %(office)s.") % {"named": named.shown_name, "office": last.agency.shown_name}
    if hint or not verb:
        return Decision(head, lines, refused, hint=hint)
    return Decision(head, lines, refused, named, verb, reason)


def _refused(stint: Disposition, reason: str) -> Refused:
    office = stint.agency.shown_name
    if stint.ground == Ground.PROPOSE_ARCHIVE:
        sentence = _("%(office)s mengusulkan laporan ini diarsipkan.") % {"office": office}
    else:
        sentence = _("%(office)s: bukan wewenang kami.") % {"office": office}
    assert stint.ended_at is not None
    return Refused(
        office=office,
        sentence=sentence,
        reason=reason,
        named=stint.proposed.shown_name if stint.proposed else "",
        at=stint.ended_at,
    )


def _why_not(named: Agency, case: Complaint, by: Actor, today: datetime.date) -> str:
    """Why the office they named can't be pressed for; "" when it can."""
    words = {"office": named.name}
    if not named.is_active_on(today):
        return _("%(office)s sudah tidak ada. Cari penerusnya.") % words
    if case.not_for is not None and named.is_under(case.not_for):
        return _("%(office)s tidak boleh membaca laporan ini.") % words
    if by.agency is not None and by.role != Role.NATIONAL and not named.is_under(by.agency):
        return (
            _("%(office)s di luar wilayah Anda. Kembalikan ke pusat dengan menyebutnya, atau tunjuk kantor lain.")
            % words
        )
    if named.parent_id is not None and not named.is_staffed(today):
        return _("Belum ada petugas di %(office)s. Tunjuk kantor lain, atau jawab sendiri.") % words
    return ""
