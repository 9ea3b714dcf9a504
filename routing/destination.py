"""Whose is it, how sure, and why: address → rule → bidang × place (case.md section 5)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from agencies.models import Agency
from complaints.models import Complaint
from routing.models import Suggestion


@dataclass(frozen=True)
class Guess:
    """One office that may be it. `score` 0 to 1; `reason` is a sentence for the officer."""

    agency: Agency
    source: str
    score: float
    reason: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """As far down the tree as one is sure.

    `office`: sure of it; None: not. `district`: sure of this pemda (or ministry) only; None: sure of nothing.
    `guesses`: the best first, at most three, what decided among them.
    """

    office: Agency | None = None
    district: Agency | None = None
    guesses: list[Guess] = field(default_factory=list)


def find(complaint: Complaint, today: datetime.date) -> Decision:
    """The destination of a case nobody has weighed yet."""
    guesses: list[Guess] = []
    if complaint.addressed_to is not None and complaint.addressed_to.is_active_on(today):
        guesses.append(Guess(complaint.addressed_to, Suggestion.Source.ADDRESS, 1.0, "Pelapor menyebut kantor ini."))
        return Decision(office=complaint.addressed_to, guesses=guesses)
    return Decision(guesses=guesses)
