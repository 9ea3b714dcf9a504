"""Writing a report on the web, from an empty page to the number and the key."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from complaints.models import Attachment, Complaint, Draft
from tests.world import World, client_of

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40 + b"IEND\xaeB`\x82"

STORY = {
    "kind": "PENGADUAN",
    "title": "Jembatan ke pasar putus satu sisi",
    "story": "Papan jembatan lepas sejak Senin. Anak-anak memutar dua kilometer.",
    "happened_on_pick": "today",
}
CHECK = {"who": "officers", "read": "open", "tell": "keep", "name": "Sari"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(world: World) -> Client:
    return Client()


def at_story(browser: Client, world: World) -> Client:
    response = browser.post("/lapor/", {"place": world.pasar_lama.pk, "landmark": "depan pasar"})
    assert response.headers["Location"] == "/lapor/masalah/"
    return browser


def at_check(browser: Client, world: World, **story: Any) -> Client:
    response = at_story(browser, world).post("/lapor/masalah/", STORY | story)
    assert response.headers["Location"] == "/lapor/periksa/"
    return browser


def test_four_screens_make_one_case(browser: Client, world: World) -> None:
    at_check(browser, world)
    assert "Jembatan ke pasar putus" in browser.get("/lapor/periksa/").content.decode()
    response = browser.post("/lapor/periksa/", CHECK)
    assert response.headers["Location"] == "/lapor/selesai/"
    case = Complaint.objects.get()
    assert (case.title, case.place, case.landmark) == (STORY["title"], world.pasar_lama, "depan pasar")
    assert case.happened_on == case.today()
    page = browser.get("/lapor/selesai/").content.decode()
    assert case.shown_number in page
    assert "hanya tampil sekali" in page


def test_the_key_is_shown_once_and_kept_hashed(browser: Client, world: World) -> None:
    at_check(browser, world).post("/lapor/periksa/", CHECK)
    first, again = (browser.get("/lapor/selesai/").content.decode() for _ in range(2))
    assert "data-print hidden" in first, "without script nothing would happen on a press"
    assert 'class="key2"' in first
    assert 'class="key2"' not in again
    assert Draft.objects.get().fields_sealed == ""


def test_nothing_is_kept_before_something_was_typed(browser: Client) -> None:
    browser.get("/lapor/")
    assert not Draft.objects.exists()
    assert "draf" not in browser.cookies


def test_sending_twice_and_coming_back_makes_one_case(browser: Client, world: World) -> None:
    at_check(browser, world)
    for _ in range(3):
        assert browser.post("/lapor/periksa/", CHECK).headers["Location"] == "/lapor/selesai/"
    token = browser.cookies["draf"].value
    for step in ("/lapor/", "/lapor/masalah/"):
        assert browser.post(step, STORY | {"draft": token}).headers["Location"] == "/lapor/selesai/"
    assert Complaint.objects.count() == 1


def test_after_one_report_the_next_begins_empty(browser: Client, world: World) -> None:
    at_check(browser, world).post("/lapor/periksa/", CHECK)
    assert "depan pasar" not in browser.get("/lapor/").content.decode()
    at_check(browser, world, title="Lampu jalan mati").post("/lapor/periksa/", CHECK)
    assert Complaint.objects.count() == 2


def test_two_tabs_write_two_reports(browser: Client, world: World) -> None:
    at_check(browser, world)
    tokens = [browser.cookies["draf"].value]
    del browser.cookies["draf"]
    at_check(browser, world, title="Lampu jalan mati")
    tokens.append(browser.cookies["draf"].value)
    for token in tokens:
        browser.post("/lapor/periksa/", CHECK | {"draft": token})
    assert set(Complaint.objects.values_list("title", flat=True)) == {STORY["title"], "Lampu jalan mati"}


def test_what_was_typed_is_sealed(browser: Client, world: World) -> None:
    at_check(browser, world).post("/lapor/periksa/", CHECK | {"act": "simpan"})
    draft = Draft.objects.get()
    assert "Jembatan" not in draft.fields_sealed
    assert "Sari" not in draft.fields_sealed
    assert draft.step_fields("periksa")["name"] == "Sari"


def test_the_token_is_in_no_address(browser: Client, world: World) -> None:
    at_check(browser, world)
    page = browser.get("/lapor/periksa/")
    token = Draft.objects.get().token
    assert str(token) not in page.request["PATH_INFO"] + page.request["QUERY_STRING"]
    cookie = browser.cookies["draf"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("token", ["", "palsu", "0" * 32, "0" * 32 + ":palsu"])
def test_a_forged_draft_starts_afresh_politely(browser: Client, world: World, token: str) -> None:
    browser.cookies["draf"] = token
    response = browser.post("/lapor/periksa/", CHECK | {"draft": token}, follow=True)
    assert response.redirect_chain[-1][0] == "/lapor/"
    assert "Silakan mulai lagi" in response.content.decode()


def test_an_expired_draft_starts_afresh_and_keeps_what_is_typed_now(browser: Client, world: World) -> None:
    at_story(browser, world)
    Draft.objects.update(expires_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    response = browser.post("/lapor/masalah/", STORY, follow=True)
    assert response.redirect_chain[-1][0] == "/lapor/"
    assert "sudah kami simpan" in response.content.decode()
    browser.post("/lapor/", {"place": world.pasar_lama.pk})
    assert STORY["title"] in browser.get("/lapor/periksa/").content.decode()


def test_a_draft_begun_signed_in_is_nobody_elses(world: World) -> None:
    sari, rudi = client_of(world.sari), client_of(world.rudi)
    at_check(sari, world)
    rudi.cookies["draf"] = sari.cookies["draf"].value
    response = rudi.get("/lapor/periksa/", follow=True)
    assert STORY["title"] not in response.content.decode()
    assert response.redirect_chain[-1][0] == "/lapor/"


def test_filed_signed_in_belongs_to_the_account(world: World) -> None:
    sari = client_of(world.sari)
    at_check(sari, world).post("/lapor/periksa/", CHECK)
    assert Complaint.objects.get().reporter.account_fingerprint == world.sari.fingerprint


def test_the_verified_address_of_the_account_needs_no_confirming(world: World) -> None:
    EmailAddress.objects.create(user=world.sari, email=world.sari.email, verified=True, primary=True)
    for email in (world.sari.email.upper(), "lain@contoh.test"):
        at_check(client_of(world.sari), world).post("/lapor/periksa/", CHECK | {"tell": "email", "email": email})
    own, other = Complaint.objects.order_by("pk")
    assert own.reporter_is_reachable
    assert not other.reporter_is_reachable


def test_hidden_and_secret_are_two_questions(browser: Client, world: World) -> None:
    at_check(browser, world).post("/lapor/periksa/", CHECK | {"who": "hidden", "read": "secret"})
    case = Complaint.objects.get()
    assert case.anonymous
    assert case.secret


def test_an_idea_has_no_day(browser: Client, world: World) -> None:
    at_check(browser, world, kind="ASPIRASI", happened_on_pick="").post("/lapor/periksa/", CHECK)
    assert Complaint.objects.get().happened_on is None


def test_a_named_office_is_addressed(browser: Client, world: World) -> None:
    at_check(browser, world, office_text="Dinas PU").post("/lapor/periksa/", CHECK)
    assert Complaint.objects.get().addressed_to == world.dinas_pu


def test_words_that_fit_no_office_go_along(browser: Client, world: World) -> None:
    at_check(browser, world, office_text="Kantor Antah Berantah").post("/lapor/periksa/", CHECK)
    case = Complaint.objects.get()
    assert case.addressed_to is None
    assert case.addressed_text == "Kantor Antah Berantah"


def test_a_report_about_conduct_keeps_the_office_out(browser: Client, world: World) -> None:
    at_check(browser, world, office_text="Dinas PU", conduct="on").post("/lapor/periksa/", CHECK)
    case = Complaint.objects.get()
    assert case.about_conduct
    assert case.not_for == world.dinas_pu
    assert not case.handler.is_under(world.dinas_pu)


def test_a_report_about_conduct_needs_an_office_and_offers_the_pemda(browser: Client, world: World) -> None:
    page = at_story(browser, world).post("/lapor/masalah/", STORY | {"conduct": "on"}, follow=True).content.decode()
    assert "supaya laporan ini tidak dibaca di sana" in page
    assert f'value="{world.pemkab.pk}"' in page


def test_files_go_with_the_case(browser: Client, world: World) -> None:
    at_story(browser, world)
    page = browser.post(
        "/lapor/masalah/", STORY | {"act": "unggah", "file": SimpleUploadedFile("jembatan.png", PNG)}
    ).content.decode()
    assert "jembatan.png" in page
    browser.post("/lapor/masalah/", STORY)
    browser.post("/lapor/periksa/", CHECK)
    file = Complaint.objects.get().attachments.get()
    assert (file.name, file.sniffed_type, file.state) == ("jembatan.png", "image/png", "RECEIVED")
    file.file.delete()


def test_a_file_can_be_taken_out_again(browser: Client, world: World) -> None:
    at_story(browser, world)
    browser.post("/lapor/masalah/", STORY | {"act": "unggah", "file": SimpleUploadedFile("a.png", PNG)})
    file = Draft.objects.get().attachments.get()
    browser.post("/lapor/masalah/", STORY | {"hapus": str(file.pk)})
    assert not Draft.objects.get().attachments.exists()


def test_a_file_refused_while_the_report_is_written_is_said_before_it_is_sent(browser: Client, world: World) -> None:
    """A locked document is noticed by the worker, seconds after the page said it was taken."""
    at_story(browser, world)
    files = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(5)]
    browser.post("/lapor/masalah/", STORY | {"act": "unggah", "file": files})
    kept = list(Draft.objects.get().attachments.all())
    locked = "PDF ini dikunci. Kirim yang tanpa kata sandi."
    Attachment.objects.filter(pk=kept[0].pk).update(state=Attachment.State.REFUSED, reason=locked)
    page = browser.get("/lapor/masalah/").content.decode()
    assert f"Tidak ikut. {locked}" in page
    assert 'type="file"' in page, "there is room for another one"
    assert f"0.png tidak ikut. {locked}" in browser.post("/lapor/masalah/", STORY, follow=True).content.decode()
    another = SimpleUploadedFile("5.png", PNG)
    assert "paling banyak" not in browser.post("/lapor/masalah/", {"act": "unggah", "file": another}).content.decode()
    for file in Draft.objects.get().attachments.all():
        file.file.delete(save=False)


def test_nobody_removes_another_ones_file(browser: Client, world: World) -> None:
    at_story(browser, world)
    browser.post("/lapor/masalah/", STORY | {"act": "unggah", "file": SimpleUploadedFile("a.png", PNG)})
    file = Draft.objects.get().attachments.get()
    stranger = at_story(Client(), world)
    stranger.post("/lapor/masalah/", STORY | {"hapus": str(file.pk)})
    file.refresh_from_db()
    file.file.delete()


def test_the_post_that_makes_the_case_needs_at_most_20_statements(
    browser: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    at_check(browser, world, category=str(world.cat_road.pk))
    with django_assert_max_num_queries(20) as counted:
        browser.post("/lapor/periksa/", CHECK | {"tell": "email", "email": "sari@contoh.test"})
    assert Complaint.objects.count() == 1
    assert len(counted) <= 20


def test_what_was_never_sent_is_forgotten_after_two_weeks(browser: Client, world: World) -> None:
    at_story(browser, world)
    browser.post("/lapor/masalah/", STORY | {"act": "unggah", "file": SimpleUploadedFile("a.png", PNG)})
    file = Draft.objects.get().attachments.get().file
    Draft.objects.forget(timezone.now() + datetime.timedelta(days=13))
    assert Draft.objects.exists()
    Draft.objects.forget(timezone.now() + datetime.timedelta(days=15))
    assert not Draft.objects.exists()
    assert not file.storage.exists(str(file.name))


@pytest.mark.parametrize("limit", [20, 24])
def test_with_everything_filled_in_it_still_needs_few(
    world: World, django_assert_max_num_queries: Any, limit: int
) -> None:
    """An office, a category, a file, an email. Signed in: session, user, memberships, addresses on top."""
    sari = client_of(world.sari) if limit > 20 else Client()
    at_story(sari, world)
    sari.post("/lapor/masalah/", STORY | {"act": "unggah", "file": SimpleUploadedFile("a.png", PNG)})
    sari.post("/lapor/masalah/", STORY | {"office_text": "Dinas PU", "category": str(world.cat_road.pk)})
    with django_assert_max_num_queries(limit):
        sari.post("/lapor/periksa/", CHECK | {"tell": "email", "email": "sari@contoh.test"})
    Complaint.objects.get().attachments.get().file.delete()


def test_a_flood_from_one_address_is_asked_to_wait_and_keeps_its_text(browser: Client, world: World) -> None:
    from django.core.cache import cache

    cache.clear()
    at_check(browser, world)
    from complaints.limits import FILING

    while FILING.take("203.0.113.9"):
        pass
    response = browser.post("/lapor/periksa/", CHECK, REMOTE_ADDR="203.0.113.9")
    assert response.status_code == 429
    assert "Tunggu beberapa menit" in response.content.decode()
    assert not Complaint.objects.exists()
