"""SMS as a channel."""

from django.utils.translation import gettext_lazy as _

from complaints.channels.contract import Channel
from complaints.channels.sms import CODE, MEDIUM, gateways, inbound, outbound

CHANNEL = Channel(
    CODE,
    _("SMS"),
    read=inbound.read,
    medium=MEDIUM,
    rings=True,
    narrow=True,
    dials=True,
    door=outbound.Mouthpiece,
    units=outbound.units,
    missing=gateways.missing,
    urls="complaints.channels.sms.urls",
    as_submission=inbound.as_submission,
    # What a text means depends on the one before it: those of one phone are read one after the other.
    converses=True,
)
