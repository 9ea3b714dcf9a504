"""Weights and a text → what it is about. Numpy only; about two milliseconds a text."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.classifier import words
from routing.classifier.weights import Floats, Mixing, Weights

PENGADUAN, ASPIRASI, INFORMASI = "PENGADUAN", "ASPIRASI", "PERMINTAAN_INFORMASI"
KINDS = (PENGADUAN, ASPIRASI, INFORMASI)
# A text without a cue is a complaint, as on every channel without kinds.
USUAL_KIND = {PENGADUAN: 0.8, ASPIRASI: 0.0, INFORMASI: 0.2}
# Words that spoke for a bidang, at most.
SPOKEN = 5
SHORTEST_SPOKEN = 3
# A word that speaks less than this, or than this share of the loudest, is not named.
LOUD, LOUDEST = 2.0, 0.4
# Length of the three blocks: known words are counted a second time when the verdict is mixed.
BLOCK_LENGTHS = (1.0, 1.0, 0.15)


@dataclass(frozen=True)
class Reading:
    """`bidang`, `level`, `kind`: names with how likely each, likeliest first. `sure`: 0 to 1, how likely the first
    bidang and the first level are both right. `supervised`: 0 to 1. `said`: the words that spoke for the first bidang.
    """

    bidang: tuple[tuple[str, float], ...]
    level: tuple[tuple[str, float], ...]
    kind: tuple[tuple[str, float], ...]
    supervised: float
    sure: float
    said: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """A text's features that the weights know: their row, and their value."""

    at: NDArray[np.intp]
    value: Floats


def read(weights: Weights, title: str, body: str) -> Reading:
    text = words.read(title, body)
    rows = rows_of(weights, text)
    fields = mixed(
        learnt(rows, weights.bidang, weights.bidang_bias),
        known(text, weights.bidang_names),
        weights.bidang_usual,
        weights.bidang_mixing,
    )
    levels = mixed(
        learnt(rows, weights.level, weights.level_bias),
        known(text, weights.level_names, "level:"),
        usual_level(weights, fields),
        weights.level_mixing,
    )
    sure = sigmoid(float(evidence(fields, levels, known(text, weights.bidang_names), text.length) @ weights.sureness))
    first = int(fields.argmax())
    return Reading(
        bidang=ranked(weights.bidang_names, fields),
        level=ranked(weights.level_names, levels),
        kind=_kind(text),
        supervised=sigmoid(2 * text.known.get("supervised", 0.0) - 3),
        sure=sure,
        said=_said(weights, text, title, body, first),
    )


def rows_of(weights: Weights, text: words.Text) -> Rows:
    """The three blocks (words, parts of words, known words), each of its own length."""
    at: list[NDArray[np.intp]] = []
    value: list[Floats] = []
    for block, wanted in zip(blocks(text), BLOCK_LENGTHS, strict=True):
        numbers = np.fromiter(block.keys(), dtype=np.uint32, count=len(block))
        found = np.searchsorted(weights.features, numbers)
        found[found == len(weights.features)] = 0
        there = weights.features[found] == numbers
        counts = np.fromiter(block.values(), dtype=np.float32, count=len(block))[there]
        rows = found[there]
        values = counts * weights.idf[rows]
        length = float(np.linalg.norm(values))
        at.append(rows)
        value.append(values * (wanted / length) if length else values)
    return Rows(np.concatenate(at), np.concatenate(value))


def blocks(text: words.Text) -> tuple[dict[int, float], ...]:
    """Feature → damped count, block by block."""
    return (
        {feature: words.damped(count) for feature, count in text.words.items()},
        {feature: words.damped(count) for feature, count in text.parts.items()},
        {words.number("k", name): weight for name, weight in text.known.items()},
    )


def learnt(rows: Rows, matrix: NDArray[np.float16], bias: Floats) -> Floats:
    margins: Floats = rows.value @ matrix[rows.at].astype(np.float32) + bias
    return margins


def known(text: words.Text, names: tuple[str, ...], before: str = "") -> Floats:
    said = np.array([text.known.get(before + name, 0.0) for name in names], dtype=np.float32)
    return np.log1p(said)


def usual_level(weights: Weights, fields: Floats) -> Floats:
    """Which level usually answers for these bidang (a logarithm, as every `usual`)."""
    levels: Floats = np.log(fields @ weights.level_of_bidang + 1e-3)
    return levels


def mixed(learnt: Floats, known: Floats, usual: Floats, mixing: Mixing) -> Floats:
    """Probabilities along the last axis."""
    total = mixing.learnt * learnt + mixing.known * known + mixing.usual * usual
    total = np.exp(total - total.max(axis=-1, keepdims=True))
    total /= total.sum(axis=-1, keepdims=True)
    shares: Floats = (1 - mixing.doubt) * total + mixing.doubt / total.shape[-1]
    return shares


def evidence(fields: Floats, levels: Floats, known: Floats, length: int) -> Floats:
    """What tells a sure verdict from a doubtful one: how likely, how far before the second, whether the known words
    say the same, how long the text is; the last is 1."""
    second, first = np.sort(fields)[-2:]
    agrees = float(known.max() > 0 and known.argmax() == fields.argmax())
    apart = float(known[fields.argmax()] - np.partition(known, -2)[-2]) if agrees else 0.0
    return np.array(
        [
            math.log(first / (1 - first)),
            math.log(first / second),
            math.log(levels.max() / (1 - levels.max())),
            agrees,
            apart,
            math.log1p(length) / 5,
            1.0,
        ],
        dtype=np.float32,
    )


def ranked(names: tuple[str, ...], shares: Floats) -> tuple[tuple[str, float], ...]:
    return tuple((names[at], float(shares[at])) for at in np.argsort(-shares, kind="stable"))


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _kind(text: words.Text) -> tuple[tuple[str, float], ...]:
    """By cues alone: nobody has labelled reports by kind yet (KARTU.md)."""
    scores = np.array([text.known.get(f"kind:{kind}", 0.0) + USUAL_KIND[kind] for kind in KINDS])
    shares = np.exp(scores - scores.max())
    return ranked(KINDS, shares / shares.sum())


def _said(weights: Weights, text: words.Text, title: str, body: str, first: int) -> tuple[str, ...]:
    """Known phrases first, then the words whose weights speak most for this bidang against the others.

    Only words that several reports or a public table have: an unusual name is none of them.
    """
    name = weights.bidang_names[first]
    found = [phrase for phrase in text.phrases.get(name, ()) if len(phrase) >= SHORTEST_SPOKEN]
    plain = {
        word: (words.number("w", word), words.number("s", words.stem(word)))
        for word in dict.fromkeys(words.words_of(f"{title} {body[: words.LONGEST]}"))
        if len(word) >= SHORTEST_SPOKEN and word.isalpha() and word not in words.stop_words()
    }
    scores: dict[str, float] = {}
    for word, numbers in plain.items():
        at = np.searchsorted(weights.features, np.array(numbers, dtype=np.uint32))
        at[at == len(weights.features)] = 0
        if weights.features[at[0]] != numbers[0]:
            continue
        there = at[weights.features[at] == np.array(numbers, dtype=np.uint32)]
        scores[word] = float((weights.bidang[there, first].astype(np.float32) * weights.idf[there]).sum())
    enough = max(LOUD, LOUDEST * max(scores.values(), default=0.0))
    for word in sorted(scores, key=lambda one: -scores[one]):
        if scores[word] >= enough and not any(word in phrase.split() for phrase in found):
            found.append(word)
    return tuple(found[:SPOKEN])
