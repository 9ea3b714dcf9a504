from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest

    from agencies.models import Agency, Membership


class ComplaintsConfig(AppConfig):
    name = "complaints"
    verbose_name = _("laporan")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from agencies import hooks
        from complaints import receivers  # noqa: F401

        hooks.account_links.append(_account_links)
        hooks.office_links.append(_office_links)
        hooks.office_feeds.append(_office_feeds)
        hooks.manage_links.append(_manage_links)
        hooks.office_manage_links.append(_office_manage_links)


def _office_manage_links(agency: Agency) -> list[tuple[str, str]]:
    from django.urls import reverse

    from agencies.models.agency import PEMDA

    links = [(gettext("Cetak poster"), reverse("complaints:poster", args=[agency.pk]))]
    if agency.kind in PEMDA:
        links.append((gettext("Janji hari kerja"), reverse("complaints:promises", args=[agency.pk])))
        links.append((gettext("Bahan sosialisasi"), reverse("complaints:outreach", args=[agency.pk])))
    return links


def _account_links(request: HttpRequest) -> list[tuple[str, str, str]]:
    from django.urls import reverse

    from agencies.acting import acting_membership

    links = [
        (gettext("Laporan saya"), reverse("complaints:mine"), gettext("Laporan yang Anda kirim sambil masuk.")),
        (
            gettext("Kabar lewat email"),
            reverse("complaints:alerts_link"),
            gettext("Surat tentang laporan yang terbit: lihat, ubah, atau hentikan."),
        ),
    ]
    if acting_membership(request) is not None:
        sentence = gettext("Perangkat ini berbunyi waktu ada laporan baru, jawaban pelapor, atau tenggat.")
        links.append((gettext("Kabar di gawai ini"), reverse("complaints:officer-devices"), sentence))
    return links


def _office_links(agency: Agency) -> list[tuple[str, str]]:
    from urllib.parse import urlencode

    from django.urls import reverse

    asked = f"?{urlencode({'instansi': agency.pk})}"
    return [
        (gettext("Laporan untuk kantor ini"), reverse("complaints:list") + asked),
        (gettext("Kabar lewat email"), reverse("complaints:alerts") + asked),
    ]


def _office_feeds(agency: Agency) -> list[tuple[str, str]]:
    from urllib.parse import urlencode

    from django.urls import reverse

    asked = f"?{urlencode({'instansi': agency.pk})}"
    title = gettext("Laporan untuk %(office)s") % {"office": agency.shown_name}
    return [(title, reverse("complaints:feed") + asked)]


def _manage_links(membership: Membership) -> list[tuple[str, str, str]]:
    from django.urls import reverse

    from agencies.models.agency import PEMDA
    from agencies.permissions import Capability, membership_may

    office = membership.agency
    if office.parent_id is not None:
        if office.kind not in PEMDA or not membership_may(membership, Capability.TIGHTEN_STANDARDS, office):
            return []
        sentence = gettext("Menjawab lebih cepat daripada janji nasional, mulai tanggal tertentu.")
        kit = gettext("Selebaran, poster, naskah radio, salindia, dan pidato dengan nama daerah Anda.")
        return [
            (gettext("Janji hari kerja"), reverse("complaints:promises", args=[office.pk]), sentence),
            (gettext("Bahan sosialisasi"), reverse("complaints:outreach", args=[office.pk]), kit),
        ]
    links = []
    if membership_may(membership, Capability.MANAGE_STANDARDS, membership.agency):
        sentence = gettext("Hari kerja yang dijanjikan, dengan dasar hukumnya.")
        links.append((gettext("Standar pelayanan"), reverse("complaints:standards"), sentence))
    if membership_may(membership, Capability.MANAGE_CATEGORIES, membership.agency):
        sentence = gettext("Daftar yang dipilih pelapor, dan bidang yang menunjuk kantornya.")
        links.append((gettext("Kategori"), reverse("complaints:categories"), sentence))
    return links
