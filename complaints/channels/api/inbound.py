"""From what was checked to a Submission, and the files it names."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from agencies.models import ApiClient
from complaints import privacy
from complaints.channels.api import CODE
from complaints.channels.api.once import body_of, digest
from complaints.intake import Receipt, Submission, receive
from complaints.models import AddressedBy, Attachment, Draft, Kind
from complaints.uploads import take


def file_report(said: dict[str, Any], raw: Any, *, client: ApiClient | None, key: str) -> Receipt:
    """One case of one Idempotency-Key. Raises Incomplete, ValidationError.

    With a key of an agency the report is addressed to that agency: the key stands for the office.
    """
    body = body_of(raw)
    named = said.get("agency")
    by_key = named is None and client is not None and client.agency.parent_id is not None
    agency = client.agency if client is not None and by_key else named
    conduct = bool(said.get("about_conduct"))
    reporter = said.get("reporter", {})
    return receive(
        Submission(
            channel=CODE,
            # Once the answer is forgotten the same key and body are still the same report.
            external_id=digest("arrival", str(client.pk) if client else "", key, body),
            kind=said.get("kind", Kind.PENGADUAN),
            title=said.get("title", ""),
            body=said["body"],
            happened_on=said.get("happened_on"),
            place=said.get("place"),
            landmark=said.get("landmark", ""),
            latitude=said.get("latitude"),
            longitude=said.get("longitude"),
            category=said.get("category"),
            addressed_to=agency,
            addressed_text=client.name if client is not None and by_key else said.get("agency_text", ""),
            addressed_by=AddressedBy.KEY if by_key else "",
            about_conduct=conduct,
            not_for=agency if conduct else None,
            anonymous=said.get("anonymous", False),
            secret=said.get("secret", False),
            name=reporter.get("name", ""),
            email=reporter.get("email", ""),
            phone=privacy.plain_phone(reporter.get("phone", "")),
            language=reporter.get("language", "id"),
            client=client,
            attachments=files_of(said.get("files", ())),
            raw=json.dumps(raw, ensure_ascii=True),
        )
    )


def keep_file(upload: UploadedFile[Any]) -> Draft:
    """A file that waits for its report or message, in a draft of its own that expires by itself. Raises FileRefused."""
    draft = Draft.begin()
    draft.save()
    try:
        take(upload, 0, draft=draft)
    except BaseException:
        draft.delete()
        raise
    return draft


def files_of(tokens: Iterable[uuid.UUID]) -> list[Attachment]:
    """The files of these uploads, not yet anybody's. Raises ValidationError for one that is used, gone or unknown.

    The token of an upload cannot be guessed, and opens nothing but this one file.
    """
    wanted = list(dict.fromkeys(tokens))
    found = {
        file.draft.token: file
        for file in Attachment.objects.filter(
            draft__token__in=wanted, complaint__isnull=True, draft__complaint__isnull=True
        ).select_related("draft")
        if file.draft is not None
    }
    missing: dict[str, list[str]] = {
        str(place): [_("Berkas ini tidak ada, sudah dipakai, atau sudah lewat 14 hari. Unggah lagi.")]
        for place, token in enumerate(wanted)
        if token not in found
    }
    if missing:
        raise ValidationError({"files": missing})
    return [found[token] for token in wanted]
