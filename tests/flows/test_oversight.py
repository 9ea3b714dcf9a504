"""The pages of the country, a province and a programme's rule and promise, in a real browser: axe, a phone, empty ones
and errors."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.models import Boundary
from routing import standing
from routing.models import Disposition, Rule
from tests.browser import clean
from tests.flows.test_desk import cast, started
from tests.flows.test_programmes import enter
from tests.portal import RunningPortal
from tests.world import LONG_AGO, programme

pytestmark = pytest.mark.e2e


def test_from_the_country_to_a_province_and_a_rule_applied_to_what_is_open(portal: RunningPortal, page: Page) -> None:
    world = cast(portal)
    enter(page, portal, "ratna@contoh.test", "/pengawasan/")
    clean(page, "the country with nothing open")
    started(world)
    standing.refresh()
    for address in ("?kelompok=99", "?semua=ya&urut=nama", "?cari=tidak-ada-yang-begini", "?hanya=tanpa-koordinator"):
        page.goto(f"{portal.url}/pengawasan/{address}")
        clean(page, f"the country {address}")
    drawn = []
    for code, x in (("99.01.01", 120.0), ("99.02.01", 120.5)):
        corners = f"(({x},-4.0),({x + 0.5},-4.0),({x + 0.5},-3.5),({x},-3.5))"
        drawn.append(Boundary.objects.create(region_id=code, ring=corners))
    page.goto(f"{portal.url}/pengawasan/{world.pemprov.pk}/daerah/")
    expect(page.locator(".area svg").first).to_be_visible()
    clean(page, "a province with its map")
    Boundary.objects.filter(pk__in=[one.pk for one in drawn]).delete()
    roads = programme("jalan-nasional", name="Jalan Nasional")
    page.goto(f"{portal.url}/kelola/program/{roads.pk}/janji/")
    page.get_by_role("button", name="Catat").click()
    clean(page, "a programme's promise with errors")
    # Weighed already: a sweep of the portal's own would tag it by the rule first.
    Disposition.objects.open().update(weighed_at=timezone.now())
    rule = Rule.objects.create(
        owner=world.pemkab, words=["lubang"], programme=roads, starts_on=LONG_AGO, order=1, target=None
    )
    enter(page, portal, "wati@contoh.test", f"/meja/aturan/{rule.pk}/penerapan/")
    clean(page, "what a rule would gather")
    expect(page.locator(".say")).to_contain_text("akan ditandai")
    page.get_by_role("button", name="Tandai semuanya").click()
    expect(page.locator("#galat")).to_contain_text("Tulis alasannya")
    clean(page, "a rule to be applied, with errors")
    page.get_by_label("Alasan").fill("Program dimulai hari ini.")
    page.get_by_role("button", name="Tandai semuanya").click()
    expect(page.locator(".msg")).to_contain_text("Penerapan dimulai")
    clean(page, "a rule that is applied")
    page.goto(f"{portal.url}/meja/aturan/{rule.pk}/penerapan/")
    clean(page, "a rule that was applied")
