"""The first page, in a real browser."""

from playwright.sync_api import Page

from tests.browser import faults_of, width_of
from tests.portal import RunningPortal


def test_the_home_page_has_no_fault_axe_can_find_on_a_desktop(portal: RunningPortal, page: Page) -> None:
    page.goto(portal.url)
    assert faults_of(page) == []


def test_the_home_page_fits_a_phone(portal: RunningPortal, phone: Page) -> None:
    phone.goto(portal.url)
    assert width_of(phone) <= 360
    assert faults_of(phone) == []
