"""A finished Draft becomes a Submission, idempotent on the draft's token."""

from __future__ import annotations

import datetime
from typing import Any

from agencies.models import Agency, Region, User
from complaints.channels.web import CODE
from complaints.intake import Receipt, Submission, receive
from complaints.models import Attachment, Category, Draft
from complaints.models.reference import Kind


def send(
    draft: Draft,
    *,
    contact: dict[str, Any],
    user: User | None = None,
    language: str = "id",
    now: datetime.datetime | None = None,
) -> Receipt:
    """Make the case of a draft; the same draft twice is the same case. `contact` is CheckForm's cleaned data.

    Raises Incomplete(field, message) when the draft holds too little.
    """
    return receive(read(draft, contact=contact, user=user, language=language), now=now)


def read(draft: Draft, *, contact: dict[str, Any], user: User | None, language: str) -> Submission:
    place, story = draft.step_fields("lokasi"), draft.step_fields("masalah")
    office = Agency.objects.filter(pk=story["office"]).first() if story.get("office") else None
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
        place=Region.objects.filter(pk=place["place"]).first() if place.get("place") else None,
        landmark=place.get("landmark", ""),
        latitude=place.get("latitude"),
        longitude=place.get("longitude"),
        category=Category.objects.filter(pk=story["category"]).first() if story.get("category") else None,
        addressed_to=office,
        addressed_text="" if office else story.get("office_text", ""),
        about_conduct=conduct,
        not_for=office if conduct else None,
        anonymous=contact["who"] == "hidden",
        secret=contact["read"] == "secret",
        name=contact.get("name", ""),
        email=contact.get("email", "") if contact["tell"] == "email" else "",
        user=user,
        language=language,
        # Only their ids are needed, and those the draft knows.
        attachments=[Attachment(pk=pk) for pk in story.get("files") or []],
        draft=draft,
    )
