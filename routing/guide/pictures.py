"""The pictures of the guides: static/panduan, taken by docs/panduan/gambar.py."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

FOLDER: Final = Path(settings.BASE_DIR) / "static" / "panduan"


@dataclass(frozen=True, slots=True)
class Picture:
    """`file` lies under static/; width and height are its pixels."""

    path: Path
    width: int
    height: int

    @property
    def file(self) -> str:
        return f"panduan/{self.path.name}"

    @property
    def tall(self) -> bool:
        """A phone's: it stands beside the words, a screen's below them."""
        return self.height > self.width


@cache
def picture(name: str) -> Picture | None:
    """None: not taken (yet); the steps stand without it."""
    path = FOLDER / f"{name}.webp"
    if not path.is_file():
        return None
    head = path.read_bytes()[:25]
    # RIFF, WEBP, then a lossless picture: 14 bits each of width and height, less one (RFC 9649, section 3.4).
    if head[:4] != b"RIFF" or head[12:16] != b"VP8L":
        raise ValueError(f"{path.name} is no lossless WebP")
    bits = int.from_bytes(head[21:25], "little")
    return Picture(path, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
