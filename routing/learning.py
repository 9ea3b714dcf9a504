"""What the portal learns from itself: where cases stayed, a challenger each night, and the better of two.

Never learnt from: secret and anonymous cases, cases about conduct or kept from an office (ADR
0024). Texts are masked before they are read, and only numbers are kept.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry
from agencies.models.agency import PEMDA, Kind
from complaints.masking import mask
from routing import subject
from routing.models import Disposition, Outcome, Suggestion, TrainedModel

if TYPE_CHECKING:
    from routing.classifier.vocabulary import Example

# The newest examples a night learns from, and how many it needs.
MOST, FEWEST = 3_000, 150
# The newest part is held back to compare on; fewer than this compare nothing.
HELD_BACK, FEWEST_HELD = 0.3, 50
LEVEL_OF_KIND = {
    Kind.KEMENTERIAN: "pusat",
    Kind.LEMBAGA: "pusat",
    Kind.BUMN: "bumn",
    Kind.PROVINSI: "provinsi",
    Kind.KABUPATEN: "kabkota",
    Kind.KOTA: "kabkota",
}
PARTED = (Outcome.MOVED, Outcome.HANDED_BACK, Outcome.PASSED_ON, Outcome.PLACED, Outcome.FORWARDED, Outcome.SUCCEEDED)
State = TrainedModel.State


@dataclass(frozen=True)
class Decided:
    """One example, and when it was decided."""

    example: Example
    at: datetime.datetime


@dataclass(frozen=True)
class Night:
    """What came of a night: the row, or why there is none."""

    made: TrainedModel | None
    sentence: str


# --- Examples ---


def decided(limit: int = MOST) -> list[Decided]:
    """Where cases stayed: the office answered, or a person sent it there and it never left. Oldest first."""
    stuck = (
        Disposition.objects.filter(
            Q(first_answer_at__isnull=False) | Q(by__isnull=False) | Q(outcome__in=[Outcome.ANSWERED, Outcome.LAPSED]),
            complaint__secret=False,
            complaint__anonymous=False,
            complaint__about_conduct=False,
            complaint__not_for=None,
        )
        .exclude(outcome__in=[*PARTED, Outcome.ARCHIVED, Outcome.WITHDRAWN, Outcome.EXPIRED])
        .exclude(agency__kind__in=PEMDA)
        .select_related("agency", "complaint__category")
        .order_by("-pk")[:limit]
    )
    newest: dict[int, Disposition] = {}
    for stint in stuck:
        newest.setdefault(stint.complaint_id, stint)
    above = _above({stint.agency for stint in newest.values()})
    found = (_example(stint, above) for stint in reversed(list(newest.values())))
    return [one for one in found if one is not None]


def _above(offices: set[Agency]) -> dict[int, Agency]:
    """Every office above these, and these. One statement."""
    wanted = {pk for office in offices for pk in (*office.ids_above, office.pk)}
    return Agency.objects.in_bulk(wanted)


def _example(stint: Disposition, above: dict[int, Agency]) -> Decided | None:
    """None: the office is of no single bidang, and the case's category doesn't say which of them."""
    from routing.classifier.vocabulary import Example

    chain = [above[pk] for pk in (*stint.agency.ids_above, stint.agency.pk)]
    level = next((LEVEL_OF_KIND[Kind(one.kind)] for one in chain if one.kind in LEVEL_OF_KIND), "")
    fields = next((one.bidang for one in reversed(chain) if one.bidang), [])
    case = stint.complaint
    category = case.category.bidang if case.category else ""
    bidang = fields[0] if len(fields) == 1 else category if category in fields else ""
    if not bidang or not level:
        return None
    return Decided(
        Example(mask(case.title), mask(case.body), bidang, level), stint.first_answer_at or stint.received_at
    )


# --- A night ---


def learn(now: datetime.datetime | None = None) -> Night:
    """Train on all but the newest part, compare on that part with what is in force, promote what is better."""
    now = now or timezone.now()
    current = in_force()
    examples = decided()
    until = _learnt_until()
    fresh = [one for one in examples if until is None or one.at > until]
    count = min(len(fresh), max(FEWEST_HELD, int(len(examples) * HELD_BACK)))
    if len(examples) - count < FEWEST or count < FEWEST_HELD:
        facts = {"count": len(examples), "fresh": len(fresh)}
        return Night(None, _("Belum cukup untuk belajar: %(count)d contoh, %(fresh)d di antaranya baru.") % facts)
    examples.sort(key=lambda one: one.at)
    return _challenge(examples[:-count], examples[-count:], current, now)


def _learnt_until() -> datetime.datetime | None:
    """What came before it was learnt by the weights in force, or by some that a person sent back: on such cases they
    prove nothing, and the same weights shall not come again the next night."""
    rows = TrainedModel.objects.filter(Q(state=State.CURRENT) | Q(retired_by__isnull=False))
    latest: datetime.datetime | None = rows.aggregate(latest=Max("learnt_until"))["latest"]
    return latest


def _challenge(
    known: list[Decided], held: list[Decided], current: TrainedModel | None, now: datetime.datetime
) -> Night:
    from routing.classifier import learning as classifier
    from routing.classifier import weights

    # Near copies of what is learnt prove nothing.
    whole = classifier.grouped([one.example for one in (*known, *held)])
    learnt = whole[: len(known)]
    groups = {one.group for one in learnt}
    tried = [one for one in whole[len(known) :] if one.group not in groups]
    champion = subject.weights_in_force()
    try:
        challenger, _said = classifier.train(learnt, {"source": "portal"}, base=weights.shipped())
    except ValueError as error:
        return Night(None, str(error))
    new, old = classifier.tried_on(challenger, tried), classifier.tried_on(champion, tried)
    better = is_better(list(new.is_right), list(old.is_right))
    figures = {
        "challenger": classifier.figures_of(new) | {"right": int(new.is_right.sum())},
        "champion": classifier.figures_of(old) | {"right": int(old.is_right.sum())},
        "about": challenger.about,
        "thresholds": {name: vars(one) for name, one in challenger.thresholds.items()},
    }
    row = TrainedModel(
        made_at=now,
        state=State.CURRENT if better else State.REFUSED,
        weights=weights.to_bytes(challenger) if better else b"",
        examples=len(learnt),
        held_back=len(tried),
        learnt_until=known[-1].at,
        figures=figures,
        before=current,
    )
    with transaction.atomic():
        if better:
            TrainedModel.objects.filter(state=State.CURRENT).update(state=State.RETIRED, retired_at=now)
        row.save()
    facts = {"new": figures["challenger"]["right"], "old": figures["champion"]["right"], "count": len(tried)}
    sentence = (
        _("Bobot baru dipakai: %(new)d dari %(count)d benar, yang lama %(old)d.")
        if better
        else _("Bobot lama tetap dipakai: %(old)d dari %(count)d benar, yang baru %(new)d.")
    )
    return Night(row, sentence % facts)


def is_better(new: list[bool], old: list[bool]) -> bool:
    """Right where the other was wrong more often than the other way round, by more than chance plays (McNemar)."""
    won = sum(one and not other for one, other in zip(new, old, strict=True))
    lost = sum(other and not one for one, other in zip(new, old, strict=True))
    return won - lost >= max(2.0, math.sqrt(won + lost))


# --- What is in force ---


def in_force() -> TrainedModel | None:
    """None: the shipped weights."""
    return TrainedModel.objects.filter(state=State.CURRENT).defer("weights").select_related("before").first()


def go_back(*, by: Actor, reason: str, now: datetime.datetime | None = None) -> TrainedModel | None:
    """Back to what was in force before, in one act: what it returned to; None: the shipped weights.

    Raises TrainedModel.DoesNotExist when nothing learnt is in force.
    """
    now = now or timezone.now()
    with transaction.atomic():
        current = TrainedModel.objects.select_for_update().defer("weights").get(state=State.CURRENT)
        TrainedModel.objects.filter(pk=current.pk).update(state=State.RETIRED, retired_at=now, retired_by=by.user)
        if current.before_id is not None:
            TrainedModel.objects.filter(pk=current.before_id).update(
                state=State.CURRENT, retired_at=None, retired_by=None
            )
        AuditEntry.objects.create(
            at=now,
            who=by.user,
            acting_as=by.agency,
            what="model_back",
            subject_kind="trained_model",
            subject_id=current.pk,
            reason=reason,
            before={"in_force": current.pk},
            after={"in_force": current.before_id},
        )
    return in_force()


# --- What the page shows ---


def told() -> dict[str, Any]:
    """Figures and thresholds of what is in force, as the page and the shipped card have them. No numpy is loaded for a
    row learnt here; the shipped weights' figures lie beside them as text."""
    row = in_force()
    if row is not None:
        return {**row.figures["about"], "thresholds": row.figures["thresholds"]}
    return subject.shipped_figures()


