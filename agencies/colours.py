"""Colours of a district that stay readable: contrast by WCAG 2.2 (1.4.3), and the shades a page needs of one colour.

Pure. A colour is "#rrggbb". The names on the left of `shades` are the custom properties of static/css/core.css.
"""

from __future__ import annotations

import re

WANTED = 4.5
# The light surfaces text and links stand on, and the dark ink that stands on an accent (static/css/core.css).
PAPER, WELL, WHITE, ON_ACCENT = "#fcfbf7", "#f3f0e7", "#ffffff", "#1d1602"
COLOUR, ACCENT = "#0b5a61", "#f0b323"

_HEX = re.compile(r"#[0-9a-f]{6}")


def read(typed: str) -> str | None:
    """ "#0B5A61", "0b5a61" or "#0b6" → "#0b5a61"; None: no colour."""
    text = "#" + typed.strip().lower().removeprefix("#")
    if len(text) == 4:
        text = "#" + "".join(letter * 2 for letter in text[1:])
    return text if _HEX.fullmatch(text) else None


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG counts it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def worst_on_light(colour: str) -> float:
    """Of this colour as text on any light surface, and of white on it."""
    return min(contrast(colour, surface) for surface in (PAPER, WELL, WHITE))


def darkened(colour: str) -> str:
    """The nearest darker shade that can be read everywhere; the same where it already can."""
    return next(shade for step in range(101) if worst_on_light(shade := mixed(colour, "#000000", step / 100)) >= WANTED)


def lightened(accent: str) -> str:
    """The nearest lighter shade that dark ink can be read on; the same where it already can."""
    return next(
        shade for step in range(101) if contrast(shade := mixed(accent, WHITE, step / 100), ON_ACCENT) >= WANTED
    )


def mixed(one: str, other: str, share: float) -> str:
    """`share` of the other colour in the one, 0 to 1."""
    return "#" + "".join(
        f"{round(a + (b - a) * share):02x}" for a, b in zip(_channels(one), _channels(other), strict=True)
    )


def shades(colour: str, accent: str) -> dict[str, str]:
    """Every custom property a district's two colours change. Whatever stands on another keeps 4.5 : 1."""
    band = next(shade for step in range(101) if contrast(shade := mixed(colour, "#000000", step / 100), PAPER) >= 7)
    wash = next(
        shade for step in range(88, 101) if contrast(shade := mixed(colour, WHITE, step / 100), colour) >= WANTED
    )
    quiet = next(
        shade for step in range(75, 101) if contrast(shade := mixed(band, WHITE, step / 100), band) >= WANTED + 1
    )
    return {
        "--teal": colour,
        "--teal-2": mixed(colour, "#000000", 0.2),
        "--teal-wash": wash,
        "--band": band,
        "--band-2": mixed(band, WHITE, 0.12),
        "--on-band-2": quiet,
        "--turmeric": accent,
    }


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in _channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
