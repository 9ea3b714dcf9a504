"""A clean file on its way to whoever was found to have a right to it. Who that is, is asked before."""

from __future__ import annotations

from django.http import FileResponse, Http404

from complaints.models import Attachment

SHOWN_INSIDE = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def file_of(row: Attachment) -> FileResponse:
    """The file, kept by nobody on the way. Raises Http404 where it is gone from the disk."""
    try:
        file = row.file.open("rb")
    except OSError as missing:
        raise Http404 from missing
    ending = SHOWN_INSIDE.get(row.sniffed_type, "pdf")
    response = FileResponse(
        file,
        as_attachment=row.sniffed_type not in SHOWN_INSIDE,
        filename=f"lapor-{row.pk}.{ending}",
        content_type=row.sniffed_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # A file is looked at and runs nothing, whatever it holds.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
