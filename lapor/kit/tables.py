"""Tables to take away: CSV, JSON and XLSX, made row by row and safe to open in a spreadsheet.

A cell that begins with =, +, -, @ or a control character is run as a formula by spreadsheets that open a CSV (OWASP,
CSV Injection). An apostrophe in front makes it text. One that is set to Indonesian parts a row at its semicolons and
knows nothing of our quotes, so what follows a semicolon or a line's end may be a cell of its own and is guarded alike.
`unguarded` takes these apostrophes off again, and no others.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
# The full-width forms are signs to a spreadsheet, too.
_SIGN = "=+\\-@|%\t\uff1d\uff0b\uff0d\uff20"
_RUNS = re.compile(rf"'*[{_SIGN}\r\n]")
_BEGINS, _AND_RUNS = r"(?<=[;\r\n])", rf"(?='*[{_SIGN}])"
_RUNS_WITHIN, _GUARDED_WITHIN = re.compile(_BEGINS + _AND_RUNS), re.compile(f"{_BEGINS}'{_AND_RUNS}")
_LINES = 200


def guarded(cell: str) -> str:
    text = _RUNS_WITHIN.sub("'", cell)
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(cell: str) -> str:
    text = cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
    return _GUARDED_WITHIN.sub("", text)


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


JSON_TYPE = "application/json"


def json_lines(about: Mapping[str, object], rows: Iterable[object]) -> Iterator[bytes]:
    """One object: what it is, and behind it the rows as the list "baris", written as they are read."""
    head = json.dumps(dict(about), ensure_ascii=False)
    yield f'{head[:-1]}, "baris": ['.encode()
    for n, row in enumerate(rows):
        yield (",\n" if n else "\n").encode() + json.dumps(row, ensure_ascii=False, default=str).encode()
    yield b"\n]}\n"


def xlsx_file(rows: Iterable[Sequence[str]], sheet: str) -> IO[bytes]:
    """A workbook of one sheet in a temporary file, open at its beginning; the first row is its head.

    Every cell is written as text, so that nothing is run and no number loses its zeros. Raises ValueError for a cell
    longer than a spreadsheet holds (32,767 characters).
    """
    return xlsx_book([(sheet, rows)])


# What the name of a sheet may not hold.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


def xlsx_book(sheets: Iterable[tuple[str, Iterable[Sequence[str]]]]) -> IO[bytes]:
    """The same of several sheets, (name, rows); names differ in their first 31 letters."""
    made = tempfile.TemporaryFile()  # noqa: SIM115 (the caller reads and closes it)
    # Inside: a web worker seldom needs it.
    import xlsxwriter

    book = xlsxwriter.Workbook(made, {"constant_memory": True})
    head = book.add_format({"bold": True})
    for name, rows in sheets:
        page = book.add_worksheet(_NOT_IN_NAMES.sub(" ", name)[:31])
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if page.write_string(line, column, cell, head if line == 0 else None) != 0:
                    raise ValueError(f"row {line + 1}, column {column + 1} does not fit into a spreadsheet")
        page.freeze_panes(1, 0)
    book.close()
    made.seek(0)
    return made
