"""The seventeen of Sulawesi Tenggara with the counts that were in the news; those with none stand there as none."""

from __future__ import annotations

import csv
import datetime
import re

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from agencies.models import Agency, Kind, Level, Region, Role
from routing import standing
from routing.models import Headline, Standing
from tests.filing import days
from tests.routing.test_statistics import figures, summed
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
TOLD = {"Kabupaten Buton": 53, "Kabupaten Kolaka": 29, "Kota Kendari": 16, "Kabupaten Konawe Kepulauan": 0}
DATA = settings.BASE_DIR / "agencies" / "data" / "wilayah"


def lay(world: World) -> Agency:
    """All 17 of the shipped list, a pemda for each that received something and one for Konawe Kepulauan."""
    Region.objects.create(
        code="74", name="Sulawesi Tenggara", search_name="sulawesi tenggara", level=Level.PROVINSI, zone="Asia/Makassar"
    )
    province = Agency.objects.create(
        kind=Kind.PROVINSI, name="Pemerintah Provinsi Sulawesi Tenggara", parent=world.root, region_id="74"
    )
    rows = csv.reader((DATA / "regencies.csv").read_text(encoding="utf-8").splitlines())
    for code, _parent, name in (row for row in rows if row[1] == "74"):
        is_city = name.startswith("Kota ")
        Region.objects.create(
            code=code, name=name, search_name=name.lower(), level=Level.KOTA if is_city else Level.KABUPATEN,
            parent_id="74", zone="Asia/Makassar",
        )  # fmt: skip
        if name in TOLD:
            kind = Kind.KOTA if is_city else Kind.KABUPATEN
            pemda = Agency.objects.create(kind=kind, name=f"Pemerintah {name}", parent=world.root, region_id=code)
            figures(pemda, TOLD[name])
            if TOLD[name]:
                Standing.objects.create(
                    agency=pemda, top=pemda, secret=False, open=TOLD[name], late=0, near=0, climbed=0, unanswered=0,
                    ages=[TOLD[name], 0, 0, 0, 0, 0], oldest_on=datetime.date(2026, 6, 17), silent=False,
                )  # fmt: skip
    summed()
    Headline.objects.update_or_create(
        name=standing.NAME, defaults={"made_at": days(20), "figures": {"took": 0, "offices": 0, "officers": 0}}
    )
    return province


def test_all_seventeen_stand_there_with_their_counts_and_those_with_none_as_none(world: World) -> None:
    with time_machine.travel(days(20), tick=False):  # Thursday 18 June 2026
        province = lay(world)
        client = client_of(world.officer("Pak Provinsi", province, Role.OBSERVER))
        overseen = client.get(f"/pengawasan/{province.pk}/daerah/")
        public = Client().get("/statistik/daerah/74/")
    told = {row.name: (row.load.open, row.received) for row in overseen.context["rows"]}
    assert len(told) == 17
    for name, (opened, received) in told.items():
        assert opened == TOLD.get(name, 0), name
        assert (received or 0) == TOLD.get(name, 0), name
    page = overseen.content.decode()
    assert said(page, "Kabupaten Buton").count(" 53 ") == 2
    for name in told.keys() - {"Kabupaten Buton", "Kabupaten Kolaka", "Kota Kendari"}:
        assert said(page, name).count("tidak ada") == 2, f"{name}: neither open nor received, and told so"
    assert "14 daerah tidak menerima satu laporan pun dalam 6 bulan" in page

    rows = {row.name: row.received for row, _url in public.context["parts"]["rows"]}
    assert {name: rows[name] for name in told} == {name: TOLD.get(name, 0) for name in told}
    for name in told:
        line = said(public.content.decode(), name)
        assert (str(TOLD[name]) if TOLD.get(name) else "tidak ada") in line, name


def said(page: str, name: str) -> str:
    """The line of this district, without tags."""
    rows = re.findall(r"<tr\b.*?</tr>", page, re.DOTALL)
    found = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    return next(one for one in found if one.startswith(f"{name} ") or one == name)
