"""What is known of a district on the day its papers are drawn. Nothing is made up: what is not set is left out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.conf import settings

from agencies import colours
from agencies.models import Agency, Prefix, SubSite
from complaints.models import ClockKind, Kind, ServiceStandard
from complaints.poster import sheet


@dataclass(frozen=True)
class Facts:
    """`name`: how the door is called, the district's own or the nation's. `link` is what the QR carries, `address` how
    it is read aloud. `prefix` "": none is set. `site` None: none is open."""

    office: Agency
    place: str
    name: str
    site: SubSite | None
    link: str
    address: str
    sms: str
    prefix: str
    phones: list[tuple[str, str]] = field(default_factory=list)
    verify: int = 0
    respond: int = 0
    colour: str = colours.COLOUR
    accent: str = colours.ACCENT

    @property
    def spoken(self) -> str:
        """The address that is read out: without the code of a district that has no site, which nobody could note."""
        return self.address if self.site else self.address.partition("/")[0]


def of(office: Agency, today: datetime.date) -> Facts:
    site = SubSite.objects.active().filter(agency=office).first()
    # The shortest: it is said on the radio and typed on ten keys.
    prefix = min(Prefix.objects.active_on(today).filter(agency=office), key=lambda one: len(one.text), default=None)
    link = _link(office, site)
    days = ServiceStandard.objects.all_in_force(Kind.PENGADUAN, False, office, today)
    return Facts(
        office=office,
        place=office.region.name if office.region else office.shown_name,
        name=site.name if site else "LAPOR!",
        site=site,
        link=link,
        address=link.partition("//")[2].rstrip("/"),
        sms=settings.SMS_NUMBER,
        prefix=prefix.text if prefix else "",
        phones=[(str(label), str(number)) for label, number in (site.phones if site else [])],
        verify=days[ClockKind.VERIFY].working_days if ClockKind.VERIFY in days else 0,
        respond=days[ClockKind.RESPOND].working_days if ClockKind.RESPOND in days else 0,
        colour=site.colour if site else colours.COLOUR,
        accent=site.accent if site else colours.ACCENT,
    )


def _link(office: Agency, site: SubSite | None) -> str:
    """The district's own host, its path on the national one, or the form that is addressed to it."""
    if site is None:
        return sheet.link_of(office)
    if site.host:
        return f"{settings.SITE_URL.partition('//')[0]}//{site.host}/"
    return f"{settings.SITE_URL}{site.path}"
