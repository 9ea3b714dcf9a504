"""Where the rectangles of a chart stand, in hundredths: templates write them as SVG attributes, never as styles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GAP = 0.3


@dataclass(frozen=True)
class Part:
    label: str
    value: int
    tone: str
    x: str
    width: str


@dataclass(frozen=True)
class Block:
    tone: str
    y: str
    height: str


@dataclass(frozen=True)
class Column:
    label: str
    total: int
    values: list[int]
    parts: list[Block]


@dataclass(frozen=True)
class Columns:
    series: list[tuple[str, str, int]]
    columns: list[Column]


def stack(parts: Iterable[tuple[str, int, str]], top: int | None = None) -> list[Part]:
    """Parts (label, value, tone) side by side on one bar; `top` is the value at full width, default their sum.

    Zero values keep their place in the key with width 0.
    """
    listed = list(parts)
    whole = top or sum(value for _label, value, _tone in listed) or 1
    placed, x = [], 0.0
    for label, value, tone in listed:
        width = value * 100 / whole
        placed.append(Part(label, value, tone, f"{x:.2f}", f"{max(width - GAP, 0):.2f}"))
        x += width
    return placed


def columns(series: Sequence[tuple[str, str]], rows: Iterable[tuple[str, Sequence[int]]]) -> Columns:
    """Stacked columns from the ground up: `series` (label, tone) in stacking order, `rows` (label, values)."""
    listed = [(label, list(values)) for label, values in rows]
    top = max((sum(values) for _label, values in listed), default=0) or 1
    made = []
    for label, values in listed:
        blocks, ground = [], 100.0
        for (_name, tone), value in zip(series, values, strict=True):
            height = value * 100 / top
            ground -= height
            blocks.append(Block(tone, f"{ground:.2f}", f"{max(height - GAP * 2, 0):.2f}"))
        made.append(Column(label, sum(values), values, blocks))
    totals = [sum(values[n] for _label, values in listed) for n in range(len(series))]
    return Columns([(label, tone, total) for (label, tone), total in zip(series, totals, strict=True)], made)
