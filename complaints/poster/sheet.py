"""What stands on the paper: words, numbers, colours and the QR, ready to be drawn."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies import colours
from agencies.models import Agency, Prefix, SubSite
from complaints.models import ClockKind, Kind, ServiceStandard
from complaints.poster import code

_LAPOR = Path(settings.BASE_DIR) / "static" / "icons" / "mark.svg"


class Size(StrEnum):
    """A4 for a wall, A6 for a counter's glass."""

    POSTER = "a4"
    STICKER = "a6"


@dataclass(frozen=True)
class Sheet:
    """`mark` is a PNG or an SVG, `qr` an SVG; `pairs` are how else one reports: (how, what)."""

    size: str
    language: str
    title: str
    headline: str
    scan: str
    site: str
    office: str
    steps: list[str]
    pairs: list[tuple[str, str]]
    promise: str
    emergency: str
    address: str
    qr_says: str
    colour: str
    accent: str
    mark: bytes
    qr: bytes

    def words(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name not in ("mark", "qr")}


def link_of(office: Agency) -> str:
    """The address the QR carries; of the centre the whole portal's form."""
    path = (
        reverse("complaints:place")
        if office.parent_id is None
        else reverse("complaints:scan", args=[code.of(office.pk)])
    )
    return f"{settings.SITE_URL}{path}"


def site_of(office: Agency) -> SubSite | None:
    """The own site of the district the office belongs to."""
    return SubSite.objects.active().filter(agency__in=[*office.ids_above, office.pk]).first()


def of(office: Agency, size: Size, language: str, today: datetime.date) -> Sheet:
    site, link = site_of(office), link_of(office)
    prefix = (
        Prefix.objects.active_on(today)
        .filter(agency__in=[*office.ids_above, office.pk])
        .order_by("-agency__path_length")
        .first()
    )
    days = ServiceStandard.objects.in_force(Kind.PENGADUAN, False, ClockKind.RESPOND, office, today).working_days
    address = link.partition("//")[2].rstrip("/")
    name = site.name if site else "LAPOR!"
    with override(language):
        pairs = [(_("Ketik alamatnya"), address)]
        if prefix is not None:
            words = {"number": settings.SMS_NUMBER, "prefix": prefix.text}
            pairs.append((_("Tanpa internet"), _("SMS ke %(number)s: %(prefix)s, spasi, ceritanya") % words))
        pairs += [(str(label), str(number)) for label, number in (site.phones if site else [])[:2]]
        return Sheet(
            size=size,
            language=language,
            title=_("Lapor ke %(office)s lewat %(site)s") % {"office": office.name, "site": name},
            headline=_("Ada masalah dengan layanan di sini?"),
            scan=_("Pindai dengan kamera HP"),
            site=name,
            office=office.name if office.parent_id else "",
            steps=[
                _("Pindai kode ini. Formulirnya sudah tertuju ke kantor ini."),
                _("Ceritakan apa yang terjadi. Tanpa akun, sekitar lima menit."),
                _("Simpan nomor dan kuncinya untuk melihat kabarnya."),
            ],
            pairs=pairs,
            promise=_("Wajib dijawab paling lambat %(days)s hari kerja. Nama Anda tidak pernah ditampilkan.")
            % {"days": days},
            emergency=_("Bahaya sekarang? Telepon 112"),
            address=address,
            qr_says=_("Kode QR ke formulir laporan: %(address)s") % {"address": address},
            colour=site.colour if site else colours.COLOUR,
            accent=site.accent if site else colours.ACCENT,
            mark=mark_of(site),
            qr=qr(link),
        )


def mark_of(site: SubSite | None) -> bytes:
    """The district's, its initials where none was uploaded, the portal's own where it has no site."""
    if site is None:
        return _LAPOR.read_bytes()
    return bytes(site.mark) if site.mark else _monogram(site)


def qr(link: str) -> bytes:
    """Q: a quarter of it may be scratched away and it can still be read."""
    return (
        str(segno.make(link, error="q", micro=False).svg_inline(border=4, omitsize=True))
        .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        .encode()
    )


def _monogram(site: SubSite) -> bytes:
    """As on the district's pages, where no mark was uploaded."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="7" fill="{site.colour}"/>'
        f'<path d="M6 27h20" stroke="{site.accent}" stroke-width="2.5" stroke-linecap="round"/>'
        '<text x="16" y="21" text-anchor="middle" font-size="15" font-weight="800" font-family="Manrope" fill="#fff">'
        f"{site.initials}</text>"
        "</svg>"
    ).encode()
