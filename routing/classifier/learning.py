"""Examples → weights, with what a held-back part says of them. Needs scikit-learn, which nothing else imports.

A linear model a bidang and a level over words, parts of words and known words. What it says of reports it has not seen
(grouped folds: near copies stay together) teaches how to mix it with the known words, how sure a verdict is, and from
which score on a case may be forwarded alone. A word enters the weights only if three different reports have it or a
public table does.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from routing.certainty import FEWEST, LIMITS, RIGHT, cautious
from routing.classifier import reading, words
from routing.classifier.reading import evidence, known, mixed, usual_level
from routing.classifier.vocabulary import LEVELS, Example, bidang_names
from routing.classifier.vocabulary import examples as public_examples
from routing.classifier.weights import Floats, Mixing, Threshold, Weights

FOLDS = 5
# A word of fewer different reports is not kept, unless a public table has it.
ENOUGH_REPORTS = 3
# How much the linear model may bend to single examples.
BENDING = 0.5
# A report decided at this portal counts as so many of those the base was made of, which are older and from elsewhere.
OWN = 8
# What is not said of a report counts as this margin, where a model has never seen the answer.
NEVER_SEEN = -2.0
# Shares of common triples of words from which two reports are near copies.
ALIKE, CONTAINED = 0.5, 0.7
COMMON_TRIPLE = 40
# Confusions the page shows.
CONFUSIONS = 10


@dataclass(frozen=True)
class HeldBack:
    """What was said of each report by weights that had not seen it. Rows as `examples`."""

    examples: list[Example]
    fields: Floats
    levels: Floats
    sure: Floats
    bidang_names: tuple[str, ...]
    level_names: tuple[str, ...]

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """Bidang and level are those somebody decided; an undecided level can't be wrong."""
        return np.array(
            [
                one.bidang == self.bidang_names[field] and one.level in ("", self.level_names[level])
                for one, field, level in zip(self.examples, self.fields.argmax(1), self.levels.argmax(1), strict=True)
            ],
            dtype=bool,
        )


def train(
    reports: Sequence[Example], about: dict[str, Any] | None = None, base: Weights | None = None
) -> tuple[Weights, HeldBack]:
    """Weights of all reports, and what weights of four fifths said of the last fifth, for every fifth.

    `base`: weights that these reports only add to, each side by its number of examples. Raises ValueError when there
    are too few reports to hold any back.
    """
    if len({one.group for one in reports}) < 2 * FOLDS:
        raise ValueError("terlalu sedikit contoh")
    learner = Learner(reports, base)
    everyone = np.arange(len(reports))
    held = learner.hold_back(everyone)
    weights = learner.settle(learner.fit(everyone), held, everyone)
    said = learner.say(weights, held)
    told = {**(about or {}), **figures_of(said), **details_of(said), "examples": len(reports)}
    if base is not None:
        told["examples"] += base.about.get("examples", 0)
    return replace(weights, thresholds=thresholds(said), about=told), said


@dataclass(frozen=True)
class Margins:
    """What the linear models say of some reports, before it is mixed: a row each."""

    at: NDArray[np.intp]
    bidang: Floats
    level: Floats


