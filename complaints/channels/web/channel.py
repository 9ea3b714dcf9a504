"""The web form: it calls intake itself, and its reporters are told by email."""

from django.utils.translation import gettext_lazy as _

from complaints.channels.contract import Channel
from complaints.channels.web import CODE

CHANNEL = Channel(CODE, _("situs web"), shows_key=True)
