"""A district's figure for its own site, in a browser: what is copied, and the figure with enough and with too few."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from lapor import stylesheets
from routing.views.embeds import LEAST, Figure
from tests.browser import clean
from tests.portal import RunningPortal

pytestmark = pytest.mark.e2e


def test_a_district_copies_its_figure(portal: RunningPortal, phone: Page) -> None:
    world = portal.world
    assert world is not None
    phone.goto(f"{portal.url}/instansi/{world.pemkab_tetangga.pk}/")
    phone.get_by_role("link", name="Pasang di situs Anda").click()
    expect(phone.get_by_label("Kode angka")).to_contain_text("<iframe src=")
    clean(phone, "what is copied")
    phone.get_by_role("link", name="Lihat contohnya").click()
    expect(phone.locator("main")).to_contain_text(world.pemkab_tetangga.shown_name)
    clean(phone, "the figure as it stands", (240, 320, 1280))
    # With enough to say, whatever the portal has counted by now.
    said = {"agency": world.pemkab, "figure": Figure(347, 412, 9), "least": LEAST, "url": "/"}
    style = f"<style>{stylesheets.text('core', 'figure')}</style></head>"
    phone.set_content(render_to_string("routing/embed_figure.html", said).replace("</head>", style))
    expect(phone.locator("main")).to_contain_text("347 dari 412")
    clean(phone, "the figure with enough", (240, 320, 1280))
