"""Every promise that is measured stands in docs/ukuran.md."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = (ROOT / "docs/ukuran.md").read_text(encoding="utf-8")


def test_every_benchmark_has_its_row_and_every_row_its_benchmark() -> None:
    there = {f"bench/{path.name}" for path in (ROOT / "bench").glob("*.py")} - {"bench/ground.py"}
    rows = [line for line in TABLE.splitlines() if line.startswith("|")]
    assert {name for line in rows for name in re.findall(r"`(bench/\w+\.py)`", line)} == there
    assert {line.count("|") for line in rows} == {6}, "five columns"
    assert "docs/ukuran.md" in (ROOT / "README.md").read_text(encoding="utf-8")
