"""Telegram as a channel: off until its token and the secret of its webhook are set."""

from __future__ import annotations

from django.conf import settings

from complaints.channels.contract import Channel
from complaints.channels.telegram import CODE, MEDIUM
from complaints.channels.telegram.inbound import read
from complaints.channels.telegram.outbound import Telegram


def missing() -> list[str]:
    wanted = {"LAPOR_TELEGRAM_TOKEN": settings.TELEGRAM_TOKEN, "LAPOR_TELEGRAM_SECRET": settings.TELEGRAM_SECRET}
    return [name for name, value in wanted.items() if not value]


CHANNEL = Channel(
    CODE,
    "Telegram",
    read=read,
    medium=MEDIUM,
    door=Telegram,
    rings=True,
    converses=True,
    missing=missing,
    urls="complaints.channels.telegram.urls",
)
