"""X as a channel: off until its tokens are set. What it answers is read by everybody."""

from __future__ import annotations

from django.conf import settings

from complaints.channels.contract import Channel
from complaints.channels.x import CODE, MEDIUM
from complaints.channels.x.inbound import pull, read
from complaints.channels.x.outbound import X


def missing() -> list[str]:
    wanted = {
        "LAPOR_X_TOKEN": settings.X_TOKEN,
        "LAPOR_X_USER_TOKEN": settings.X_USER_TOKEN,
        "LAPOR_X_USER_ID": settings.X_USER_ID,
    }
    return [name for name, value in wanted.items() if not value]


CHANNEL = Channel(CODE, "X", read=read, medium=MEDIUM, door=X, missing=missing, is_public=True, pull=pull)
