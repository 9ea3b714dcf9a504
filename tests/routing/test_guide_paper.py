"""The guides on paper: tagged, drawn once, with pictures that are small, described, and all there."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from django.test import Client

from complaints.models import ServiceStandard
from complaints.poster import press
from routing.guide import paper
from routing.guide.guides import BY_CODE, GUIDES
from routing.guide.pictures import FOLDER, picture
from tests.world import World

# Of all pictures together, in bytes.
LIMIT = 1_500_000


def test_every_step_has_its_picture_and_words_for_who_does_not_see_it() -> None:
    chapters = [chapter for guide in GUIDES for chapter in guide.chapters]
    assert {one.picture for one in chapters if picture(one.picture) is None} == set(), "docs/panduan/gambar.py"
    assert {path.stem for path in FOLDER.glob("*.webp")} == {one.picture for one in chapters}
    assert all(len(one.alt) > 40 for one in chapters)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= LIMIT


@pytest.mark.django_db
def test_it_is_tagged_drawn_once_and_drawn_anew_when_a_standard_changes(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    drawn: list[bytes] = []

    def counted(folder: Any) -> bytes:
        drawn.append(press_typeset(folder))
        return drawn[-1]

    press_typeset = press.typeset
    monkeypatch.setattr(press, "typeset", counted)
    answer = client.get("/panduan/loket.pdf")
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as read:
        assert read.Root.MarkInfo.Marked
        assert str(read.Root.Lang) == "id"
        assert "Petugas loket" in str(read.docinfo["/Title"])
    assert client.get("/panduan/loket.pdf").content == answer.content
    assert len(drawn) == 1
    ServiceStandard.objects.filter(kind="ASPIRASI", clock="RESOLVE").update(working_days=8)
    assert client.get("/panduan/loket.pdf").content != answer.content
    assert len(drawn) == 2
    assert len(list((tmp_path / "panduan").iterdir())) == 1, "what it said before is gone"


@pytest.mark.django_db
def test_where_the_typesetter_fails_one_is_led_back(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def fails(folder: Any) -> bytes:
        raise press.NotPrinted("no")

    monkeypatch.setattr(press, "typeset", fails)
    answer = client.get("/panduan/warga.pdf", follow=True)
    assert "Panduan untuk dicetak sedang dibuat" in answer.content.decode()
    assert client.get("/panduan/tidak-ada.pdf").status_code == 404


@pytest.mark.django_db
def test_it_says_what_the_page_says(world: World) -> None:
    for code in ("opd", "warga"):
        guide = BY_CODE[code]
        told = paper.words(guide)
        assert [one["title"] for one in told["pages"]] == [topic.title for topic in guide.pages()]
        assert all(one["file"] for one in told["chapters"])
