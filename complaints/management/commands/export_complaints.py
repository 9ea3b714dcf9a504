"""bin/manage export_complaints OFFICE --out FILE.csv|FILE.xlsx [--year YEAR]"""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actor import Actor
from agencies.models import Agency, Membership
from agencies.permissions import Capability, membership_may
from complaints.channels.counter.export import Export
from lapor.kit import tables


class Command(BaseCommand):
    help = "Menulis laporan sebuah instansi dan semua di bawahnya ke tabel dengan kolom ekspor SP4N-LAPOR!."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("office", help="nomor instansi, atau namanya bila hanya satu yang bernama begitu")
        parser.add_argument("--out", type=Path, required=True, help="BERKAS.csv atau BERKAS.xlsx")
        parser.add_argument("--year", type=int, help="hanya yang diterima tahun ini")
        parser.add_argument("--as", dest="email", required=True, help="alamat admin instansi yang memintanya")
        parser.add_argument("--names", default="", metavar="ALASAN", help="dengan nama pelapor; alasannya tercatat")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["out"]
        form = path.suffix.lower().removeprefix(".")
        if form not in ("csv", "xlsx"):
            raise CommandError(_("--out harus berakhiran .csv atau .xlsx"))
        office = _office(options["office"])
        export = Export(
            by=_somebody(options["email"], office),
            office=office,
            year=options["year"],
            names=bool(options["names"]),
            reason=options["names"],
        )
        export.log(form)
        with path.open("wb") as file:
            if form == "xlsx":
                shutil.copyfileobj(tables.xlsx_file(export.rows(), _("Laporan")), file)
            else:
                file.writelines(tables.csv_lines(export.rows()))
        self.stdout.write(_("%(count)d laporan ditulis ke %(path)s.") % {"count": export.count(), "path": path})


def _office(said: str) -> Agency:
    by_id = Agency.objects.filter(pk=int(said)) if said.isdecimal() else Agency.objects.filter(name__iexact=said)
    found = list(by_id[:2])
    if len(found) != 1:
        raise CommandError(
            _("Instansi “%(name)s” tidak ada.") % {"name": said}
            if not found
            else _("Ada beberapa instansi bernama “%(name)s”; sebut nomornya.") % {"name": said}
        )
    return found[0]


def _somebody(email: str, office: Agency) -> Actor:
    """Whoever takes data home is an officer who may: what they do not see, the table does not tell."""
    held = Membership.objects.current(timezone.localdate()).filter(user__email__iexact=email)
    may = [one for one in held.select_related("user", "agency") if membership_may(one, Capability.OVERSEE, office)]
    if not may:
        raise CommandError(
            _("%(email)s bukan admin instansi di %(office)s atau di atasnya.") % {"email": email, "office": office.name}
        )
    return Actor.officer(max(may, key=lambda one: one.agency.path_length))
