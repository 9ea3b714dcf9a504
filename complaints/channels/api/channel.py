"""The API as a channel: it calls intake itself, and its reporters are told at the contact they gave."""

from django.utils.translation import gettext_lazy as _

from complaints.channels.api import CODE
from complaints.channels.contract import Channel

CHANNEL = Channel(CODE, _("aplikasi lain (API)"), shows_key=True)
