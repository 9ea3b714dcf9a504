"""A district's mark as it was uploaded becomes two plain PNGs: one for paper, one for pages.

Whatever came is drawn anew, so that nothing but pixels is kept: no script of an SVG, no place or name in a photo's
notes, no second file behind the first. SVGs are drawn by typst (resvg), in a process of its own that ends with it.
"""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from PIL import Image

SIZE_LIMIT: Final = 2_000_000
PAPER_SIZE, PAGE_SIZE = 512, 64
# A page's own PNG weighs at most so much, so that a first visit stays light (ux.md section 1.3).
PAGE_BYTES: Final = 2_600
ACCEPT: Final = "image/png,image/jpeg,image/webp,image/svg+xml"
# No mark needs more; more is a bomb.
_PIXELS: Final = 12_000_000
_SECONDS: Final = 20
# What an SVG fetches from anywhere but itself.
_ELSEWHERE: Final = re.compile(rb"""href\s*=\s*["']\s*(?!#|data:image/)|url\(\s*["']?\s*(?!#|["']?#)|@import""", re.I)
_FORMATS: Final = ("PNG", "JPEG", "WEBP")

# Drawn 512 pixels wide or high, whatever the drawing's own size; read from and written to the standard streams.
_DRAW: Final = """
import sys, typst
page = (
    "#set page(width: 512pt, height: 512pt, margin: 0pt, fill: none)\\n"
    '#image(bytes(sys.inputs.svg), width: 100%, height: 100%, fit: "contain", format: "svg")'
)
svg = sys.stdin.buffer.read().decode("utf-8")
sys.stdout.buffer.write(typst.compile(page.encode(), format="png", ppi=72, sys_inputs={"svg": svg}))
"""


class MarkRefused(Exception):
    """Not taken; the sentence says why."""


@dataclass(frozen=True)
class Mark:
    paper: bytes
    page: bytes

    @property
    def version(self) -> str:
        return hashlib.sha256(self.paper).hexdigest()[:12]


def read(content: bytes) -> Mark:
    """The mark in its two sizes, square, on nothing. Raises MarkRefused."""
    # Loaded by who draws: a web worker that never does stays small.
    from PIL import Image

    if len(content) > SIZE_LIMIT:
        raise MarkRefused(_("Lambang lebih dari 2 MB. Kecilkan dulu"))
    if _is_svg(content):
        content = _drawn(content)
    picture = _square(_opened(content))
    return Mark(_png(picture.resize((PAPER_SIZE, PAPER_SIZE), Image.Resampling.LANCZOS)), _small(picture))


def _is_svg(content: bytes) -> bool:
    return (
        re.match(
            rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?<svg[\s>]",
            content,
            re.S,
        )
        is not None
    )


def _drawn(svg: bytes) -> bytes:
    if b"<!ENTITY" in svg or _ELSEWHERE.search(svg):
        raise MarkRefused(_("SVG ini menunjuk berkas lain. Simpan ulang sebagai SVG biasa atau PNG"))
    try:
        with tempfile.TemporaryDirectory() as empty:
            done = subprocess.run(  # noqa: S603 (our own interpreter, nothing of the file in the arguments)
                [sys.executable, "-c", _DRAW], input=svg, capture_output=True, timeout=_SECONDS, check=False, cwd=empty
            )
    except subprocess.TimeoutExpired as late:
        raise MarkRefused(_("SVG ini terlalu rumit. Simpan sebagai PNG, lalu unggah lagi")) from late
    if done.returncode or not done.stdout:
        raise MarkRefused(_("SVG ini tidak bisa digambar. Simpan sebagai PNG, lalu unggah lagi"))
    return done.stdout


def _opened(content: bytes) -> Image.Image:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
            if picture.width * picture.height > _PIXELS:
                raise MarkRefused(_("Gambarnya terlalu besar: paling banyak 12 megapiksel"))
            picture.load()
    except MarkRefused:
        raise
    except Exception as error:
        raise MarkRefused(_("Lambang harus PNG, JPG, WebP, atau SVG yang utuh")) from error
    return picture.convert("RGBA")


def _square(picture: Image.Image) -> Image.Image:
    """Without empty edges, in the middle of a square."""
    from PIL import Image

    box = picture.getchannel("A").getbbox()
    if box is None:
        raise MarkRefused(_("Gambarnya kosong. Pilih berkas lain"))
    picture = picture.crop(box)
    side = max(picture.size)
    square = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square


def _small(picture: Image.Image) -> bytes:
    """As many colours and pixels as fit into PAGE_BYTES."""
    from PIL import Image

    for side in (PAGE_SIZE, 56, 48, 40, 32):
        small = picture.resize((side, side), Image.Resampling.LANCZOS)
        for colours in (64, 32, 16, 8):
            content = _png(small.quantize(colours, method=Image.Quantize.FASTOCTREE))
            if len(content) <= PAGE_BYTES:
                return content
    raise MarkRefused(_("Lambang ini terlalu rumit untuk layar kecil. Pilih yang lebih sederhana"))


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
