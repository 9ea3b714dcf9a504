"""Every channel by its code: what Complaint.channel and Arrival.channel hold, and how people call it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.channels import web

NAMES: dict[str, str | Promise] = {
    web.CODE: _("situs web"),
    "import": _("berkas impor"),
}


def name(code: str) -> str:
    """How people call the channel; an unknown code is shown as it is."""
    return str(NAMES.get(code, code))