class Learner:
    """The reports with their features, read once; every fold is a selection of their rows."""

    def __init__(self, reports: Sequence[Example], base: Weights | None = None) -> None:
        self.reports = list(reports)
        self.base = base
        self.public = public_examples()
        self.bidang_names = base.bidang_names if base else tuple(sorted(bidang_names()))
        self.level_names = LEVELS
        self.texts = [words.read(one.title, one.body) for one in self.reports]
        self.public_texts = [words.read(one.title, one.body) for one in self.public]
        self.groups = np.array([one.group for one in self.reports])
        self.known_bidang = np.array([known(text, self.bidang_names) for text in self.texts])
        self.known_level = np.array([known(text, self.level_names, "level:") for text in self.texts])

    # --- Linear models ---

    def fit(self, at: NDArray[np.intp]) -> Weights:
        """Linear weights of these reports and the public tables; how to mix them is not settled yet."""
        features, idf = self._vocabulary(at)
        empty = Weights(
            features=features,
            idf=idf,
            bidang=np.zeros((len(features), len(self.bidang_names)), np.float16),
            level=np.zeros((len(features), len(self.level_names)), np.float16),
            bidang_bias=np.zeros(len(self.bidang_names), np.float32),
            level_bias=np.zeros(len(self.level_names), np.float32),
            bidang_usual=usual([self.reports[i].bidang for i in at], self.bidang_names),
            level_usual=usual([self.reports[i].level for i in at], self.level_names),
            level_of_bidang=self._level_of_bidang(at),
            bidang_names=self.bidang_names,
            level_names=self.level_names,
            bidang_mixing=Mixing(),
            level_mixing=Mixing(),
            sureness=np.zeros(7, np.float32),
        )
        told = [(self.reports[i], self.texts[i]) for i in at] + list(zip(self.public, self.public_texts, strict=True))
        table = matrix(empty, [text for _one, text in told])
        bidang, bidang_bias = linear(table, [one.bidang for one, _text in told], self.bidang_names)
        level, level_bias = linear(table, [one.level for one, _text in told], self.level_names)
        learnt = replace(empty, bidang=bidang, bidang_bias=bidang_bias, level=level, level_bias=level_bias)
        return learnt if self.base is None else added(self.base, learnt, len(at))

    def _vocabulary(self, at: NDArray[np.intp]) -> tuple[NDArray[np.uint32], Floats]:
        """Features that enough different reports have, or a public table; near copies count once."""
        reports: dict[int, set[int]] = defaultdict(set)
        for i in at:
            for block in reading.blocks(self.texts[i]):
                for feature in block:
                    reports[feature].add(int(self.groups[i]))
        public: Counter[int] = Counter()
        for text in self.public_texts:
            for block in reading.blocks(text):
                public.update(block.keys())
        kept = sorted({one for one, groups in reports.items() if len(groups) >= ENOUGH_REPORTS} | set(public))
        total = len(at) + len(self.public)
        weigh = {one: math.log((1 + total) / (1 + len(reports.get(one, ())) + public[one])) + 1 for one in kept}
        if self.base is not None:
            # One weight a feature on both sides, or their margins could not be added.
            weigh |= {int(one): float(idf) for one, idf in zip(self.base.features, self.base.idf, strict=True)}
        features = sorted(weigh)
        return np.array(features, dtype=np.uint32), np.array([weigh[one] for one in features], dtype=np.float32)

    def _level_of_bidang(self, at: NDArray[np.intp]) -> Floats:
        counts = np.full((len(self.bidang_names), len(self.level_names)), 0.25, dtype=np.float32)
        for one, weight in [*((self.reports[i], 1.0) for i in at), *((one, 0.5) for one in self.public)]:
            if one.bidang in self.bidang_names and one.level in self.level_names:
                counts[self.bidang_names.index(one.bidang), self.level_names.index(one.level)] += weight
        shares: Floats = counts / counts.sum(axis=1, keepdims=True)
        return shares

    def margins(self, weights: Weights, at: NDArray[np.intp]) -> Margins:
        rows = [reading.rows_of(weights, self.texts[i]) for i in at]
        return Margins(
            at,
            np.array([reading.learnt(row, weights.bidang, weights.bidang_bias) for row in rows]),
            np.array([reading.learnt(row, weights.level, weights.level_bias) for row in rows]),
        )

    def hold_back(self, at: NDArray[np.intp], seed: int = 0) -> Margins:
        """For each of these reports what weights of the other folds say of it."""
        bidang = np.zeros((len(at), len(self.bidang_names)), np.float32)
        level = np.zeros((len(at), len(self.level_names)), np.float32)
        for learn, test in self.folds(at, seed):
            said = self.margins(self.fit(at[learn]), at[test])
            bidang[test], level[test] = said.bidang, said.level
        return Margins(at, bidang, level)

    def folds(self, at: NDArray[np.intp], seed: int = 0) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Positions in `at`: to learn from, to test on. Near copies stay on one side."""
        splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        answers = [self.reports[i].bidang for i in at]
        yield from splitter.split(np.zeros(len(at)), answers, self.groups[at])

    # --- What is mixed, and how sure it is ---

    def settle(self, weights: Weights, held: Margins, at: NDArray[np.intp]) -> Weights:
        """How to mix and how sure to be, from reports the margins had not seen."""
        answers = [self.reports[i].bidang for i in at]
        bidang = best_mixing(
            held.bidang, self.known_bidang[at], weights.bidang_usual, positions(answers, self.bidang_names)
        )
        fields = mixed(held.bidang, self.known_bidang[at], weights.bidang_usual, bidang)
        where = positions([self.reports[i].level for i in at], self.level_names)
        told = where >= 0
        usual_levels = usual_level(weights, fields)
        level = best_mixing(held.level[told], self.known_level[at][told], usual_levels[told], where[told])
        weights = replace(weights, bidang_mixing=bidang, level_mixing=level)
        said = self.say(weights, held)
        table = self._evidence(said.fields, said.levels, at)
        right = said.is_right
        if right.all() or not right.any():
            return weights
        model = LogisticRegression(C=1.0, max_iter=500).fit(table[:, :-1], right)
        return replace(weights, sureness=np.r_[model.coef_[0], model.intercept_].astype(np.float32))

    def say(self, weights: Weights, held: Margins) -> HeldBack:
        fields = mixed(held.bidang, self.known_bidang[held.at], weights.bidang_usual, weights.bidang_mixing)
        levels = mixed(held.level, self.known_level[held.at], usual_level(weights, fields), weights.level_mixing)
        table = self._evidence(fields, levels, held.at)
        sure = 1 / (1 + np.exp(-(table @ weights.sureness)))
        reports = [self.reports[i] for i in held.at]
        return HeldBack(reports, fields, levels, sure, self.bidang_names, self.level_names)

    def _evidence(self, fields: Floats, levels: Floats, at: NDArray[np.intp]) -> Floats:
        return np.array(
            [
                evidence(one, level, self.known_bidang[i], self.texts[i].length)
                for one, level, i in zip(fields, levels, at, strict=True)
            ]
        )


def added(base: Weights, learnt: Weights, count: int) -> Weights:
    """Both together, each by its number of examples (OWN). `learnt` has the features of `base`, with the same idf."""
    old = base.about.get("examples", 0)
    share = old / (old + OWN * count)
    at = np.searchsorted(learnt.features, base.features)

    def rows(ours: NDArray[np.float16], theirs: NDArray[np.float16]) -> NDArray[np.float16]:
        whole = ours.astype(np.float32) * (1 - share)
        whole[at] += theirs.astype(np.float32) * share
        short: NDArray[np.float16] = whole.astype(np.float16)
        return short

    def usual(ours: Floats, theirs: Floats) -> Floats:
        mean: Floats = np.log(np.exp(ours) * (1 - share) + np.exp(theirs) * share)
        return mean

    return replace(
        learnt,
        bidang=rows(learnt.bidang, base.bidang),
        level=rows(learnt.level, base.level),
        bidang_bias=learnt.bidang_bias * (1 - share) + base.bidang_bias * share,
        level_bias=learnt.level_bias * (1 - share) + base.level_bias * share,
        bidang_usual=usual(learnt.bidang_usual, base.bidang_usual),
        level_usual=usual(learnt.level_usual, base.level_usual),
        level_of_bidang=learnt.level_of_bidang * (1 - share) + base.level_of_bidang * share,
    )


def tried_on(weights: Weights, reports: Sequence[Example]) -> HeldBack:
    """What these weights say of reports, which they must not have seen."""
    learner = Learner(reports, weights)
    return learner.say(weights, learner.margins(weights, np.arange(len(reports))))


def matrix(weights: Weights, texts: Iterable[words.Text]) -> sparse.csr_matrix:
    rows = [reading.rows_of(weights, text) for text in texts]
    ends = np.cumsum([0, *(len(row.at) for row in rows)])
    values, at = np.concatenate([row.value for row in rows]), np.concatenate([row.at for row in rows])
    return sparse.csr_matrix((values, at, ends), shape=(len(rows), len(weights.features)))


def linear(table: sparse.csr_matrix, answers: list[str], names: tuple[str, ...]) -> tuple[NDArray[np.float16], Floats]:
    """One margin against the rest for every name; what has no example stays below."""
    told = np.array([answer in names for answer in answers])
    model = LinearSVC(C=BENDING, random_state=0).fit(table[told], [answer for answer in answers if answer in names])
    coefficients = np.zeros((table.shape[1], len(names)), np.float16)
    bias = np.full(len(names), NEVER_SEEN, np.float32)
    for at, answer in enumerate(model.classes_):
        coefficients[:, names.index(answer)] = model.coef_[at]
        bias[names.index(answer)] = model.intercept_[at]
    return coefficients, bias


def usual(answers: list[str], names: tuple[str, ...]) -> Floats:
    """How common each answer is, as a logarithm; an answer nobody gave yet is rare, not impossible."""
    counts = np.array([answers.count(name) + 1.5 for name in names], dtype=np.float32)
    shares: Floats = np.log(counts / counts.sum())
    return shares


def positions(answers: list[str], names: tuple[str, ...]) -> NDArray[np.intp]:
    return np.array([names.index(answer) if answer in names else -1 for answer in answers], dtype=np.intp)


def best_mixing(learnt: Floats, known: Floats, usual: Floats, right: NDArray[np.intp]) -> Mixing:
    """Four factors for all answers alike: too few to learn single reports by heart."""
    # The search takes differences too small for 32 bits.
    said, heard, common = learnt.astype(np.float64), known.astype(np.float64), usual.astype(np.float64)

    def loss(factors: NDArray[np.float64]) -> float:
        shares = mixed(said, heard, common, Mixing(*(float(one) for one in factors)))
        return float(-np.log(shares[np.arange(len(right)), right] + 1e-9).mean() + 1e-3 * (factors[:3] ** 2).sum())

    limits = [(0.2, 8), (0, 3), (0, 2), (0.001, 0.2)]
    found = minimize(loss, [2.0, 0.5, 0.3, 0.02], method="L-BFGS-B", bounds=limits)
    return Mixing(*(float(one) for one in found.x))


# --- What the held-back reports say ---


def thresholds(said: HeldBack) -> dict[str, Threshold]:
    """For each level the lowest score from which on enough verdicts were right, with room to spare."""
    right = said.is_right
    levels = said.levels.argmax(1)
    found = {}
    for at, level in enumerate(said.level_names):
        here = levels == at
        found[level] = _threshold(said.sure[here], right[here])
    return found


def _threshold(sure: Floats, right: NDArray[np.bool_]) -> Threshold:
    order = np.argsort(-sure, kind="stable")
    best = Threshold(None)
    hits = 0
    for count, at in enumerate(order, start=1):
        hits += bool(right[at])
        if count >= FEWEST and cautious(hits, count) >= RIGHT:
            best = Threshold(float(sure[at]), hits / count, count / len(sure), count)
    return best


def figures_of(said: HeldBack) -> dict[str, Any]:
    """How the held-back reports fared: first and first three right, F1 over bidang, level, what stays automatic."""
    told = [i for i, one in enumerate(said.examples) if one.bidang]
    answers = [said.examples[i].bidang for i in told]
    ranking = np.argsort(-said.fields[told], axis=1, kind="stable")
    named = [[said.bidang_names[at] for at in row[:3]] for row in ranking]
    levels = [said.level_names[at] for at in said.levels[told].argmax(1)]
    with_level = [(one, said.examples[i].level) for one, i in zip(levels, told, strict=True) if said.examples[i].level]
    return {
        "top1": share(row[0] == answer for row, answer in zip(named, answers, strict=True)),
        "top3": share(answer in row for row, answer in zip(named, answers, strict=True)),
        "macro_f1": macro_f1(answers, [row[0] for row in named]),
        "level": share(one == other for one, other in with_level),
    }


def details_of(said: HeldBack) -> dict[str, Any]:
    """For the page: each bidang's share, what is mistaken for what, and what each threshold would do."""
    fields = [said.bidang_names[at] for at in said.fields.argmax(1)]
    pairs = [(one.bidang, field) for one, field in zip(said.examples, fields, strict=True) if one.bidang]
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    right, levels = said.is_right, said.levels.argmax(1)
    moves = {}
    for at, level in enumerate(said.level_names):
        here = levels == at
        over = [(limit / 100, here & (said.sure >= limit / 100)) for limit in LIMITS]
        moves[level] = [[limit, int(which.sum()), int(here.sum()), int(right[which].sum())] for limit, which in over]
    return {
        "by_bidang": {
            name: [pairs.count((name, name)), sum(pair[0] == name for pair in pairs)]
            for name in sorted({pair[0] for pair in pairs})
        },
        "confusions": [[truth, instead, count] for (truth, instead), count in wrong.most_common(CONFUSIONS)],
        "moves": moves,
    }


