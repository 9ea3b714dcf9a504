"""What is counted, said once: each number is a condition on the ledger's rows, and so are the cases behind it.

A number's code is its place in the tallies, its key in every table and the word in the address of its cases.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q

from routing.models.measures import Kept

Condition = Mapping[str, Any]


class _Some:
    """Any value, but one."""

    def __repr__(self) -> str:
        # The same in every process: `WORDS` is made of it.
        return "SOME"


SOME: Final = _Some()

_JUDGED: Final = {"forwarded": True, "told": False, "merged": False}

CASES: Final[Mapping[str, Condition]] = {
    "received": {},
    "told": {"told": True},
    "open": {"ended": ""},
    "past_due": {"past_due": True},
    "forwarded": _JUDGED,
    "followed": {**_JUDGED, "followed": True},
    "verified_in_time": {"verify": Kept.IN_TIME},
    "verified_late": {"verify": Kept.LATE},
    "verified_missed": {"verify": Kept.MISSED},
    "answered_in_time": {"answer": Kept.IN_TIME},
    "answered_late": {"answer": Kept.LATE},
    "answered_missed": {"answer": Kept.MISSED},
    "settled_in_time": {"settle": Kept.IN_TIME},
    "settled_late": {"settle": Kept.LATE},
    "settled_missed": {"settle": Kept.MISSED},
    "accepted": {"ended": "accept"},
    "lapsed": {"ended": "lapse"},
    "withdrawn": {"ended": "withdraw"},
    "expired": {"ended": "expire"},
    "ended_elsewhere": {"ended": "told"},
    "merged": {"merged": True},
    "archived_not_public": {"ended": "archive", "ground": "NOT_PUBLIC_SERVICE"},
    "archived_unclear": {"ended": "archive", "ground": "UNCLEAR"},
    "archived_in_court": {"ended": "archive", "ground": "IN_COURT"},
    "archived_abuse": {"ended": "archive", "ground": "ABUSE"},
    "contested": {"contested": True},
    "reopened": {"reopened": True},
    "bounced": {"bounced": True},
    "rated": {"rating_answer": SOME},
    "rated_result": {"rating_result": SOME},
}
# Sums of a column: of the reporters' ratings.
SUMS: Final[Mapping[str, str]] = {"rating_answer": "rating_answer", "rating_result": "rating_result"}
TURNS: Final[Mapping[str, Condition]] = {
    "turns": {},
    "turns_in_time": {"kept": Kept.IN_TIME},
    "turns_late": {"kept": Kept.LATE},
    "turns_not_ours": {"gone": "NOT_OURS"},
    "turns_moved": {"gone": "MOVED"},
}
CODES: Final = (*CASES, *SUMS, *TURNS)
# What leads to cases: each number, and the cases and turns of which working days are told.
CASES_BEHIND: Final[Mapping[str, Condition]] = {
    **CASES,
    **{name: {name: SOME} for name in ("verify_days", "answer_days", "settle_days")},
}
TURNS_BEHIND: Final[Mapping[str, Condition]] = {**TURNS, "turn_days": {"days": SOME}}
# Working days whose middle, mean and p90 are told: of the ledger's cases, and of its turns.
CASE_SPREADS: Final = ("verify_days", "answer_days", "settle_days")
TURN_SPREADS: Final = ("days",)
SPREADS: Final = (*CASE_SPREADS, *TURN_SPREADS)
# What of a case, and of a turn, all this is counted by.
CASE_COLUMNS: Final = sorted({*(column for one in CASES.values() for column in one), *SUMS.values(), *CASE_SPREADS})
TURN_COLUMNS: Final = sorted({*(column for one in TURNS.values() for column in one), *TURN_SPREADS})
# Which numbers the sums hold, and in which tables: another list means that they are counted anew.
_TABLES: Final = "piles"
WORDS: Final = f"{zlib.crc32(repr((_TABLES, CODES, sorted(map(str, CASES.items())))).encode()):08x}"


def condition(given: Condition) -> str:
    """As SQL, on the columns of the ledger's row. All values are our own."""
    return " AND ".join(_one(column, value) for column, value in given.items()) or "TRUE"


def _one(column: str, value: Any) -> str:
    if value is SOME:
        return f"{column} IS NOT NULL"
    if isinstance(value, bool):
        return column if value else f"NOT {column}"
    return f"{column} = {int(value)}" if isinstance(value, int) else f"{column} = '{value}'"


def lookups(given: Condition, prefix: str = "") -> Q:
    """The same for a queryset."""
    return Q(
        **{
            f"{prefix}{column}{'__isnull' if value is SOME else ''}": False if value is SOME else value
            for column, value in given.items()
        }
    )


def case_numbers(sign: str = "") -> list[str]:
    """An SQL aggregate for each number of cases, in the order of CODES. `sign`: a column by which each row counts, +1
    where it came and -1 where it went."""
    counts = [_count(given, sign) for given in CASES.values()]
    times = f"{sign} * " if sign else ""
    return [*counts, *(f"COALESCE(sum({times}{column}), 0)" for column in SUMS.values())]


def turn_numbers(sign: str = "") -> list[str]:
    return [_count(given, sign) for given in TURNS.values()]


def numbers_of(source: str) -> dict[str, str]:
    """By code, the aggregate of each number this source of the ledger tells."""
    if source == "turnfigure":
        return dict(zip(TURNS, turn_numbers(), strict=True))
    return dict(zip((*CASES, *SUMS), case_numbers(), strict=True))


def _count(given: Condition, sign: str) -> str:
    if sign:
        return f"COALESCE(sum({sign}) FILTER (WHERE {condition(given)}), 0)"
    return f"count(*) FILTER (WHERE {condition(given)})"
