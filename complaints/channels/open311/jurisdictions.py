"""Which district a `jurisdiction_id` means. One endpoint serves them all; without one it is the whole country."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.models.agency import PEMDA
from complaints.channels.open311.refusals import Missing


def find(said: str) -> Agency | None:
    """The pemda of a short code ("INHU") or a region code ("14.02"); None for none. Raises Missing. One statement."""
    if not said:
        return None
    words = {said, said.upper(), said.lower(), said.title()}
    known = Q(region_id=said) | Q(short_name__iexact=said) | Q(aliases__overlap=sorted(words))
    found = Agency.objects.filter(known, kind__in=PEMDA).active_on(timezone.localdate()).select_related("region")[:2]
    if len(found) != 1:
        raise Missing(_("jurisdiction_id “%(said)s” tidak dikenal.") % {"said": said[:60]})
    return found[0]
