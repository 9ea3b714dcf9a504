"""All topics, and which one a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext

from agencies.models import Role
from routing.guide import centre, desk, evaluation, offices, oversight
from routing.guide.topic import Topic

# Which guide is a role's own.
GUIDE: Final[Mapping[str, str]] = {
    Role.LIAISON: "opd",
    Role.HEAD: "pimpinan",
    Role.COORDINATOR: "kominfo",
    Role.NATIONAL: "pusat",
    Role.OBSERVER: "pusat",
}
# In the order of the guides: chapter, then topics.
CHAPTERS: Final = (desk, oversight, offices, evaluation, centre)
TOPICS: Final[tuple[Topic, ...]] = tuple(topic for chapter in CHAPTERS for topic in chapter.TOPICS)


def _by_url(topics: Iterable[Topic]) -> Mapping[str, tuple[Topic, ...]]:
    """Those of a role before the one for everybody else."""
    found: dict[str, list[Topic]] = {}
    for topic in sorted(topics, key=lambda one: not one.roles):
        for url in topic.urls:
            found.setdefault(url, []).append(topic)
    return {url: tuple(several) for url, several in found.items()}


BY_URL: Final = _by_url(TOPICS)
BY_CODE: Final[Mapping[str, Topic]] = {topic.code: topic for topic in TOPICS}


def topic_of(url: str, role: str) -> Topic | None:
    """What a page tells somebody who acts in this role; None: the page has no help."""
    return next((one for one in BY_URL.get(url, ()) if not one.roles or role in one.roles), None)


def guide_for(topic: Topic, role: str) -> str:
    """The guide of the reader's own role, if it has the topic; else the first that has it."""
    own = GUIDE.get(role, "")
    return own if own in topic.guides else topic.guides[0]


def lines_of(topic: Topic) -> list[tuple[str, str]]:
    """(what it answers, the sentences), in the language of the reader."""
    lines = [
        (gettext("Untuk apa"), topic.purpose),
        (gettext("Mula-mula"), topic.first),
        (gettext("Sesudah itu"), topic.then),
        (gettext("Waktunya"), topic.clock),
    ]
    return [(label, gettext(said)) for label, said in lines if said]
