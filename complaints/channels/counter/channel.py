"""The counter: an officer types, intake takes it at once, and the citizen is told by the contact they left."""

from django.utils.translation import gettext_lazy as _

from complaints.channels.contract import Channel
from complaints.channels.counter import CODE

CHANNEL = Channel(CODE, _("loket"), shows_key=True)