def mistakes(count: int = 10, source: str = "") -> list[Suggestion]:
    """The last forwards that a person corrected, those that this source decided; "": any. Cases that are secret,
    anonymous or kept from an office are not among them. One statement."""
    decided = Suggestion.objects.exclude(source=Suggestion.Source.CONDUCT)
    return list(
        (decided.filter(source=source) if source else decided)
        .filter(
            verdict=Suggestion.Verdict.CORRECTED,
            complaint__secret=False,
            complaint__anonymous=False,
            complaint__about_conduct=False,
            complaint__not_for=None,
        )
        .select_related("complaint__handler", "agency")
        .order_by("-made_at", "-pk")[:count]
    )


def lately(since: datetime.datetime) -> dict[str, int]:
    """How many forwards by words since then stood, and how many were corrected. One statement."""
    rows = Suggestion.objects.filter(source=Suggestion.Source.MODEL, rank=1, made_at__gte=since).values_list(
        "verdict", flat=True
    )
    counted = list(rows)
    return {
        "done": counted.count(Suggestion.Verdict.DONE) + counted.count(Suggestion.Verdict.CORRECTED),
        "corrected": counted.count(Suggestion.Verdict.CORRECTED),
        "accepted": counted.count(Suggestion.Verdict.ACCEPTED),
        "offered": counted.count(Suggestion.Verdict.OFFERED),
    }
