"""The five lessons: what to do, where, and how one sees that it was really done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise

from lapor.training.lessons.evaluator import EVALUATOR
from lapor.training.lessons.kominfo import KOMINFO
from lapor.training.lessons.laid import lay, lay_anew
from lapor.training.lessons.lesson import Learner, Lesson
from lapor.training.lessons.opd import OPD
from lapor.training.lessons.pimpinan import PIMPINAN
from lapor.training.lessons.warga import WARGA, answer_citizen
from lapor.training.models import Done, Participant

__all__ = ["LESSONS", "WARGA", "Learner", "Lesson", "answer_citizen", "done_of", "lay", "lay_anew", "look", "progress"]

LESSONS: Final = {lesson.slug: lesson for lesson in (WARGA, OPD, KOMINFO, PIMPINAN, EVALUATOR)}


def done_of(participant: Participant) -> dict[str, set[str]]:
    """The steps done, by lesson; only those the lessons still have."""
    found: dict[str, set[str]] = {slug: set() for slug in LESSONS}
    codes = {(slug, step.code) for slug, lesson in LESSONS.items() for step in lesson.steps}
    for slug, code in Done.objects.filter(participant=participant).values_list("lesson", "step"):
        if (slug, code) in codes:
            found[slug].add(code)
    return found


def look(learner: Learner, lesson: Lesson) -> set[str]:
    """What is done by now: kept for good once it was seen, also over a reset."""
    had = done_of(learner.participant)[lesson.slug]
    new = [step.code for step in lesson.steps if step.code not in had and step.check(learner)]
    Done.objects.bulk_create(
        [Done(participant=learner.participant, lesson=lesson.slug, step=code) for code in new], ignore_conflicts=True
    )
    return had | set(new)


def progress(participants: Iterable[Participant]) -> list[tuple[Participant, list[tuple[str | Promise, int, int]]]]:
    """Each with what they have done of the lessons they began: part, steps done, steps. One statement."""
    asked = list(participants)
    codes = {(slug, step.code) for slug, lesson in LESSONS.items() for step in lesson.steps}
    counts: Counter[tuple[int, str]] = Counter()
    for pk, slug, code in Done.objects.filter(participant__in=asked).values_list("participant", "lesson", "step"):
        if (slug, code) in codes:
            counts[pk, slug] += 1
    return [
        (
            one,
            [
                (lesson.part.name, counts[one.pk, slug], len(lesson.steps))
                for slug, lesson in LESSONS.items()
                if counts[one.pk, slug]
            ],
        )
        for one in asked
    ]
