"""Calls to browsers as a channel: no reports come by it."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from complaints.channels.contract import Channel
from complaints.channels.push import CODE, MEDIUM
from complaints.channels.push.outbound import Bell


def missing() -> Sequence[str]:
    return [] if settings.LAPOR_VAPID_KEY else ["LAPOR_VAPID_KEY"]


CHANNEL = Channel(CODE, _("pemberitahuan di gawai"), medium=MEDIUM, door=Bell, missing=missing, rings=True)
