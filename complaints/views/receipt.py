"""The receipt: what is said on paper of a report just received, for whoever holds the paper. Never the story."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from agencies import finding
from complaints.models import Clock, Complaint
from complaints.models.clock import ClockKind
from complaints.views import telling
from lapor.kit.wording import long_day


def promise_of(clocks: list[Clock]) -> Clock | None:
    """The promise a receipt names: the answer where an office has it, else the forwarding."""
    running = {clock.kind: clock for clock in clocks if clock.stopped_at is None}
    return running.get(ClockKind.RESPOND) or running.get(ClockKind.VERIFY) or telling.nearest(clocks)


def rows(complaint: Complaint, promise: Clock | None) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(_("Diterima"), telling.now_at(complaint))]
    if complaint.place is not None:
        found.append((_("Tempat"), finding.path(complaint.place)))
    found.append((_("Judul"), complaint.title))
    if complaint.handler.parent_id:
        found.append((_("Ada di"), complaint.handler.name))
    if promise is not None and promise.due_on is not None:
        label = _("Dijawab paling lambat") if promise.kind == ClockKind.RESPOND else _("Diteruskan paling lambat")
        found.append((label, format_html("<b>{}</b>", long_day(promise.due_on))))
    return found


def qr(complaint: Complaint) -> SafeString:
    """The case's public page as an inline SVG; it holds the number alone."""
    target = f"{settings.SITE_URL}{reverse('complaints:case', args=[complaint.number])}"
    code = segno.make(target, error="m", micro=False)
    title = _("Kode QR ke halaman laporan ini")
    return mark_safe(code.svg_inline(border=0, omitsize=True, svgclass="", lineclass="", title=title))
