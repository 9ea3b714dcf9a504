"""Somebody writes a program into every field there is: no browser runs it, and no letter carries it.

Chromium tells: a dialog, or a breach of the page's policy, would mean that some page wrote the words out as markup.
"""

from __future__ import annotations

import datetime
import re
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Dialog, Page

from agencies.actor import Actor
from agencies.models import Agency, Decree, Kind, Role
from complaints import privacy
from complaints.models import Attachment, Complaint
from complaints.models.lifecycle.acting import PublicText
from complaints.notifications import delivery
from routing.models import Rule
from tests.browser import signed_in
from tests.complaints.cases import report
from tests.portal import RunningPortal
from tests.world import World

PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>"
MARK = "onerror=alert(1)"


def planted(world: World) -> Complaint:
    """The payload in every text of a case, its office, its officer, a rule and a decree; published."""
    today = timezone.localdate()
    office = Agency.objects.create(
        name=f"Dinas {PAYLOAD}"[:160],
        short_name=f"D {PAYLOAD}"[:60],
        aliases=[PAYLOAD],
        kind=Kind.OPD,
        parent=world.pemkab,
        region=world.sukamaju,
    )
    officer = world.officer(f"Uji Skrip {timezone.now():%H%M%S%f}", office, Role.LIAISON, title=PAYLOAD)
    assert officer.user is not None
    officer.user.name = PAYLOAD
    officer.user.save()
    decree = Decree.objects.create(agency=world.pemkab, number=PAYLOAD[:80], about=PAYLOAD, decided_on=today)
    assert officer.membership is not None
    officer.membership.decree = decree
    officer.membership.save()
    Rule.objects.create(owner=world.pemkab, target=office, words=[PAYLOAD.lower()], starts_on=today)
    # In one: the portal's worker would forward it in between.
    with transaction.atomic():
        case = report(
            world,
            now=timezone.now(),
            title=PAYLOAD,
            body=PAYLOAD * 3,
            landmark=PAYLOAD,
            addressed_text=PAYLOAD,
            name=PAYLOAD,
        )
        Attachment.objects.create(
            complaint=case, name=f"{PAYLOAD}.jpg"[:120], size=3, file="lampiran/x", state="RECEIVED"
        )
        case.forward(office, by=world.ratna, reason=PAYLOAD, public=PublicText(PAYLOAD, PAYLOAD))
    case.start(by=officer)
    case.note(PAYLOAD, by=officer)
    case.answer(PAYLOAD, by=officer)
    case.reply(PAYLOAD, by=Actor.reporter())
    case.resolve(PAYLOAD, by=officer, outcome="DONE", done_on=today, unit=PAYLOAD)
    return Complaint.objects.get(pk=case.pk)


def watched(page: Page) -> list[str]:
    """What a program that ran, or tried to, leaves behind."""
    seen: list[str] = []

    def dialog(box: Dialog) -> None:
        seen.append(f"dialog {box.message}")
        box.dismiss()

    def console(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            seen.append(said.text)

    page.on("dialog", dialog)
    page.on("console", console)
    page.on("pageerror", lambda error: seen.append(str(error)))
    return seen


@pytest.mark.e2e
def test_no_page_runs_what_somebody_wrote(portal: RunningPortal, page: Page) -> None:
    world = portal.world
    assert world is not None
    case, seen = planted(world), watched(page)
    q = quote(PAYLOAD)
    everybody = [f"/laporan/{case.number}/", "/laporan/", "/", "/statistik/", "/statistik/tidak-ditanggapi/"]
    everybody += [f"/laporan/?q={q}", f"/laporan/?wilayah={q}", f"/laporan/?instansi={q}", f"/lacak/?nomor={q}"]
    everybody += [f"/instansi/?q={q}", f"/instansi/{case.handler_id}/", f"/instansi/{world.pemkab.pk}/"]
    everybody += [f"/statistik/tidak-ditanggapi/?instansi={q}", f"/akun/masuk/?next={quote('javascript:alert(3)')}"]
    everybody += [f"/{q}", f"/laporan/{q}/", f"/kabar/{q}/"]
    desk = [f"/meja/?q={q}", f"/meja/?q={quote('kantor:semua')}", f"/meja/{case.number}/"]
    desk += [f"/meja/{case.number}/?pelapor=tampil", f"/meja/{case.number}/pindah/?cari={q}", "/meja/aturan/"]
    desk += ["/petugas/", f"/petugas/?q={q}", "/petugas/keputusan/", "/petugas/baru/", "/pengawasan/"]
    desk += [f"/meja/{case.number}/{noun}/" for noun in ("arsip", "samaran", "gabungan", "pembukaan-kembali")]
    shown = 0
    for who, addresses in ((None, everybody), (world.wati, [*everybody, *desk])):
        if who is not None:
            signed_in(page, portal, who, "/meja/")
        for address in addresses:
            page.goto(portal.url + address)
            assert seen == [], address
            assert page.locator("img[onerror], img[src=x]").count() == 0, address
            shown += MARK in page.locator("body").inner_text()
    # The control of the way there: the words were really on the pages, as words.
    assert shown >= 10, shown


@pytest.mark.e2e
def test_a_page_that_would_run_it_is_caught(portal: RunningPortal, page: Page) -> None:
    """The control: with our policy the breach is seen, without it the dialog."""
    seen = watched(page)
    page.set_content(f"<p>{PAYLOAD}</p>")
    page.wait_for_timeout(300)
    assert any("dialog" in one for one in seen)
    seen.clear()
    page.goto(portal.url + "/")
    page.evaluate("words => { document.body.innerHTML = words }", PAYLOAD)
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in one for one in seen)
    assert not any("dialog" in one for one in seen)


@pytest.mark.django_db
def test_no_letter_carries_it_as_markup(world: World) -> None:
    case = planted(world)
    privacy.confirm_email(case.reporter, timezone.now())
    delivery.send_due(now=timezone.now() + datetime.timedelta(minutes=1))
    assert mail.outbox
    carried = 0
    for letter in mail.outbox:
        assert "\n" not in str(letter.subject)
        for part in letter.message().walk():
            if part.get_content_type() == "text/html":
                html = bytes(part.get_payload(decode=True)).decode()
                assert not re.search(r"<(img|script)\b(?![^>]*cid:)", html), html[:2000]
                carried += "&lt;img" in html
    assert carried


@pytest.mark.django_db
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_no_line_end_gets_into_a_header(world: World, ends: str) -> None:
    """Names and titles with line ends: a subject is one line, and nobody else is written to."""
    evil = f"Jalan{ends}Bcc: korban@contoh.test{ends}{ends}Isi lain"
    case = report(world, now=timezone.now(), title=evil, name=evil)
    case.forward(world.dinas_pu, by=world.ratna, reason=evil)
    case.start(by=world.joko)
    case.answer("Kami periksa.", by=world.joko)
    delivery.send_due(now=timezone.now() + datetime.timedelta(minutes=1))
    assert mail.outbox
    for letter in mail.outbox:
        raw = letter.message().as_bytes()
        assert b"\nBcc:" not in raw.partition(b"\n\n")[0]
        assert letter.bcc == []
        assert len(letter.to) == 1
