"""Public statistics in a real browser, with and without figures: axe, a phone, and without a script."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import Boundary, Level, Region
from complaints.models import Complaint
from routing.measures import splits
from tests import counted
from tests.flows.test_desk import cast
from tests.flows.test_evaluation import see
from tests.portal import RunningPortal
from tests.years import Tale, tell

pytestmark = pytest.mark.e2e


def test_from_the_country_to_an_office(portal: RunningPortal, page: Page) -> None:
    world, year = cast(portal), timezone.localdate().year - 1
    Region.objects.get_or_create(
        code="74", defaults={"name": "Sulawesi Tenggara", "search_name": "sultra", "level": Level.PROVINSI}
    )
    for code, x in (("99.01.01", 120.0), ("99.02.01", 120.5)):
        corners = f"(({x},-4.0),({x + 0.5},-4.0),({x + 0.5},-3.5),({x},-3.5))"
        if not Boundary.objects.filter(region_id=code).exists():
            Boundary.objects.create(region_id=code, ring=corners)
    cases = tell(year, [Tale(60, world.dinas_pu, rating=4), Tale(33, world.dinas_kesehatan, answered=8, ended="lapse")])
    Complaint.objects.filter(pk__in=[case.pk for case in cases[:60]]).update(category=world.cat_road)
    counted.count()
    splits.tell_what_is_over()
    months = f"?dari={year}-01&sampai={year}-12"
    see(page, portal, f"/statistik/{months}", "the country")
    expect(page.locator(".area svg").first).to_be_visible()
    page.get_by_role("link", name="Sukaraya", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sukaraya")
    see(page, portal, f"/statistik/daerah/99/{months}", "a province")
    page.get_by_role("link", name="Kabupaten Sukamaju", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pemkab Sukamaju")
    see(page, portal, f"/statistik/daerah/99.01/{months}", "a district")
    page.get_by_role("link", name="Dinas Pekerjaan Umum dan Penataan Ruang", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dinas PU")
    expect(page.locator(".say")).to_contain_text("hari kerja")
    see(page, portal, f"/statistik/instansi/{world.dinas_pu.pk}/{months}", "an office")
    page.get_by_label("Dari").select_option(f"{year}-02")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.locator(".intro")).to_contain_text(f"Februari {year} sampai Desember {year}")
    for address in ("daerah/98/", "daerah/98.01/", f"instansi/{world.ministry.pk}/", "daerah/74/"):
        see(page, portal, f"/statistik/{address}?dari={year}-01&sampai={year}-02", f"{address} with nothing")
    see(page, portal, f"/statistik/kategori/{world.cat_works.pk}/{months}", "a category")
    see(page, portal, f"/statistik/kategori/{world.cat_social.pk}/{months}", "a category of which nothing is told")
    see(page, portal, "/statistik/?instansi=dinas", "several offices")
    see(page, portal, "/statistik/?instansi=antah", "no office")
