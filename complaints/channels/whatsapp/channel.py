"""WhatsApp as a channel: off until its four secrets are set."""

from __future__ import annotations

from django.conf import settings

from complaints.channels.contract import Channel
from complaints.channels.whatsapp import CODE, MEDIUM
from complaints.channels.whatsapp.inbound import read
from complaints.channels.whatsapp.outbound import WhatsApp


def missing() -> list[str]:
    wanted = {
        "LAPOR_WHATSAPP_TOKEN": settings.WHATSAPP_TOKEN,
        "LAPOR_WHATSAPP_PHONE_ID": settings.WHATSAPP_PHONE_ID,
        "LAPOR_WHATSAPP_APP_SECRET": settings.WHATSAPP_APP_SECRET,
        "LAPOR_WHATSAPP_VERIFY_TOKEN": settings.WHATSAPP_VERIFY_TOKEN,
    }
    return [name for name, value in wanted.items() if not value]


CHANNEL = Channel(
    CODE,
    "WhatsApp",
    read=read,
    medium=MEDIUM,
    door=WhatsApp,
    rings=True,
    converses=True,
    missing=missing,
    urls="complaints.channels.whatsapp.urls",
)
