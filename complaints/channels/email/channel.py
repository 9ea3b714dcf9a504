"""Email as a channel."""

from django.utils.translation import gettext_lazy as _

from complaints.channels.contract import Channel
from complaints.channels.email import CODE, MEDIUM
from complaints.channels.email.outbound import Post

CHANNEL = Channel(CODE, _("email"), medium=MEDIUM, door=Post)
