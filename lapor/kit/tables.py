"""Tables to take away: CSV and XLSX, made row by row and safe to open in a spreadsheet.

A cell that begins with =, +, -, @ or a control character is run as a formula by spreadsheets that open a CSV (OWASP,
CSV Injection). An apostrophe in front makes it text; `unguarded` takes that one off again, and no other.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
# The full-width forms are signs to a spreadsheet, too.
_RUNS = re.compile(r"'*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]")
_LINES = 200


def guarded(cell: str) -> str:
    return f"'{cell}" if _RUNS.match(cell) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, so that spreadsheets read the letters right; separated by commas (RFC 4180)."""
    page = io.StringIO()
    page.write("\ufeff")
    table = csv.writer(page)
    for count, row in enumerate(rows, start=1):
        table.writerow([guarded(cell) for cell in row])
        if count % _LINES == 0:
            yield page.getvalue().encode()
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode()


def xlsx_file(rows: Iterable[Sequence[str]], sheet: str) -> IO[bytes]:
    """A workbook of one sheet in a temporary file, open at its beginning; the first row is its head.

    Every cell is written as text, so that nothing is run and no number loses its zeros. Raises ValueError for a cell
    longer than a spreadsheet holds (32,767 characters).
    """
    made = tempfile.TemporaryFile()  # noqa: SIM115 (the caller reads and closes it)
    # Inside: a web worker seldom needs it.
    import xlsxwriter

    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    page = book.add_worksheet(sheet[:31])
    head = book.add_format({"bold": True})
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if page.write_string(line, column, cell, head if line == 0 else None) != 0:
                raise ValueError(f"row {line + 1}, column {column + 1} does not fit into a spreadsheet")
    page.freeze_panes(1, 0)
    book.close()
    made.seek(0)
    return made
