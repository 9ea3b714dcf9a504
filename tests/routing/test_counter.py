"""The counter: an officer types in for somebody who came, phoned or wrote; the citizen leaves with a receipt."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import AuditEntry, Level, Region
from complaints import privacy
from complaints.models import Arrival, Attachment, Complaint, Draft, Notification
from complaints.notifications import phones
from complaints.number import hash_key
from lapor.kit.sealing import unseal
from tests.complaints.test_submit import PNG
from tests.world import World, client_of

PAGE, RECEIPT = "/meja/loket/", "/meja/loket/tanda-terima/"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
TOLD = {
    "came": "DATANG",
    "kind": "PENGADUAN",
    "story": "Lampu di depan balai desa padam sejak Jumat, ibu-ibu pengajian pulang dalam gelap.",
    "happened_on_pick": "yesterday",
    "where": "Sukasari",
    "who": "officers",
    "read": "open",
    "read_out": "on",
    "name": "Mak Ijah",
    "phone": "0812-0000 7700",
}

pytestmark = pytest.mark.django_db


def desk(by: Actor) -> Client:
    return client_of(by)


def token(browser: Client) -> str:
    found = re.search(r'name="token" value="([0-9a-f-]{36})"', browser.get(PAGE).content.decode())
    assert found
    return found[1]


def told(browser: Client, **more: Any) -> Any:
    return browser.post(PAGE, {"token": token(browser), **TOLD, **more})


def filed(browser: Client, **more: Any) -> Complaint:
    before = set(Complaint.objects.values_list("pk", flat=True))
    answer = told(browser, **more)
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"] == RECEIPT
    return Complaint.objects.select_related("handler", "place", "reporter").exclude(pk__in=before).get()


# --- typing in ---


def test_a_citizens_words_become_a_case_of_theirs_typed_by_the_officer(world: World) -> None:
    case = filed(desk(world.joko), category=str(world.cat_road.pk), landmark="dekat balai desa")
    assert (case.channel, case.place, case.landmark) == ("counter", world.sukasari, "dekat balai desa")
    assert case.title.startswith("Lampu di depan balai desa padam")
    assert case.reporter.account_fingerprint == ""
    first = case.events.get(verb="submit")
    assert (first.actor, first.acting_agency, first.acting_role) == (world.joko.user, world.dinas_pu, "LIAISON")
    assert first.particulars["came"] == "DATANG"
    assert first.particulars["read_out"] is True
    identity = privacy.view_of(case, Actor.reporter()).identity
    assert identity is not None
    assert (identity.name, identity.phone) == ("Mak Ijah", "+6281200007700")


def test_it_goes_where_it_belongs_before_the_receipt_is_printed(world: World) -> None:
    case = filed(desk(world.dewi), category=str(world.cat_road.pk))
    assert case.handler == world.dinas_pu
    assert case.events.get(verb="forward").side == "SYSTEM"


@pytest.mark.parametrize("by", ["joko", "hana", "wati", "ratna"])
def test_every_office_role_may_type_in(world: World, by: str) -> None:
    assert filed(desk(getattr(world, by))).events.get(verb="submit").actor == getattr(world, by).user


def test_an_observer_and_a_citizen_may_not(world: World) -> None:
    assert desk(world.bayu).get(PAGE).status_code == 403
    assert desk(world.bayu).post(PAGE, TOLD).status_code == 403
    assert client_of(world.sari).post(PAGE, TOLD).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert not Complaint.objects.exists()


def test_a_letter_is_kept_with_its_number_date_and_scan(world: World) -> None:
    browser = desk(world.wati)
    day = timezone.localdate() - datetime.timedelta(days=9)
    case = filed(
        browser,
        came="SURAT",
        read_out="",
        letter_number="12/RT.03/V/2026",
        letter_on_day=day.day,
        letter_on_month=day.month,
        letter_on_year=day.year,
        file=SimpleUploadedFile("surat.pdf", PDF),
        category=str(world.cat_road.pk),
    )
    first = case.events.get(verb="submit").particulars
    assert (first["came"], first["letter_number"], first["letter_on"]) == ("SURAT", "12/RT.03/V/2026", day.isoformat())
    assert first["read_out"] is False
    scan = Attachment.objects.get(complaint=case)
    assert (scan.name, scan.sniffed_type) == ("surat.pdf", "application/pdf")
    page = browser.get(f"/meja/{case.number}/").content.decode()
    assert "lewat loket (surat " in page
    assert "nomor 12/RT.03/V/2026" in page


def test_the_number_of_an_anonymous_letter_stays_sealed(world: World) -> None:
    case = filed(desk(world.wati), came="SURAT", letter_number="12/RT.03/V/2026", who="hidden", name="")
    assert "letter_number" not in case.events.get(verb="submit").particulars
    assert "12/RT.03" in unseal(Arrival.objects.get(complaint=case).raw_sealed)
    assert "12/RT.03" not in desk(world.wati).get(f"/meja/{case.number}/").content.decode()


def test_without_name_and_contact_it_is_taken_and_no_letter_waits(world: World) -> None:
    case = filed(desk(world.joko), name="", phone="")
    assert not Notification.objects.filter(event__complaint=case, user=None).exists()


def test_an_address_gets_the_letter_that_asks_to_confirm_it(world: World) -> None:
    case = filed(desk(world.joko), email="ijah@contoh.test")
    assert Notification.objects.filter(event__complaint=case, user=None, letter="submitted").exists()


def test_the_reporter_reads_who_typed_it(world: World) -> None:
    case = filed(desk(world.joko))
    Complaint.objects.filter(pk=case.pk).update(key_hash=hash_key("0123456789ABCDEF"))
    citizen = Client()
    citizen.post("/lacak/", {"number": case.number, "key": "0123456789ABCDEF"})
    assert (
        f"Dicatat petugas {world.dinas_pu.name} untuk Anda." in citizen.get(f"/laporan/{case.number}/").content.decode()
    )


# --- what is missing or wrong ---


def test_nothing_typed_is_lost_when_something_is_missing(world: World) -> None:
    browser = desk(world.joko)
    answer = told(browser, where="", read_out="", file=SimpleUploadedFile("foto.png", PNG))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Tulis tempatnya" in page
    assert "Bacakan dulu isi kotak ini" in page
    assert "pengajian pulang dalam gelap" in page
    assert "foto.png" in page
    kept = re.search(r'name="token" value="([0-9a-f-]{36})"', page)
    assert kept
    assert browser.post(PAGE, {"token": kept[1], **TOLD}).status_code == 302
    assert Attachment.objects.get(complaint__isnull=False).name == "foto.png"


def test_bad_values_get_a_sentence_each(world: World) -> None:
    page = told(
        desk(world.joko),
        came="MERPATI",
        story="",
        phone="12",
        email="ijah@",
        where="Zzz",
        letter_on_day="31",
        letter_on_month="2",
        letter_on_year="2026",
    ).content.decode()
    for sentence in (
        "Pilih datang, menelepon, atau mengirim surat",
        "Tulis ceritanya, walau hanya beberapa kalimat",
        "Nomor telepon ini belum lengkap",
        "Alamat email ini belum lengkap",
        "“Zzz” belum kami temukan",
    ):
        assert sentence in page
    assert not Complaint.objects.exists()


def test_a_file_that_is_none_is_refused_with_words_and_the_rest_kept(world: World) -> None:
    page = told(desk(world.joko), file=SimpleUploadedFile("virus.exe", b"MZ")).content.decode()
    assert "virus.exe bukan JPG, PNG, WebP, atau PDF" in page
    assert "pengajian pulang dalam gelap" in page
    assert not Complaint.objects.exists()


def test_a_name_of_several_places_asks_which(world: World) -> None:
    Region.objects.create(
        code="99.02.01.2002", name="Sukasari", search_name="sukasari", level=Level.DESA, parent_id="99.02.01"
    )
    # Of the officer's own district there is one: that is meant.
    assert filed(desk(world.joko)).place == world.sukasari
    browser = desk(world.ratna)
    page = told(browser).content.decode()
    assert "Ada beberapa tempat bernama itu" in page
    assert page.count('name="place"') == 2
    assert filed(browser, place="99.02.01.2002").place_id == "99.02.01.2002"


def test_about_conduct_the_office_must_be_known(world: World) -> None:
    browser = desk(world.wati)
    assert "Pilih kantornya, supaya laporan ini tidak dibaca di sana" in told(browser, conduct="on").content.decode()
    case = filed(browser, conduct="on", office_text=world.dinas_pu.name)
    assert (case.not_for, case.handler) == (world.dinas_pu, world.inspektorat)


@pytest.mark.parametrize(
    "nasty", ["\x00Lampu\x00 padam", "Lampu " + "a" * 10_000, "🕯" * 300, "<script>alert(1)</script>"]
)
def test_nasty_stories_are_taken_or_told_why_not(world: World, nasty: str) -> None:
    answer = told(desk(world.joko), story=nasty)
    assert answer.status_code in (200, 302)
    assert b"<script>alert" not in answer.content


# --- once ---


def test_pressing_twice_makes_one_case(world: World) -> None:
    browser = desk(world.joko)
    form = {"token": token(browser), **TOLD}
    for _ in range(3):
        assert browser.post(PAGE, form).headers["Location"] == RECEIPT
    assert Complaint.objects.count() == 1


def test_a_colleague_cannot_use_the_form_of_another(world: World) -> None:
    browser = desk(world.joko)
    form = {"token": token(browser), **TOLD, "where": ""}
    browser.post(PAGE, form | {"file": SimpleUploadedFile("rahasia.png", PNG)})
    page = desk(world.dewi).post(PAGE, form).content.decode()
    assert "rahasia.png" not in page
    assert world.joko.user is not None
    kept = Draft.objects.get(token=uuid.UUID(form["token"]))
    assert kept.account_fingerprint == world.joko.user.fingerprint


def test_a_new_page_never_shows_what_was_typed_before(world: World) -> None:
    browser = desk(world.joko)
    told(browser, where="")
    assert "pengajian" not in browser.get(PAGE).content.decode()


# --- the receipt ---


def test_the_receipt_says_it_all_once(world: World) -> None:
    browser = desk(world.joko)
    case = filed(browser, category=str(world.cat_road.pk))
    page = browser.get(RECEIPT).content.decode()
    key = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", page)
    assert key
    assert hash_key(key[0].replace("-", "")) == case.key_hash
    for words in (case.shown_number, world.dinas_pu.name, "Dijawab paling lambat", "Joko Prasetyo", "<svg"):
        assert words in page
    assert "Mak Ijah" not in page
    again = browser.get(RECEIPT).content.decode()
    assert case.shown_number in again
    assert key[0] not in again
    assert case.title not in again
    assert Draft.objects.get(complaint=case).fields_sealed == ""


def test_where_the_centre_has_it_nobody_is_told_of_seconds(world: World) -> None:
    browser = desk(world.ratna)
    case = filed(browser, where="Karang Pagi", category=str(world.cat_road.pk))
    page = browser.get(RECEIPT).content.decode()
    assert case.handler == world.root
    assert f"Sekarang ada di meja {world.root.name}, yang mencarikan kantornya." in page
    assert "hitungan detik" not in page


def test_the_receipt_is_of_who_typed_it_alone(world: World) -> None:
    case = filed(desk(world.joko))
    assert case.shown_number not in desk(world.dewi).get(RECEIPT).content.decode()


def test_paper_of_a_secret_report_tells_nothing_of_it(world: World) -> None:
    browser = desk(world.joko)
    case = filed(browser, read="secret", title="Pungutan di loket pasar", category=str(world.cat_health.pk))
    page = browser.get(RECEIPT).content.decode()
    assert 'class="receipt"' in page
    assert case.title not in page
    paper = page.partition('class="receipt"')[2].partition("</section>")[0]
    assert world.dinas_kesehatan.name not in paper
    assert case.shown_number in paper


def test_the_officer_sees_no_more_of_it_than_the_role_gives(world: World) -> None:
    """Typed at the Dinas PU, held by the Dinas Kesehatan: the typist knows it, the system shows it no further."""
    browser = desk(world.joko)
    case = filed(
        browser,
        read="secret",
        who="hidden",
        category=str(world.cat_health.pk),
        file=SimpleUploadedFile("surat.pdf", PDF),
    )
    browser.get(RECEIPT)
    assert case.handler == world.dinas_kesehatan
    Attachment.objects.update(state="CLEAN")
    scan = Attachment.objects.get(complaint=case)
    assert browser.get(f"/meja/{case.number}/").status_code == 404
    assert browser.get(f"/laporan/{case.number}/").status_code == 404
    assert browser.get(f"/berkas/{scan.pk}/").status_code == 404
    assert case.number not in browser.get("/meja/").content.decode()
    page = browser.get(RECEIPT).content.decode()
    assert "dipegang kantor lain" in page
    assert case.title not in page
    assert not AuditEntry.objects.filter(subject_kind="complaint", subject_id=case.pk).exists()


def test_danger_is_said_while_it_is_typed_and_holds_nothing_up(world: World) -> None:
    browser = desk(world.joko)
    part = browser.post(PAGE, {"act": "bahaya", "story": "anaknya pingsan di sungai sekarang"}).content.decode()
    assert 'href="tel:119"' in part
    assert "<html" not in part
    assert not Draft.objects.exists()
    filed(browser, story="Rumah tetangganya kebakaran, apinya makin besar.")
    assert 'href="tel:113"' in browser.get(RECEIPT).content.decode()


# --- a phone is all they have ---


@pytest.fixture
def sms(settings: Any) -> None:
    settings.SMS_GATEWAY = "json"
    settings.SMS_SECRET = "rahasia"
    settings.SMS_SEND_URL = "http://sms.test/"


PHONE = "/meja/loket/telepon/"


@pytest.mark.usefixtures("sms")
def test_the_code_is_read_out_at_the_counter_and_news_goes_to_that_phone(world: World) -> None:
    browser = desk(world.joko)
    case = filed(browser)
    assert PHONE in browser.get(RECEIPT).content.decode()
    wrong = browser.post(PHONE, {"code": "000000"})
    assert "tidak cocok" in wrong.content.decode()
    answer = browser.post(PHONE, {"code": phones.code_of(case.reporter)})
    assert answer.headers["Location"] == RECEIPT
    case.reporter.refresh_from_db()
    assert case.reporter.phone_confirmed_at is not None
    assert PHONE not in browser.get(RECEIPT).content.decode()
    assert browser.get(PHONE).status_code == 302


@pytest.mark.usefixtures("sms")
def test_only_who_typed_it_in_is_asked_for_the_code(world: World) -> None:
    filed(desk(world.joko))
    assert desk(world.dewi).get(PHONE).headers["Location"] == RECEIPT
    assert desk(world.bayu).post(PHONE, {"code": "123456"}).status_code == 403


def test_without_a_gateway_nobody_is_asked_for_a_code(world: World, settings: Any) -> None:
    settings.SMS_GATEWAY = ""
    browser = desk(world.joko)
    filed(browser)
    assert PHONE not in browser.get(RECEIPT).content.decode()
    assert browser.get(PHONE).headers["Location"] == RECEIPT
