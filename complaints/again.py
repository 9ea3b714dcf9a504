"""Has this account told of it before? Asked about its own cases alone: whoever types somebody's address learns nothing
of what was reported with it. Words, place and category count; nobody is kept from reporting once more."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from agencies.actor import Actor
from agencies.models import User
from complaints.models import Complaint, Draft
from complaints.publishing import normalise_query

LATELY = datetime.timedelta(days=180)
# So many of its own are looked at, and so many shown.
READ, SHOWN = 30, 3
# Words of ours and theirs in common: enough by themselves, and enough for the same category in the same kecamatan.
ALIKE, ALIKE_HERE, FEWEST = 0.5, 0.2, 3
_KECAMATAN, _DISTRICT = 3, 2


def told_before(user: User, draft: Draft, now: datetime.datetime | None = None) -> list[Complaint]:
    """The account's open cases that may be what this draft tells, most alike first. One statement."""
    now = now or timezone.now()
    story, where = draft.step_fields("masalah"), draft.step_fields("lokasi").get("place", "")
    words = _words(story.get("title", ""), story.get("story", ""))
    mine = Complaint.objects.visible_to(Actor.reporter(user)).open().filter(received_at__gte=now - LATELY)
    found = [
        (score, case)
        for case in mine.select_related("handler", "place").order_by("-received_at", "-pk")[:READ]
        if (score := _alike(case, words, where, story)) > 0
    ]
    found.sort(key=lambda one: -one[0])
    return [case for _score, case in found[:SHOWN]]


def _alike(case: Complaint, words: set[str], where: str, story: dict[str, Any]) -> float:
    """0: another matter. A place elsewhere is another matter, however alike the words are."""
    theirs = _words(case.title, case.body)
    shared = words & theirs
    if len(shared) < FEWEST or not _same(case.place_id or "", where, _DISTRICT):
        return 0.0
    part = len(shared) / min(len(words), len(theirs))
    category = str(case.category_id or "") == str(story.get("category") or "") != ""
    enough = ALIKE_HERE if category and _same(case.place_id or "", where, _KECAMATAN) else ALIKE
    return part if part >= enough else 0.0


def _same(one: str, other: str, depth: int) -> bool:
    """As deep as both are known; a place nobody named may be anywhere."""
    ours, theirs = one.split(".")[:depth], other.split(".")[:depth]
    return all(a == b for a, b in zip(ours, theirs, strict=False) if a and b)


def _words(*texts: str) -> set[str]:
    return set(normalise_query(" ".join(texts)).split())
