"""A finished Draft becomes a Submission, idempotent on the draft's token."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models

from agencies.models import Agency, Region, SubSite, User
from complaints.channels.web import CODE
from complaints.intake import Receipt, Submission, receive
from complaints.models import Answer, Attachment, Category, CategoryQuestion, Draft, Unfit
from complaints.models.reference import Kind
from lapor.kit.compiled import Blank, Compiled
from lapor.kit.rows import unread
from lapor.kit.text import row_id


def send(
    draft: Draft,
    *,
    contact: dict[str, Any],
    user: User | None = None,
    language: str = "id",
    subsite: SubSite | None = None,
    now: datetime.datetime | None = None,
) -> Receipt:
    """Make the case of a draft; the same draft twice is the same case. `contact` is CheckForm's cleaned data.

    Raises Incomplete(field, message) when the draft holds too little.
    """
    return receive(read(draft, contact=contact, user=user, language=language, subsite=subsite), now=now)


def read(
    draft: Draft, *, contact: dict[str, Any], user: User | None, language: str, subsite: SubSite | None = None
) -> Submission:
    place, story = draft.step_fields("lokasi"), draft.step_fields("masalah")
    # Offices and categories are never deleted, and the case only points to them.
    office, category = row_id(story.get("office") or ""), row_id(story.get("category") or "")
    named = unread(Agency, office) if office else None
    kind = story.get("kind") or Kind.PENGADUAN
    happened = story.get("happened_on") if kind == Kind.PENGADUAN else None
    conduct = bool(story.get("conduct"))
    return Submission(
        channel=CODE,
        external_id=str(draft.token),
        kind=kind,
        title=story.get("title", ""),
        body=story.get("story", ""),
        happened_on=datetime.date.fromisoformat(happened) if happened else None,
        place=next(iter(_PLACE(code=place["place"])), None) if place.get("place") else None,
        landmark=place.get("landmark", ""),
        latitude=place.get("latitude"),
        longitude=place.get("longitude"),
        category=unread(Category, category) if category else None,
        addressed_to=named,
        addressed_text="" if named else story.get("office_text", ""),
        about_conduct=conduct,
        not_for=named if conduct else None,
        anonymous=contact["who"] == "hidden",
        secret=contact["read"] == "secret",
        name=contact.get("name", ""),
        email=contact.get("email", "") if contact["tell"] == "email" else "",
        phone=contact.get("phone", "") if contact["tell"] == "sms" else "",
        user=user,
        language=language,
        subsite=subsite,
        # Only their ids are needed, and those the draft knows.
        attachments=[Attachment(pk=pk) for pk in story.get("files") or []],
        answers=answers_in(draft),
        draft=draft,
    )


_PLACE = Compiled(lambda: Region.objects.filter(pk=Blank("code", models.CharField())).order_by())

STEP = "rincian"


def questions_about(category: str) -> list[CategoryQuestion]:
    """By the id of the category as it was typed. One statement, none where none was chosen."""
    if not row_id(category):
        return []
    return list(CategoryQuestion.objects.current().filter(category=row_id(category)).select_related("category"))


def questions_for(draft: Draft) -> list[CategoryQuestion]:
    """What is asked about the category chosen."""
    story = draft.step_fields("masalah")
    return questions_about(story.get("category") or "") if story.get("asks") else []


def answers_in(draft: Draft) -> list[Answer]:
    """Unsaved; of the questions that are asked about the category chosen at last, those with an answer that fits."""
    given = draft.step_fields(STEP).get("answers", {})
    found = []
    for question in questions_for(draft) if given else []:
        try:
            values = question.read(given.get(str(question.pk), []))
        except Unfit:
            continue
        if values:
            found.append(Answer(question=question, values=values))
    return found


def still_asks(draft: Draft) -> bool:
    """The category asks something that nobody has seen yet, or that must be answered and is not."""
    questions, kept = questions_for(draft), draft.step_fields(STEP)
    if not questions:
        return False
    given = kept.get("answers", {})
    return kept.get("seen") != questions[0].category_id or any(
        one.required and not given.get(str(one.pk)) for one in questions
    )