def share(of: Iterable[bool]) -> float:
    counted = list(of)
    return round(sum(counted) / len(counted), 4) if counted else 0.0


def macro_f1(answers: Sequence[str], said: Sequence[str]) -> float:
    """Mean over the answers that occur."""
    scores = []
    for name in sorted(set(answers)):
        hits = sum(one == other == name for one, other in zip(answers, said, strict=True))
        scores.append(2 * hits / (answers.count(name) + list(said).count(name)))
    return round(sum(scores) / len(scores), 4) if scores else 0.0


# --- Near copies ---


def grouped(reports: Sequence[Example]) -> list[Example]:
    """The same reports, near copies under one group: half of all triples of words in common, or most of one's."""
    triples = [_triples(one) for one in reports]
    where: dict[str, list[int]] = defaultdict(list)
    for at, those in enumerate(triples):
        for one in those:
            where[one].append(at)
    common: Counter[tuple[int, int]] = Counter()
    for places in where.values():
        if len(places) <= COMMON_TRIPLE:
            common.update(combinations(places, 2))
    leader = list(range(len(reports)))
    for (left, right), count in common.items():
        fewest = min(len(triples[left]), len(triples[right]))
        if count >= ALIKE * len(triples[left] | triples[right]) or count >= CONTAINED * fewest:
            old, new = leader[left], leader[right]
            leader = [new if at == old else at for at in leader]
    return [replace(report, group=group) for report, group in zip(reports, leader, strict=True)]


def _triples(report: Example) -> set[str]:
    said = re.sub(r"\[[A-Z_]+\]|\W+", " ", f"{report.title} {report.body}".casefold()).split()
    return {" ".join(said[at : at + 3]) for at in range(max(1, len(said) - 2))}
