"""The parts of static/css, packed small: inlined on citizens' pages, linked as one file for officers.

No build step: a part is a hand-written file, packing only takes out comments and spaces. Inlining saves a round
trip on slow networks, where round trips and not bytes decide (ux.md section 1.3).
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

FOLDER: Final = Path(settings.BASE_DIR) / "static" / "css"
NAME: Final = re.compile(r"[a-z]+(-[a-z]+)*")


def _pack(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    css = re.sub(r":\s+", ":", css)
    return css.replace(";}", "}").strip()


@cache
def _packed(part: str, _changed: float) -> str:
    return _pack((FOLDER / f"{part}.css").read_text())


def text(*parts: str) -> str:
    """The parts one after the other. A part that does not exist raises FileNotFoundError."""
    return "".join(_packed(part, (FOLDER / f"{part}.css").stat().st_mtime) for part in parts)


def version(*parts: str) -> str:
    """Twelve hexadecimal digits that change whenever a part does."""
    return hashlib.sha256(text(*parts).encode()).hexdigest()[:12]
