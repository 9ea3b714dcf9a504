"""From which score on a case is forwarded alone by its words: what the weights chose, and what a person may make of it
(ADR 0032). Numbers only: no page needs numpy for them."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import Agency, AuditEntry, User
from agencies.permissions import Capability, membership_may
from routing import learning, subject
from routing.certainty import FEWEST, LIMITS, RIGHT, cautious
from routing.models import ChosenThreshold
from routing.models.threshold import LEVELS

LOWEST, HIGHEST = LIMITS[0], LIMITS[-1]


class Verdict(StrEnum):
    FINE = "fine"
    THIN = "thin"  # enough were right, with nothing to spare
    FEW = "few"  # too few held-back reports to say
    WRONG = "wrong"  # too many of them went wrong
    UNKNOWN = "unknown"  # these weights keep no such figure


REFUSED = (Verdict.FEW, Verdict.WRONG, Verdict.UNKNOWN)


@dataclass(frozen=True)
class Outlook:
    """A threshold in whole hundredths (None: never) and what it would have done with the held-back reports that were
    read as of this level: of `total` so many forwarded alone, so many of those rightly."""

    percent: int | None
    verdict: Verdict
    total: int
    count: int = 0
    right: int = 0

    @property
    def is_refused(self) -> bool:
        return self.verdict in REFUSED

    @property
    def share(self) -> int | None:
        """Hundredths of them that were right; None: there were none. 94.9 is not 95."""
        return math.floor(self.right / self.count * 100) if self.count else None

    @property
    def coverage(self) -> int:
        return round(self.count / self.total * 100) if self.total else 0

    @property
    def figures(self) -> dict[str, Any]:
        return {"percent": self.percent, "count": self.count, "right": self.right, "total": self.total}


@dataclass(frozen=True)
class Level:
    """One level: what is in force, what the weights chose themselves, and who chose otherwise (None: nobody)."""

    code: str
    now: Outlook
    own: Outlook
    chosen: ChosenThreshold | None
    outlooks: tuple[Outlook, ...]

    @property
    def name(self) -> str:
        return str(LEVELS[self.code])

    @property
    def never(self) -> Outlook:
        return Outlook(None, Verdict.FINE, self.now.total)

    @property
    def lowest(self) -> int | None:
        """The lowest that is not refused; None: none is."""
        return next((one.percent for one in self.outlooks if not one.is_refused), None)

    @property
    def is_overruled(self) -> bool:
        """A person chose it on other weights, and what these chose is the more careful."""
        return self.chosen is not None and self.now.percent != hundredths(self.chosen.score)


def levels() -> list[Level]:
    """Every level, as the page shows them. Three statements."""
    told, force = learning.told(), subject.in_force()
    rows = {row.level: row for row in ChosenThreshold.objects.filter(ended_at=None).select_related("set_by", "before")}
    return [_level(code, told, force, rows.get(code)) for code in LEVELS]


def level(code: str) -> Level:
    return next(one for one in levels() if one.code == code)


def _level(code: str, told: dict[str, Any], force: subject.Force, chosen: ChosenThreshold | None) -> Level:
    own = told["thresholds"][code]["score"]
    asked = {round(row[0] * 100): row for row in told["moves"][code]}
    total = told["moves"][code][0][2]

    def outlook(percent: int | None) -> Outlook:
        return _outlook(percent, own, asked.get(percent) if percent is not None else None, total)

    return Level(
        code=code,
        now=_in_force(told, code, force.needed(code, own), outlook),
        own=_in_force(told, code, own, outlook),
        chosen=chosen,
        outlooks=tuple(outlook(percent) for percent in LIMITS),
    )


def _in_force(told: dict[str, Any], code: str, score: float | None, outlook: Any) -> Outlook:
    """What the weights chose lies between two hundredths: its own figures are exact."""
    said = told["thresholds"][code]
    if score is None or score != said["score"]:
        found: Outlook = outlook(hundredths(score))
        return found
    total = told["moves"][code][0][2]
    right = round(said["precision"] * said["tried"])
    return Outlook(hundredths(score), Verdict.FINE, total, said["tried"], right)


def hundredths(score: float | None) -> int | None:
    """As a page says it: 0.8837 is reached from 89 on."""
    return None if score is None else math.ceil(round(score * 100, 6))


def _outlook(percent: int | None, own: float | None, row: list[Any] | None, total: int) -> Outlook:
    if percent is None:
        return Outlook(None, Verdict.FINE, total)
    careful = own is not None and percent >= own * 100
    if row is None:
        return Outlook(percent, Verdict.FINE if careful else Verdict.UNKNOWN, total)
    _limit, count, _total, right = row
    if careful:
        verdict = Verdict.FINE
    elif count < FEWEST:
        verdict = Verdict.FEW
    elif right / count < RIGHT:
        verdict = Verdict.WRONG
    else:
        verdict = Verdict.FINE if cautious(right, count) >= RIGHT else Verdict.THIN
    return Outlook(percent, verdict, total, count, right)


# --- The acts ---


def choose(
    code: str,
    percent: int | None,
    *,
    by: Actor,
    reason: str,
    aware: bool = False,
    now: datetime.datetime | None = None,
) -> ChosenThreshold:
    """From now on so, in every worker; None: never. Raises Refused: it was less careful than the promise allows, or
    leaves nothing to spare and nobody said that they know (`aware`)."""
    who = _ask(by)
    now = now or timezone.now()
    try:
        with transaction.atomic():
            before = ChosenThreshold.objects.select_for_update().filter(level=code, ended_at=None).first()
            here, force = level(code), subject.in_force()
            outlook = next((one for one in (here.never, *here.outlooks) if one.percent == percent), None)
            if outlook is None:
                raise Refused(_("Pilih antara %(low)d dan %(high)d persen.") % _ENDS, "percent")
            if outlook.percent == here.now.percent and not here.is_overruled:
                raise Refused(_("Ambangnya sudah begitu."), "percent")
            if outlook.is_refused:
                raise Refused(why_refused(here, outlook), "percent")
            if outlook.verdict is Verdict.THIN and not aware:
                raise Refused(_("Centang bila Anda tetap memilihnya."), "aware")
            if before is not None:
                ChosenThreshold.objects.filter(pk=before.pk).update(ended_at=now)
            row = ChosenThreshold.objects.create(
                level=code,
                score=None if percent is None else percent / 100,
                trained_id=force.trained,
                shown=outlook.figures,
                reason=reason,
                set_at=now,
                set_by=who,
                before=before,
            )
            _audit(by, "threshold_set", row, reason, now, here.now.figures, outlook.figures)
    except IntegrityError:
        raise Refused(_("Ambang ini baru saja diubah orang lain. Baca dulu yang baru."), "percent") from None
    return row


@transaction.atomic
def go_back(code: str, *, by: Actor, reason: str, now: datetime.datetime | None = None) -> ChosenThreshold | None:
    """To what held before, in one act; None: to what the weights chose. Raises Refused when nobody chose anything."""
    _ask(by)
    now = now or timezone.now()
    row = ChosenThreshold.objects.select_for_update().filter(level=code, ended_at=None).first()
    if row is None:
        raise Refused(_("Ambang pilihan bobot sudah dipakai."))
    was = level(code).now.figures
    ChosenThreshold.objects.filter(pk=row.pk).update(ended_at=now, ended_by=by.user)
    if row.before_id is not None:
        ChosenThreshold.objects.filter(pk=row.before_id).update(ended_at=None)
    _audit(by, "threshold_back", row, reason, now, was, level(code).now.figures)
    return ChosenThreshold.objects.filter(level=code, ended_at=None).first()


_ENDS = {"low": LOWEST, "high": HIGHEST}


def why_refused(here: Level, outlook: Outlook) -> str:
    facts = {"percent": outlook.percent, "count": outlook.count, "share": outlook.share, "few": FEWEST}
    if outlook.verdict is Verdict.UNKNOWN:
        return _("Bobot ini tidak menyimpan angka untuk %(percent)d%%. Yang lebih tinggi selalu boleh.") % facts
    said = (
        _("Baru %(count)d laporan yang disisihkan mencapai %(percent)d%%; perlu sedikitnya %(few)d.") % facts
        if outlook.verdict is Verdict.FEW
        else _("Mulai %(percent)d%% hanya %(share)d%% yang benar, padahal dijanjikan 95%%.") % facts
    )
    lowest = (
        _("Yang paling rendah: %(lowest)d%%.") % {"lowest": here.lowest}
        if here.lowest is not None
        else _("Tingkat ini tetap dilihat petugas sampai bobotnya lebih baik.")
    )
    return f"{said} {lowest}"


def history(count: int = 10) -> list[ChosenThreshold]:
    return list(ChosenThreshold.objects.select_related("set_by", "ended_by")[:count])


def _ask(by: Actor) -> User:
    root = Agency.objects.root()
    if by.user is None or by.membership is None or not membership_may(by.membership, Capability.MANAGE_MODEL, root):
        raise NotAllowed(_("Ambang hanya diatur oleh admin nasional."))
    return by.user


def _audit(
    by: Actor,
    what: str,
    row: ChosenThreshold,
    reason: str,
    now: datetime.datetime,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    AuditEntry.objects.create(
        at=now,
        who=by.user,
        acting_as=by.agency,
        what=what,
        subject_kind="threshold",
        subject_id=row.pk,
        reason=reason,
        before={"level": row.level, **before},
        after={"level": row.level, **after},
    )
