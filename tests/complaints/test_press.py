"""The typesetter: what people write is not always in our type."""

from pathlib import Path

import pytest

from complaints.poster import press


def sheet(folder: Path, said: str) -> Path:
    words = '#set document(title: "x")\n#set text(lang: "id", font: "Manrope")\n'
    (folder / "sheet.typ").write_text(words + said, encoding="utf-8")
    return folder


def test_a_letter_the_type_does_not_have_leaves_a_box_and_the_paper_comes(tmp_path: Path) -> None:
    paper = press.typeset(sheet(tmp_path, "Jalan rusak 😢 parah"))
    assert paper.startswith(b"%PDF")
    assert b"/StructTreeRoot" in paper


def test_what_cannot_be_drawn_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(press.NotPrinted):
        press.typeset(sheet(tmp_path, "#tidak-ada"))
