"""What an automatic forward promises, as numbers: named apart, so that a page knows them without numpy."""

from __future__ import annotations

import math

# Of automatic forwards so many must be right, with so many standard errors to spare where nobody looks: with one, what
# held-back reports chose gave 94.6 % on reports that had no part in choosing; with two, 97.0 % (bench/replay.py).
RIGHT, SPARE = 0.95, 2.0
# On fewer held-back reports nothing is decided.
FEWEST = 20
# Thresholds, in whole hundredths, whose effect on the held-back reports goes with the weights.
LIMITS = tuple(range(50, 100))


def cautious(right: int, count: int) -> float:
    """The share that was right, less what must be to spare. With few reports the share alone says too much, so the
    error is Agresti and Coull's."""
    share = (right + 1) / (count + 2)
    return right / count - SPARE * math.sqrt(share * (1 - share) / (count + 2))
