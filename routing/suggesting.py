"""Where each report of a table would go: what the worker would decide, without a case, a disposition or a letter."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from complaints.models import Complaint
from complaints.models.lifecycle.acting import clean_text
from lapor.kit.text import first_words
from routing import destination, subject, whereabouts

COLUMNS = (
    "id", "level", "bidang_1", "bidang_2", "bidang_3", "agency_1", "agency_2", "agency_3", "place", "score", "decided",
    "why",
)  # fmt: skip
# So many answers at most, each kind.
OFFERED = 3
# A title made of the story, as intake makes one.
TITLE_WORDS, TITLE_LIMIT = 8, 160


@dataclass(frozen=True)
class Answer:
    """One report's destination. `decided`: the worker would forward it to the first of `agencies` by itself. `place`: a
    region's code, "" where the text names none."""

    level: str
    bidang: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    place: str = ""
    score: float = 0.0
    decided: bool = False
    why: str = ""

    def row(self, number: str) -> list[str]:
        """As COLUMNS."""
        bidang, agencies = ([*found, "", "", ""][:OFFERED] for found in (self.bidang, self.agencies))
        decided = "yes" if self.decided else "no"
        return [number, self.level, *bidang, *agencies, self.place, f"{self.score:.4f}", decided, self.why]


def suggest(title: str, text: str, today: datetime.date) -> Answer:
    """What destination.find says of a report that just came, with no more known than its words."""
    body = clean_text(text)
    case = Complaint(title=clean_text(title) or first_words(body, TITLE_WORDS, TITLE_LIMIT), body=body)
    decision = destination.find(case, today)
    said = subject.of(case.title, case.body)
    clues = where.clues if (where := whereabouts.read(case)) else ()
    near = [decision.district] if decision.district else []
    offices = [guess.agency for guess in decision.guesses] + near
    return Answer(
        level=said.first.level,
        bidang=list(said.bidang),
        agencies=[office.name for office in offices][:OFFERED],
        place=clues[0].code if clues else "",
        score=decision.guesses[0].score if decision.office else said.score,
        decided=decision.office is not None,
        why=decision.because.fully(),
    )
