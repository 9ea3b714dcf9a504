"""bench/classifier.py [REPEATS]: which bidang and level, ours beside the plain floor, in the same folds.

Floor: TF-IDF over words and a linear SVM. Five grouped folds (near copies stay on one side), each repeated with other
folds. Nothing of ours is settled on the reports it is tried on: mixing, sureness and thresholds come from folds inside
the learning part. Reads ../shared/data/complaints_lapor2017_dev; without it there is nothing to measure.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from routing.classifier import learning, reading, weights  # noqa: E402
from routing.classifier.vocabulary import Example  # noqa: E402

REPORTS = ROOT.parent / "shared/data/complaints_lapor2017_dev/complaints.csv"


def main() -> None:
    if not REPORTS.exists():
        sys.exit(f"Tidak ada {REPORTS}: tak ada yang diukur.")
    reports = learning.grouped(read(REPORTS))
    learner = learning.Learner(reports)
    figures: dict[str, list[float]] = defaultdict(list)
    for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
        for name, value in floor(learner, seed).items():
            figures[f"floor {name}"].append(value)
        for name, value in ours(learner, seed).items():
            figures[f"ours {name}"].append(value)
    for name, values in figures.items():
        print(f"{name:32} {np.mean(values):.4f}   {' '.join(f'{value:.4f}' for value in values)}")
    speed(reports)


def read(path: Path) -> list[Example]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [Example(row["title"], row["text"], row["bidang"], row["level"]) for row in csv.DictReader(file)]


def floor(learner: learning.Learner, seed: int) -> dict[str, float]:
    texts = [f"{one.title}\n{one.body}" for one in learner.reports]
    bidang = [one.bidang for one in learner.reports]
    levels = [one.level for one in learner.reports]
    first: dict[int, str] = {}
    three: dict[int, list[str]] = {}
    said_level: dict[int, str] = {}
    for learn, test in learner.folds(np.arange(len(texts)), seed):
        vectors = TfidfVectorizer()
        table = vectors.fit_transform([texts[i] for i in learn])
        held = vectors.transform([texts[i] for i in test])
        model = LinearSVC().fit(table, [bidang[i] for i in learn])
        for i, row in zip(test, model.decision_function(held), strict=True):
            three[i] = [model.classes_[at] for at in np.argsort(-row)[:3]]
            first[i] = three[i][0]
        model = LinearSVC().fit(table, [levels[i] for i in learn])
        said_level.update(zip(test, model.predict(held), strict=True))
    everyone = range(len(texts))
    return {
        "top1": learning.share(first[i] == bidang[i] for i in everyone),
        "top3": learning.share(bidang[i] in three[i] for i in everyone),
        "macro_f1": learning.macro_f1(bidang, [first[i] for i in everyone]),
        "level": learning.share(said_level[i] == levels[i] for i in everyone),
    }


def ours(learner: learning.Learner, seed: int) -> dict[str, float]:
    told: list[learning.HeldBack] = []
    automatic: list[bool] = []
    hits: list[bool] = []
    everyone = np.arange(len(learner.reports))
    for learn, test in learner.folds(everyone, seed):
        at = everyone[learn]
        held = learner.hold_back(at, seed + 100)
        settled = learner.settle(learner.fit(at), held, at)
        limits = learning.thresholds(learner.say(settled, held))
        said = learner.say(settled, learner.margins(settled, everyone[test]))
        told.append(said)
        for sure, level, good in zip(said.sure, said.levels.argmax(1), said.is_right, strict=True):
            limit = limits[said.level_names[level]].score
            automatic.append(limit is not None and sure >= limit)
            hits.append(bool(good))
    whole = learning.HeldBack(
        [one for said in told for one in said.examples],
        np.concatenate([said.fields for said in told]),
        np.concatenate([said.levels for said in told]),
        np.concatenate([said.sure for said in told]),
        told[0].bidang_names,
        told[0].level_names,
    )
    right = np.array(hits)
    alone = np.array(automatic)
    return {
        **learning.figures_of(whole),
        "bidang and level": float(right.mean()),
        "automatic": float(alone.mean()),
        "right of automatic": float(right[alone].mean()) if alone.any() else 0.0,
        "calibration error (sure)": calibration_error(whole.sure, right),
    }


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """Expected, over ten equal parts of the reports by score."""
    parts = np.array_split(np.argsort(sure), 10)
    return float(sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in parts) / len(sure))


def speed(reports: list[Example]) -> None:
    if not weights.SHIPPED.exists():
        return
    shipped = weights.shipped()
    reading.read(shipped, "a", "b")
    begun = time.perf_counter()
    for one in reports:
        reading.read(shipped, one.title, one.body)
    print(f"{'a text, milliseconds':32} {(time.perf_counter() - begun) / len(reports) * 1000:.2f}")


if __name__ == "__main__":
    main()
