"""What a report is about, by its words: the classifier as the worker asks it.

Everything that computes is loaded when the first text is read, so that a web process never carries it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, FloatField, QuerySet, Value

from agencies import bidang
from lapor.kit.compiled import Compiled
from routing.models import ChosenThreshold, TrainedModel

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


@dataclass(frozen=True)
class Chosen:
    """A person's threshold for a level (`score` None: never), and the weights they chose it on (None: the shipped)."""

    score: float | None
    trained: int | None


@dataclass(frozen=True)
class Force:
    """Which weights are in force (None: the shipped ones), and what people chose by level."""

    trained: int | None = None
    chosen: Mapping[str, Chosen] = field(default_factory=dict)

    def needed(self, level: str, own: float | None) -> float | None:
        """From which score on a case of this level is forwarded alone; None: never. `own`: what the weights say.

        A person's word holds on the weights they looked at. On others, which learnt since, it holds where it is the
        more careful (ADR 0032).
        """
        said = self.chosen.get(level)
        if said is None:
            return own
        if said.score is None or said.trained == self.trained:
            return said.score
        return None if own is None else max(own, said.score)


def of(title: str, body: str) -> Subject:
    """Reads the text with the weights and thresholds in force."""
    force = in_force()
    return by(_weights(force.trained), title, body, force)


def by(weights: Weights, title: str, body: str, force: Force | None = None) -> Subject:
    """`force` None: the thresholds the weights chose themselves."""
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
        needed=(force or Force()).needed(level, threshold.score if threshold else None),
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


def in_force() -> Force:
    """As it is at this moment: every worker asks with every text. One statement."""
    found = _IN_FORCE()
    return Force(
        next((pk for level, pk, _score in found if not level), None),
        {level: Chosen(score, pk) for level, pk, score in found if level},
    )


def _rows_in_force() -> QuerySet[Any, Any]:
    nothing: Any = Value(None, output_field=FloatField())
    weights = TrainedModel.objects.filter(state=TrainedModel.State.CURRENT).order_by()
    chosen = ChosenThreshold.objects.filter(ended_at=None).order_by()
    return weights.values_list(Value("", output_field=CharField()), "pk", nothing).union(
        chosen.values_list("level", "trained", "score"), all=True
    )


_IN_FORCE: Compiled[Any] = Compiled(_rows_in_force)


def weights_in_force() -> Weights:
    """Those learnt here that were promoted, else the shipped ones."""
    return _weights(in_force().trained)


def _weights(trained: int | None) -> Weights:
    """Read anew only when they changed."""
    from routing.classifier import weights

    return weights.shipped() if trained is None else _learnt(trained)


@lru_cache(maxsize=2)
def _learnt(pk: int) -> Weights:
    from routing.classifier import weights

    return weights.from_bytes(bytes(TrainedModel.objects.values_list("weights", flat=True).get(pk=pk)))
