"""What a machine notices in a final answer, to help who reads it. Nothing here is a mark, and nothing is held against
anybody by itself.

copies     how many other answers of the same office say nearly the same
no_date    it promises that something will be done, and names no day
minutes    it was closed so few minutes after the office took it up
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import Q

from complaints.models import Event, Message

# Answers of one office that each is compared with, the newest first.
COMPARED: Final = 200
# Words in a row, and which part of them two answers share that are nearly the same.
SHINGLE: Final = 4
ALIKE: Final = 0.7
# Shorter answers share their few words by chance.
WORDS: Final = 8
# Closed within so many minutes.
SOON: Final = 15

_WORD = re.compile(r"[^\W\d_]+")
_PROMISE = re.compile(
    r"\b(?:akan|segera|sedang|masih|mohon)\b[^.!?\n]{0,60}?"
    r"\b(?:di ?tindak ?lanjut\w*|tindak ?lanjut\w*|di ?koordinasi\w*|koordinasi\w*|me?nindak ?lanjut\w*|"
    r"di ?sampaikan|kami sampaikan|di ?teruskan|kami teruskan|di ?proses|di ?perbaiki|di ?cek|di ?tangani|"
    r"di ?upayakan|di ?usulkan|di ?anggarkan|menunggu|bersabar|menjadi perhatian)\b",
    re.IGNORECASE,
)
_MONTH = (
    "jan|feb|mar|apr|mei|jun|jul|agu|ags|agt|sep|okt|nov|des|januari|februari|maret|april|juni|juli|agustus|september|"
    "oktober|november|desember"
)
_DATE = re.compile(
    rf"\b\d{{1,2}}\s*[-/.]\s*\d{{1,2}}\s*[-/.]\s*\d{{2,4}}\b|\b(?:\d{{1,2}}\s+)?(?:{_MONTH})\.?\s+\d{{4}}\b|"
    rf"\b\d{{1,2}}\s+(?:{_MONTH})\b|\b(?:minggu|pekan|bulan|tahun)\s+depan\b|\bbesok\b|\blusa\b|"
    r"\b(?:senin|selasa|rabu|kamis|jumat|jum'at|sabtu)\b|\b(?:dalam|paling lambat|selama)\s+\S+\s+"
    r"(?:hari|minggu|pekan|bulan)\b|\b(?:triwulan|semester|tahun anggaran|apbd|apbn)\b[^.\n]{0,20}?\b20\d\d\b",
    re.IGNORECASE,
)


def promises_without_a_date(body: str, facts: Mapping[str, Any] | None = None) -> bool:
    """ "akan ditindaklanjuti" and its kin, and no day anywhere: neither in the words nor in what was filled in."""
    if (facts or {}).get("promised_on") or (facts or {}).get("done_on"):
        return False
    return _PROMISE.search(body) is not None and _DATE.search(body) is None


def shingles(body: str) -> frozenset[str]:
    """Its runs of words, without numbers and dates: what a form letter keeps while names of days change."""
    words = _WORD.findall(body.lower())
    if len(words) < WORDS:
        return frozenset()
    return frozenset(" ".join(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The part of all their runs that both have."""
    return len(one & other) / len(one | other) if one and other else 0.0


def look(answers: Collection[int], *, now: datetime.datetime) -> dict[int, dict[str, Any]]:
    """By id of the message, what was noticed. Two statements and one for each office."""
    messages = list(
        Message.objects.filter(pk__in=answers).only("pk", "complaint", "agency", "body", "facts", "written_at")
    )
    minutes = minutes_until([(one.pk, one.complaint_id, one.written_at) for one in messages])
    found: dict[int, dict[str, Any]] = {}
    by_office: dict[int | None, list[Message]] = defaultdict(list)
    for one in messages:
        by_office[one.agency_id].append(one)
    for office, theirs in by_office.items():
        others = _others(office, max(one.written_at for one in theirs))
        for one in theirs:
            own = shingles(one.body)
            copies = sum(1 for pk, case, other in others if case != one.complaint_id and likeness(own, other) >= ALIKE)
            noticed: dict[str, Any] = {}
            if copies:
                noticed["copies"] = copies
            if promises_without_a_date(one.body, one.facts):
                noticed["no_date"] = True
            if (took := minutes.get(one.pk)) is not None and took < SOON:
                noticed["minutes"] = took
            if noticed:
                found[one.pk] = noticed
    return found


def _others(office: int | None, until: datetime.datetime) -> list[tuple[int, int, frozenset[str]]]:
    """The newest answers of an office up to then."""
    rows = (
        Message.objects.filter(verb="resolve", state=Message.State.SENT, agency=office, written_at__lte=until)
        .filter(complaint__secret=False, complaint__about_conduct=False, complaint__not_for__isnull=True)
        .order_by("-written_at")
        .values_list("pk", "complaint_id", "body")[:COMPARED]
    )
    return [(pk, case, shingles(body)) for pk, case, body in rows]


# What puts a case into an officer's hands.
_TAKES_UP = ("start", "forward", "move", "pass_on", "hand_back", "contest", "reopen", "unmerge", "complete", "submit")


def minutes_until(answers: Iterable[tuple[int, int, datetime.datetime]]) -> dict[int, int]:
    """By id of the answer, the whole minutes since the office took the case up. One statement."""
    wanted: Sequence[tuple[int, int, datetime.datetime]] = list(answers)
    events: dict[int, list[datetime.datetime]] = defaultdict(list)
    rows = Event.objects.filter(complaint__in={case for _pk, case, _at in wanted}).filter(Q(verb__in=_TAKES_UP))
    for case, at in rows.order_by("pk").values_list("complaint_id", "at"):
        events[case].append(at)
    found = {}
    for pk, case, at in wanted:
        before = [one for one in events[case] if one <= at]
        if before:
            found[pk] = int((at - max(before)).total_seconds() // 60)
    return found
