"""What a report is about, by its words: the classifier as the worker asks it.

Everything that computes is loaded when the first text is read, so that a web process never carries it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agencies import bidang
from routing.models import TrainedModel

if TYPE_CHECKING:
    from routing.classifier.weights import Weights

# What no office has.
OTHER = "lainnya"
CENTRAL = ("pusat", "bumn")
SHIPPED_FIGURES = Path(__file__).resolve().parent / "classifier/data/bobot.json"
# Less likely answers suggest nothing.
FAINT_BIDANG, FAINT_LEVEL = 0.05, 0.2


@dataclass(frozen=True)
class Field:
    """A bidang at a level of the state, and how likely both together."""

    bidang: str
    level: str
    score: float

    @property
    def name(self) -> str:
        return bidang.names().get(self.bidang, self.bidang)


@dataclass(frozen=True)
class Subject:
    """`fields`: the likeliest first; `score`: how likely the first is right, calibrated; `needed`: from which score on
    a case of its level is forwarded alone (None: never); `words`: what spoke for the first; `kind` is a guess by cues,
    `supervised` how much it sounds like *berkadar pengawasan*. `bidang`: the three likeliest whatever the level.
    """

    fields: tuple[Field, ...]
    bidang: tuple[str, ...]
    score: float
    needed: float | None
    words: tuple[str, ...]
    kind: str
    supervised: float
    # How likely a matter of the centre or of a state company.
    central: float

    @property
    def first(self) -> Field:
        return self.fields[0]

    @property
    def is_sure(self) -> bool:
        return self.is_sure_with(1.0)

    def is_sure_with(self, certainty: float) -> bool:
        """`certainty` of whatever else must be right too."""
        return self.needed is not None and self.score * certainty >= self.needed and self.first.bidang != OTHER


def of(title: str, body: str) -> Subject:
    """Reads the text with the weights in force."""
    return by(weights_in_force(), title, body)


def by(weights: Weights, title: str, body: str) -> Subject:
    from routing.classifier import reading

    read = reading.read(weights, title, body)
    level = read.level[0][0]
    threshold = weights.thresholds.get(level)
    fields = [
        Field(name, at, share * chance)
        for name, share in read.bidang[:3]
        for at, chance in read.level
        if (name, at) == (read.bidang[0][0], level) or (share >= FAINT_BIDANG and chance >= FAINT_LEVEL)
    ]
    first, *others = fields
    return Subject(
        fields=(first, *sorted(others, key=lambda one: -one.score)),
        bidang=tuple(name for name, _share in read.bidang[:3]),
        score=read.sure,
        needed=threshold.score if threshold else None,
        words=read.said,
        kind=read.kind[0][0],
        supervised=read.supervised,
        central=sum(chance for name, chance in read.level if name in CENTRAL),
    )


@cache
def shipped_figures() -> dict[str, Any]:
    """How the shipped weights fared, and their thresholds: beside them as text, so that a page needs no numbers of
    theirs."""
    from_file: dict[str, Any] = json.loads(SHIPPED_FIGURES.read_text(encoding="utf-8"))
    return from_file


def weights_in_force() -> Weights:
    """Those learnt here that were promoted, else the shipped ones. One statement; read anew only when they changed."""
    from routing.classifier import weights

    pk = TrainedModel.objects.filter(state=TrainedModel.State.CURRENT).values_list("pk", flat=True).first()
    return weights.shipped() if pk is None else _learnt(pk)


@lru_cache(maxsize=2)
def _learnt(pk: int) -> Weights:
    from routing.classifier import weights

    return weights.from_bytes(bytes(TrainedModel.objects.values_list("weights", flat=True).get(pk=pk)))
