"""Before the Ombudsman in a browser, at two widths: the reporter's page, the examiner's and the office's."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from agencies.actor import Actor
from agencies.models import Agency, Kind, Role
from complaints.models import Complaint, Recommendation, Referral, Reporter
from tests.browser import clean, faults_of, signed_in
from tests.filing import NOON, SARI, missed, published
from tests.portal import RunningPortal

pytestmark = pytest.mark.e2e


def test_from_the_reporters_consent_to_the_offices_answer(portal: RunningPortal, page: Page) -> None:
    world = portal.world
    assert world is not None
    root = Agency.objects.root()
    body = Agency.objects.create(
        name="Ombudsman Republik Indonesia", short_name="ORI", code="L43", kind=Kind.LEMBAGA, parent=root
    )
    intan = world.officer("Intan Pemeriksa", body, Role.OBSERVER)
    today = (timezone.now() - NOON) / datetime.timedelta(days=1)
    case = missed(published(world, "Jembatan gantung putus di hulu", at=today - 40), at=today)
    Reporter.objects.filter(complaint=case).update(account_fingerprint=world.sari.fingerprint)

    here = f"/laporan/{case.number}/"
    signed_in(page, portal, world.sari, here)
    clean(page)
    page.goto(f"{portal.url}{here}ombudsman/")
    clean(page)
    page.get_by_role("button", name="Teruskan ke Ombudsman").click()
    assert "Centang dulu" in page.locator("main").inner_text()
    assert faults_of(page) == []
    page.get_by_label("Saya setuju").check()
    page.get_by_label("Pesan untuk Ombudsman").fill("Anak-anak menyeberang lewat sungai.")
    page.get_by_role("button", name="Teruskan ke Ombudsman").click()
    page.goto(f"{portal.url}{here}ombudsman/")
    clean(page)
    row = Referral.objects.get(complaint=case)

    signed_in(page, portal, intan.user, "/pengawasan/ombudsman/?daftar=selesai")
    clean(page)
    page.goto(f"{portal.url}/pengawasan/ombudsman/")
    clean(page)
    page.get_by_role("link", name=case.shown_number).click()
    page.locator("#langkah-state").select_option("EXAMINED")
    page.get_by_role("button", name="Simpan langkah").click()
    page.get_by_label("Kepada").select_option(str(world.dinas_pu.pk))
    page.locator("#rekomendasi-body").fill("Pasang jembatan darurat.")
    page.get_by_role("button", name="Kirim rekomendasi").click()
    page.goto(f"{portal.url}/pengawasan/ombudsman/{row.pk}/")
    clean(page)

    hana: Actor = world.hana
    signed_in(page, portal, hana.user, "/meja/rekomendasi/")
    clean(page)
    page.get_by_label("Yang sudah dilakukan").fill("Jembatan darurat dipasang hari ini.")
    page.get_by_role("button", name="Kirim jawaban").click()
    assert "menunggu penilaian Ombudsman" in page.locator("main").inner_text()
    page.goto(f"{portal.url}/statistik/rekomendasi/")
    clean(page)
    asked = Recommendation.objects.get(referral=row)
    assert asked.answered_at is not None
    fresh = Complaint.objects.get(pk=case.pk)
    fresh.unrefer(by=SARI)
    page.goto(f"{portal.url}/meja/rekomendasi/")
    clean(page)
