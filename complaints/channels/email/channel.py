"""Email as a channel: letters out as ever, and letters in once there is an inbox and a way to hear of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from complaints.channels.contract import Channel
from complaints.channels.email import CODE, MEDIUM, addresses, inbound
from complaints.channels.email.outbound import Post


def _pull() -> int:
    # The IMAP library changes a module of the standard library when it is loaded: only where it is used.
    from complaints.channels.email import mailbox

    return mailbox.pull()


CHANNEL = Channel(
    CODE,
    _("email"),
    read=inbound.read,
    medium=MEDIUM,
    door=Post,
    unheard=addresses.unheard,
    urls="complaints.channels.email.urls",
    files=inbound.files,
    as_submission=inbound.as_submission,
    pull=_pull,
    reply_to=addresses.for_reporter,
    officer_reply_to=addresses.for_officer,
)
