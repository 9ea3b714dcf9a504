"""Open311 as a channel: it calls intake itself, and keeps what could not become a case at once."""

from django.utils.translation import gettext_lazy as _

from complaints.channels.contract import Channel
from complaints.channels.open311 import CODE
from complaints.channels.open311.inbound import read

CHANNEL = Channel(CODE, _("aplikasi lain (Open311)"), read=read, shows_key=True)
