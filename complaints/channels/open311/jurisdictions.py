"""Which district a `jurisdiction_id` means. One endpoint serves them all; without one it is the whole country."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies import prefix_book
from agencies.models import Agency, Prefix, SubSite
from agencies.models.agency import PEMDA
from complaints.channels.open311.refusals import Missing


def find(said: str) -> Agency | None:
    """The pemda of a short code; None for none. Raises Missing. One statement.

    A short code is the name of the district's own site ("inhu") or its host, its SMS prefix ("INHU"), its region code
    ("14.02"), or a short name it goes by.
    """
    if not said:
        return None
    today = timezone.localdate()
    words = {said, said.upper(), said.lower(), said.title()}
    sites = SubSite.objects.filter(Q(slug=said.lower()) | Q(host=said.lower()), active=True)
    prefixes = Prefix.objects.active_on(today).filter(normal=prefix_book.normal(said) or "-")
    known = (
        Q(region_id=said)
        | Q(pk__in=sites.values("agency"))
        | Q(pk__in=prefixes.values("agency"))
        | Q(short_name__iexact=said)
        | Q(aliases__overlap=sorted(words))
    )
    found = Agency.objects.filter(known, kind__in=PEMDA).active_on(today).select_related("region")[:2]
    if len(found) != 1:
        raise Missing(_("jurisdiction_id “%(said)s” tidak dikenal.") % {"said": said[:60]})
    return found[0]
