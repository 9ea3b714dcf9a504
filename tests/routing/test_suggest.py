"""bin/manage suggest: where each report of a table would go, and nothing is kept."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from complaints.models import Complaint
from routing.models import Suggestion
from routing.suggesting import COLUMNS
from tests.world import World

pytestmark = pytest.mark.django_db


def suggest(tmp_path: Path, table: str | bytes) -> tuple[list[dict[str, str]], str, str]:
    """Rows of the answer, what was said, what was complained of."""
    source, out = tmp_path / "laporan.csv", tmp_path / "jawaban.csv"
    source.write_bytes(table if isinstance(table, bytes) else table.encode())
    said, complained = StringIO(), StringIO()
    call_command("suggest", str(source), out=out, stdout=said, stderr=complained)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows, said.getvalue(), complained.getvalue()


def test_every_report_gets_bidang_level_offices_and_a_reason(world: World, tmp_path: Path) -> None:
    rows, said, complained = suggest(
        tmp_path,
        "\ufeffid;title;text\n"
        "a1;Jalan rusak;Jalan berlubang di kabupaten sukamaju belum ditambal dinas PU\n"
        "a2;;Kapan PKH cair?\n",
    )
    assert list(rows[0]) == list(COLUMNS)
    assert [row["id"] for row in rows] == ["a1", "a2"]
    assert rows[0]["bidang_1"] == "pekerjaan_umum"
    assert rows[0]["level"] == "kabkota"
    assert rows[1]["bidang_1"] == "sosial"
    assert all(row["why"] and row["decided"] in ("yes", "no") and 0 <= float(row["score"]) <= 1 for row in rows)
    assert "2 laporan" in said
    assert complained == ""
    assert not Complaint.objects.exists()
    assert not Suggestion.objects.exists()


def test_a_bad_row_is_named_and_the_others_go_on(world: World, tmp_path: Path) -> None:
    rows, said, complained = suggest(tmp_path, "id,text\n1,\n2,Lampu jalan mati\n3,a,b,c\n2,Lagi\n")
    assert [row["id"] for row in rows] == ["2"]
    assert "baris 2: text kosong" in complained
    assert "baris 4" in complained
    assert "baris 5: id" in complained
    assert "3 baris ditolak" in said


def test_without_ids_the_line_is_the_id(world: World, tmp_path: Path) -> None:
    rows, _said, _complained = suggest(tmp_path, 'text\n"Satu\nlaporan dua baris"\nAir keruh\n')
    assert [row["id"] for row in rows] == ["2", "3"]


@pytest.mark.parametrize("table", [b"", b"judul\nx\n", b"text\n\xff\xfe\n", b"text,text\na,b\n"])
def test_what_is_no_table_is_refused(tmp_path: Path, table: bytes) -> None:
    with pytest.raises(CommandError):
        suggest(tmp_path, table)


def test_neither_file_need_exist(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("suggest", str(tmp_path / "tak_ada.csv"), out=tmp_path / "x.csv")
    (tmp_path / "ada.csv").write_text("text\nLampu mati\n")
    with pytest.raises(CommandError):
        call_command("suggest", str(tmp_path / "ada.csv"), out=tmp_path / "tak_ada" / "x.csv")
