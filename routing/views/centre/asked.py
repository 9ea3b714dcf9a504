"""Which agencies are asked for, in which order, from where on: it stands in the address."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.acting import OfficerRequest
from routing import centre

ONLY = ("terlambat", "diam", "kosong", "tanpa-koordinator")


class Asked:
    """What the address says: which agencies, in which order, from where on. Anything else is as not said."""

    def __init__(self, request: OfficerRequest) -> None:
        query = request.GET
        self.group = query.get("kelompok", "").replace("\x00", "")[:12]
        self.words = " ".join(query.get("cari", "").replace("\x00", "").split())[:80]
        self.order = query.get("urut", "") if query.get("urut", "") in centre.ORDERS else centre.ORDERS[0]
        self.which = query.get("hanya", "") if query.get("hanya", "") in ONLY else ""
        self.cursor = query.get("setelah", "")
        self.listed = bool(self.group or self.words or self.which or query.get("semua") == "ya")

    def address(self, **more: str) -> str:
        said = {
            "kelompok": self.group,
            "cari": self.words,
            "hanya": self.which,
            "urut": self.order if self.order != centre.ORDERS[0] else "",
            "semua": "ya" if self.listed and not (self.group or self.words or self.which) else "",
        } | more
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"{reverse('routing:oversight')}{'?' if asked else ''}{asked}#instansi"


def labels_of_only() -> dict[str, str]:
    return {
        "": _("Semua"),
        "terlambat": _("Ada yang terlambat"),
        "diam": _("Ada kantor diam"),
        "kosong": _("Tidak ada laporan terbuka"),
        "tanpa-koordinator": _("Tanpa koordinator"),
    }


def labels_of_orders() -> dict[str, str]:
    return {
        "terlambat": _("Paling banyak terlambat"),
        "bagian": _("Bagian terlambat terbesar"),
        "terbuka": _("Paling banyak terbuka"),
        "tertua": _("Paling lama menunggu"),
        "diam": _("Paling banyak kantor diam"),
        "naik": _("Paling banyak yang naik"),
        "nama": _("Nama"),
    }
