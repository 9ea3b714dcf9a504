"""What the public tables say, as examples: names of offices, categories with their words, our own lexicon.

They are what the classifier knows of a bidang before the first report of it, and no person's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from routing.classifier.words import LEXICON, ROOT, rows, split

AGENCIES = ROOT / "agencies/data/agencies"
CATEGORIES = ROOT / "complaints/data"
LEVELS = ("bumn", "kabkota", "provinsi", "pusat")
OTHER = re.compile(r"^Lainnya [Tt]erkait ")
# So many words of the lexicon make one example.
AT_ONCE = 6


@dataclass(frozen=True)
class Example:
    """What was said and where it belongs; "" for what nobody decided. `public`: from a table, not a report.

    `group`: reports of one group are near copies and are never split between learning and testing.
    """

    title: str
    body: str
    bidang: str
    level: str
    public: bool = False
    group: int = 0


def bidang_names() -> list[str]:
    return [row["code"] for row in rows(AGENCIES / "bidang.csv")]


def examples() -> list[Example]:
    return [*_offices(), *_central(), *_categories(), *_lexicon()]


def _offices() -> Iterator[Example]:
    for row in rows(AGENCIES / "opd_types.csv"):
        level = "provinsi" if row["level"] == "provinsi" else "kabkota"
        said = f"{row['aliases'].replace(';', ' ')} {row['urusan']}"
        yield Example(row["default_name"], said, row["bidang"], level, public=True)
    for row in rows(AGENCIES / "bumn_umum.csv"):
        yield Example(row["name"], row["abbr"], row["bidang"], "bumn", public=True)


def _central() -> Iterator[Example]:
    for row in rows(AGENCIES / "bidang.csv"):
        yield Example(row["name"], row["central"], row["code"], "pusat" if row["central"] else "", public=True)
    for table in ("kementerian", "lembaga"):
        for row in rows(AGENCIES / f"{table}.csv"):
            yield Example(row["name"], row["abbr"], "", "pusat", public=True)


def _categories() -> Iterator[Example]:
    words = {(row["parent"], row["category"]): row["keywords"] for row in rows(CATEGORIES / "keywords.csv")}
    for row in rows(CATEGORIES / "categories.csv"):
        said = words.get((row["parent"], row["name"]), "")
        yield Example(OTHER.sub("", row["name"]), said, row["bidang"], row["level_hint"], public=True)


def _lexicon() -> Iterator[Example]:
    known = set(bidang_names())
    for row in rows(LEXICON):
        field, _, level = row["speaks_for"].partition(":")
        said = list(split(row["words"]))
        for start in range(0, len(said), AT_ONCE):
            body = " . ".join(said[start : start + AT_ONCE])
            if field in known:
                yield Example("", body, field, "", public=True)
            elif field == "level":
                yield Example("", body, "", level, public=True)
