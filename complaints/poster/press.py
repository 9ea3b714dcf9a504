"""Draws a sheet. The typesetter never enters the web process: it is imported where it works, in a process
that ends with its work (about 60 MB for a quarter of a second)."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Final

from complaints.poster.sheet import Sheet

_HERE: Final = Path(__file__).parent
_SECONDS: Final = 30

_DRAW: Final = """
import pathlib, sys, typst
fonts, folder, kind = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]

def drawn(standards):
    return typst.compile(
        str(folder / "sheet.typ"),
        root=str(folder),
        font_paths=[fonts],
        ignore_system_fonts=True,
        format=kind,
        ppi=100,
        pdf_standards=standards,
    )

try:
    paper = drawn(["ua-1"])
except typst.TypstError as lacking:
    # Somebody wrote a letter our type does not have: a box in its place, still tagged, rather than no paper at all.
    if "could not be displayed" not in str(lacking):
        raise
    paper = drawn([])
sys.stdout.buffer.write(paper)
"""


class NotPrinted(Exception):
    """The typesetter failed; its words are for the log."""


class Kind(StrEnum):
    """PDF to print, tagged and accessible (PDF/UA-1, ISO 14289-1), its fonts inside; PNG to look at first."""

    PDF = "pdf"
    PNG = "png"


def draw(sheet: Sheet, kind: Kind = Kind.PDF) -> bytes:
    """One page. Raises NotPrinted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sheet.typ").write_bytes((_HERE / "sheet.typ").read_bytes())
        (folder / "words.json").write_text(json.dumps(sheet.words(), ensure_ascii=False), encoding="utf-8")
        (folder / "mark").write_bytes(sheet.mark)
        (folder / "qr.svg").write_bytes(sheet.qr)
        return typeset(folder, kind)


def typeset(folder: Path, kind: Kind = Kind.PDF) -> bytes:
    """What `sheet.typ` in this folder makes of the files beside it. Raises NotPrinted."""
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter; both arguments are folders of ours)
            [sys.executable, "-c", _DRAW, str(_HERE / "fonts"), str(folder), kind.value],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise NotPrinted("took too long") from late
    if done.returncode or not done.stdout:
        raise NotPrinted(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
