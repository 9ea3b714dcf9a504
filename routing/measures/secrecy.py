"""What may be told of few (house.md section 3): a count that splits secret or anonymous cases is told from five on.

One hidden number among told ones is their sum's difference; so a second is hidden with it, and together they stand for
five cases at least. Two periods or filters of which one holds the other would be subtracted: whoever reads from beside
therefore asks without filters and in whole months (`whole_months`).
"""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

LEAST: Final = 5
Key = TypeVar("Key", bound=Hashable)


def told(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """Each count, or None where it may not be told although everybody knows the sum. Nothing is told as nothing."""
    hidden = {key for key, count in counts.items() if 0 < count < LEAST}
    rest = sorted((count, str(key), key) for key, count in counts.items() if count >= LEAST)
    while hidden and rest and (len(hidden) < 2 or sum(counts[key] for key in hidden) < LEAST):
        hidden.add(rest.pop(0)[2])
    return {key: None if key in hidden else count for key, count in counts.items()}


def whole_months(first: datetime.date, last: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The months that hold the period."""
    after = (last.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return first.replace(day=1), after - datetime.timedelta(days=1)
