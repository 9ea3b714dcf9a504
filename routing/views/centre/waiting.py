"""What is wrong with the portal itself, and what waits at the centre."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lapor.kit import wording
from routing import centre, oversight
from routing.measures import checking
from routing.models import Counted, Headline
from routing.standing import Load


def alarms(made: Headline, today: datetime.date, unmanned: int) -> list[tuple[str, str, str]]:
    """What is wrong with the portal itself: a sentence, where to see to it, and what that is called."""
    figures, said = made.figures, []
    year = oversight.calendar_alarm(today)
    if year:
        said.append(
            (
                _("Hari libur %(year)s belum dimuat. Batas waktu yang melewati akhir tahun masih sementara.")
                % {"year": year},
                reverse("agencies:holidays"),
                _("Isi hari libur"),
            )
        )
    if wrong := checking.words(Counted.objects.first()):
        said.append((wrong, "", ""))
    if unmanned:
        said.append(
            (
                ngettext(
                    "%(n)s pemda belum punya koordinator. Laporannya diperiksa meja nasional.",
                    "%(n)s pemda belum punya koordinator. Laporannya diperiksa meja nasional.",
                    unmanned,
                )
                % {"n": wording.number(unmanned)},
                f"{reverse('routing:oversight')}?hanya=tanpa-koordinator#instansi",
                _("Lihat pemdanya"),
            )
        )
    if bare := int(figures.get("no_decree", 0)):
        said.append(
            (
                _("%(n)s dari %(all)s keanggotaan petugas tidak bersandar pada keputusan yang masih berlaku.")
                % {"n": wording.number(bare), "all": wording.number(figures.get("officers", 0))},
                reverse("agencies:members"),
                _("Lihat petugas"),
            )
        )
    return said


def waiting(desk: Load, days: centre.Days, now: datetime.datetime) -> list[dict[str, Any]]:
    """What waits at the centre: what, how many, how long, and where it is seen to."""
    there = centre.waiting(now)
    desk_days = days.since(desk.oldest_on)
    held_days = (now - there.held_since).days if there.held_since else None
    return [
        {
            "what": _("Meja verifikasi nasional"),
            "n": desk.open,
            "bad": desk.late > 0,
            "more": _since_working(desk_days, desk.late),
            "url": reverse("routing:desk"),
        },
        {
            "what": _("Pesan yang menunggu diputuskan orang"),
            "n": there.held,
            "bad": (held_days or 0) > 0,
            "more": ""
            if held_days is None
            else ngettext("tertua %(n)s hari", "tertua %(n)s hari", held_days) % {"n": held_days},
            "url": reverse("routing:pen"),
        },
        {
            "what": _("Pesan masuk yang belum terbaca lebih dari 10 menit"),
            "n": there.unread,
            "bad": there.unread > 0,
            "more": "",
            "url": reverse("routing:channels"),
        },
        {
            "what": _("Surat yang gagal terkirim, 30 hari terakhir"),
            "n": there.given_up,
            "bad": there.given_up > 0,
            "more": "",
            "url": reverse("routing:letters"),
        },
        {
            "what": _("Surat yang tertahan lebih dari sejam"),
            "n": there.letters_waiting,
            "bad": there.letters_waiting > 0,
            "more": "",
            "url": reverse("routing:letters"),
        },
        {
            "what": _("Kiriman ke sistem instansi yang gagal atau tertahan lebih dari sejam"),
            "n": there.dead + there.untold,
            "bad": there.dead + there.untold > 0,
            "more": _("%(n)s menunggu diputuskan orang") % {"n": wording.number(there.dead)} if there.dead else "",
            "url": reverse("routing:webhooks"),
        },
        {
            "what": _("Lonjakan yang belum dilihat"),
            "n": there.rises,
            "bad": there.rises > 0,
            "more": "",
            "url": reverse("routing:rises"),
        },
    ]


def _since_working(oldest: int | None, late: int) -> str:
    said = []
    if oldest is not None:
        said.append(ngettext("tertua %(n)s hari kerja", "tertua %(n)s hari kerja", oldest) % {"n": oldest})
    if late:
        said.append(_("%(n)s terlambat") % {"n": wording.number(late)})
    return ", ".join(said)
