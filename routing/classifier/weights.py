"""What was learnt: numbers only, one file, read without running anything that lies in it."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).resolve().parent / "data" / "bobot.npz"

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Threshold:
    """From this score on a case of this level is forwarded alone; None: never. `precision` and `coverage` as the
    held-back reports had them, `tried`: how many of those were at or above it."""

    score: float | None
    precision: float = 0.0
    coverage: float = 0.0
    tried: int = 0


@dataclass(frozen=True)
class Mixing:
    """How the parts of a verdict are put together: a factor each for what was learnt, for known words and for how
    common an answer is; `doubt`: the share of verdicts that is wrong whatever the words say."""

    learnt: float = 1.0
    known: float = 0.5
    usual: float = 0.3
    doubt: float = 0.02


@dataclass(frozen=True)
class Weights:
    """`features` ascending; `idf` one each; `bidang` and `level` a row each and a column per name."""

    features: NDArray[np.uint32]
    idf: Floats
    bidang: NDArray[np.float16]
    level: NDArray[np.float16]
    bidang_bias: Floats
    level_bias: Floats
    bidang_usual: Floats
    level_usual: Floats
    # How often a bidang lies at a level: rows bidang, columns level, each row sums to 1.
    level_of_bidang: Floats
    bidang_names: tuple[str, ...]
    level_names: tuple[str, ...]
    bidang_mixing: Mixing
    level_mixing: Mixing
    # How sure, from what reading.evidence() returns; the last is the constant.
    sureness: Floats
    thresholds: dict[str, Threshold] = field(default_factory=dict)
    # What it was trained on and how it fared, for the model card and the page.
    about: dict[str, Any] = field(default_factory=dict)


_ARRAYS = (
    "features",
    "idf",
    "bidang",
    "level",
    "bidang_bias",
    "level_bias",
    "bidang_usual",
    "level_usual",
    "level_of_bidang",
    "sureness",
)


def to_bytes(weights: Weights) -> bytes:
    """The same weights give the same bytes."""
    told = {
        "bidang_names": weights.bidang_names,
        "level_names": weights.level_names,
        "bidang_mixing": asdict(weights.bidang_mixing),
        "level_mixing": asdict(weights.level_mixing),
        "thresholds": {name: asdict(one) for name, one in weights.thresholds.items()},
        "about": weights.about,
    }
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        told=np.frombuffer(json.dumps(told, sort_keys=True).encode(), dtype=np.uint8),
        **{name: getattr(weights, name) for name in _ARRAYS},
    )
    return buffer.getvalue()


def from_bytes(data: bytes) -> Weights:
    """Raises ValueError for what is no weights file."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            told = json.loads(file["told"].tobytes())
            arrays = {name: file[name] for name in _ARRAYS}
    except (BadZipFile, EOFError, KeyError, OSError, ValueError) as error:
        raise ValueError(f"bukan berkas bobot: {error}") from error
    return Weights(
        **arrays,
        bidang_names=tuple(told["bidang_names"]),
        level_names=tuple(told["level_names"]),
        bidang_mixing=Mixing(**told["bidang_mixing"]),
        level_mixing=Mixing(**told["level_mixing"]),
        thresholds={name: Threshold(**one) for name, one in told["thresholds"].items()},
        about=told["about"],
    )


@cache
def shipped() -> Weights:
    """The weights that come with the portal."""
    return from_bytes(SHIPPED.read_bytes())
