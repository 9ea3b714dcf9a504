"""A sentence reaches the catalogue only when it is marked by a name the catalogue knows."""

from __future__ import annotations

import re

from tests.catalogue import APPS, ROOT

_RENAMED = re.compile(r"import (?:n?p?gettext(?:_lazy)?) as (?!_\b)\w+|import ngettext\w* as ")


def test_no_file_renames_the_function_that_marks_a_sentence() -> None:
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    assert not [str(path) for path in files if _RENAMED.search(path.read_text(encoding="utf-8"))]
