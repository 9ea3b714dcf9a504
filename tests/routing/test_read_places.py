"""The place and the topic the worker read: kept beside what was chosen, used for the same trouble and for rises, put
right by an officer, and telling nothing of what is secret."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from agencies.actor import Actor
from agencies.models import Region
from complaints import likeness
from complaints.intake import Submission, receive
from complaints.models import Complaint, Event
from complaints.models.lifecycle.acting import PublicText
from complaints.transitions import NotAllowed, WrongStatus
from routing import destination, dispatch, rises, subject
from routing.places import gazetteer, naming
from tests.routing.desk import fields_of, post
from tests.world import REGIONS, World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]

# Wednesday 20 May 2026, 09.00 in Jakarta.
NOW = datetime.datetime(2026, 5, 20, 2, 0, tzinfo=datetime.UTC)
TOLD = "Jalan di Desa Sukasari, Kec. Mekarsari, Kabupaten Sukamaju berlubang dalam, motor jatuh tadi pagi."
AGAIN = "Motor jatuh lagi, jalan berlubang dalam di Kec. Mekarsari, Kabupaten Sukamaju."


@pytest.fixture(autouse=True)
def read_in_a_small_country(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Names of the world of tests, words that are surely about roads, and Wednesday."""
    names = gazetteer.Gazetteer([(code, name) for code, name, _, _ in REGIONS])
    monkeypatch.setattr(naming, "shipped", lambda: names)
    says(monkeypatch, 0.97)
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def says(monkeypatch: pytest.MonkeyPatch, score: float, bidang: str = "pekerjaan_umum") -> None:
    field = subject.Field(bidang, "kabkota", score)
    said = subject.Subject((field,), (bidang,), score, 0.9, ("berlubang",), "PENGADUAN", 0.0, 0.0)
    monkeypatch.setattr(subject, "of", lambda title, body: said)


def sent(body: str = TOLD, *, at: datetime.datetime = NOW, **more: Any) -> Complaint:
    """An SMS: a story, and nothing chosen."""
    values = {"channel": "sms", "external_id": f"sms-{Complaint.objects.count()}", "body": body, **more}
    case = receive(Submission(**values), now=at).complaint
    dispatch.forward_by_itself(case.pk, now=at)
    return Complaint.objects.select_related("handler", "found_place", "category").get(pk=case.pk)


def page_of(case: Complaint, by: Actor) -> str:
    return client_of(by).get(f"/meja/{case.number}/").content.decode()


# --- What is kept ---


def test_what_was_read_is_kept_beside_what_was_chosen(world: World) -> None:
    case = sent()
    assert (case.place, case.category) == (None, None), "the reporter chose neither"
    assert case.found_place == world.sukasari
    assert case.found_certainty is not None
    assert 0.9 <= case.found_certainty < 1
    assert case.found_words == "Desa Sukasari, Kec. Mekarsari, Kabupaten Sukamaju"
    assert case.found_topic == world.cat_works
    assert case.handler == world.dinas_pu


def test_what_was_chosen_is_not_read_again(world: World) -> None:
    case = sent(place=world.cibuni, category=world.cat_health)
    assert (case.found_place, case.found_topic, case.found_words) == (None, None, "")


def test_what_is_not_sure_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, 0.6)
    case = sent("Jalan di Pasar Lama berlubang.")
    assert (case.found_place, case.found_topic) == (None, None)


def test_of_several_topics_of_a_field_the_general_one_is_meant(world: World) -> None:
    field = subject.Field("pekerjaan_umum", "kabkota", 0.97)
    assert destination.topic_of(field, NOW.date()) == world.cat_works, "never one below it"
    assert destination.topic_of(subject.Field("pekerjaan_umum", "pusat", 0.97), NOW.date()) is None


@pytest.mark.parametrize("hidden", ["secret", "about_conduct"])
def test_of_what_is_secret_or_about_conduct_nothing_is_kept(world: World, hidden: str) -> None:
    more: dict[str, Any] = {hidden: True, "not_for": world.dinas_pu if hidden == "about_conduct" else None}
    case = sent(**more)
    assert (case.found_place, case.found_topic, case.found_words) == (None, None, "")


def test_keeping_it_takes_two_statements(world: World, django_assert_num_queries: Any) -> None:
    case = receive(Submission(channel="sms", external_id="sms-1", body=TOLD), now=NOW).complaint
    case = Complaint.objects.select_related("category").get(pk=case.pk)
    decision = destination.find(case, NOW.date())
    with django_assert_num_queries(2):
        dispatch._keep_what_was_read(case, decision, NOW.date())


# --- The same trouble twice ---


def test_two_messages_about_one_trouble_are_found_alike(world: World) -> None:
    case, other = sent(), sent(AGAIN)
    far = sent("Jalan berlubang dalam di Kec. Cibuni, Kabupaten Sukamaju, motor jatuh.")
    chosen = sent("Lubang yang sama.", place=world.mekarsari, addressed_to=world.dinas_pu)
    found = likeness.candidates_for(case, world.wati, now=NOW)
    assert {one.complaint.pk for one in found} == {other.pk, chosen.pk}
    assert far.found_place == world.cibuni
    assert "kecamatan yang sama" in next(one.why for one in found if one.complaint == other)


def test_a_place_read_before_it_was_secret_compares_nothing_after(world: World) -> None:
    case, other = sent(), sent(AGAIN)
    for one in (case, other):
        one.tighten(by=Actor.reporter(), secret=True, now=NOW)
    case = Complaint.objects.get(pk=case.pk)
    assert case.found_place is not None
    assert case.lies_at_id is None
    assert likeness.candidates_for(case, world.wati, now=NOW) == []


# --- Sudden rises ---


def test_messages_without_place_or_category_raise_an_alarm(world: World) -> None:
    sent("Lampu di Kabupaten Sukamaju padam.", at=NOW - datetime.timedelta(days=64))
    for n in range(4):
        sent(at=NOW - datetime.timedelta(minutes=n))
    assert rises.look(NOW) == []
    last = sent(place=world.pasar_lama, category=world.cat_road)
    [rise] = rises.look(NOW)
    assert (rise.place, rise.topic, rise.count) == (world.mekarsari, world.cat_works, 5)
    assert last in Complaint.objects.filter(rises.of(rise))
    assert Complaint.objects.filter(rises.of(rise)).count() == 5
    assert rise.agency == world.pemkab


def test_what_an_officer_said_it_is_about_goes_before_its_words(world: World) -> None:
    sent("Lampu di Kabupaten Sukamaju padam.", at=NOW - datetime.timedelta(days=64))
    cases = [sent() for _ in range(5)]
    cases[0].reclassify(by=world.joko, reason="Ini puskesmas.", category=world.cat_health, now=NOW)
    assert rises.look(NOW) == []
    cases[0].reclassify(by=world.joko, reason="Jalan juga.", category=world.cat_road, now=NOW)
    assert [one.count for one in rises.look(NOW)] == [5]


def test_a_district_that_began_with_messages_has_no_past_either(world: World) -> None:
    sent(at=NOW - datetime.timedelta(days=20))
    for _ in range(8):
        sent()
    assert rises.look(NOW) == []


@pytest.mark.parametrize("hidden", ["secret", "not_for"])
def test_what_became_hidden_is_not_counted(world: World, hidden: str) -> None:
    sent("Lampu di Kabupaten Sukamaju padam.", at=NOW - datetime.timedelta(days=64))
    *_more, last = [sent() for _ in range(5)]
    if hidden == "secret":
        last.tighten(by=Actor.reporter(), secret=True, now=NOW)
    else:
        dispatch.exclude(last, world.dinas_pu, by=world.wati, now=NOW)
    assert rises.look(NOW) == []


# --- The officer's word ---


def test_the_case_page_says_what_was_read_and_leads_to_putting_it_right(world: World) -> None:
    case = sent()
    page = page_of(case, world.joko)
    assert "Terbaca dari teks" in page
    assert "Desa Sukasari, Kec. Mekarsari (“Desa Sukasari, Kec. Mekarsari, Kabupaten Sukamaju”, kemungkinan" in page
    assert f'href="/meja/{case.number}/tempat/"' in page
    form = client_of(world.joko).get(f"/meja/{case.number}/tempat/").content.decode()
    assert 'value="Desa Sukasari, Kec. Mekarsari, Kab. Sukamaju"' in form


def test_confirmed_or_put_right_it_is_the_officers_word(world: World) -> None:
    case = sent()
    assert post(world.joko, case, "tempat", place="Desa Sukasari, Kec. Mekarsari, Kab. Sukamaju").status_code == 302
    case.refresh_from_db()
    assert (case.found_place, case.found_certainty, case.found_words) == (world.sukasari, None, "")
    assert "Benarkan atau betulkan" not in page_of(case, world.joko)
    assert post(world.wati, case, "tempat", place="kec cibuni, sukamaju").status_code == 302
    case.refresh_from_db()
    assert (case.found_place, case.place) == (world.cibuni, None)
    page = page_of(case, world.joko)
    assert "Tempat menurut petugas" in page
    assert "Tempatnya ditetapkan" in page
    event = Event.objects.filter(complaint=case, verb="locate").latest("pk")
    assert event.audience == "OFFICERS"
    assert event.particulars["found_place"] == [world.sukasari.pk, world.cibuni.pk]


def test_an_officers_word_goes_before_the_reporters_choice_which_stays(world: World) -> None:
    case = sent(place=world.cibuni, category=world.cat_road)
    post(world.joko, case, "tempat", place="Kec. Mekarsari, Kab. Sukamaju")
    case.refresh_from_db()
    assert (case.place, case.lies_at_id) == (world.cibuni, world.mekarsari.pk)
    listed = client_of(world.joko).get("/meja/", {"q": "kecamatan:mekarsari"}).content.decode()
    assert case.number in listed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Tulis tempatnya"),
        ("Kec. Antah Berantah", "Tempat ini tidak ada di daftar"),
        ("Prov. Sukaraya", "Tempat ini tidak ada di daftar"),
        ("x" * 161, "terlalu panjang"),
    ],
)
def test_what_is_no_place_is_said_at_the_field(world: World, typed: str, said: str) -> None:
    case = sent()
    page = post(world.joko, case, "tempat", place=typed).content.decode()
    assert said in page
    case.refresh_from_db()
    assert case.found_certainty is not None


def test_a_name_of_two_places_is_asked_about(world: World) -> None:
    Region.objects.create(
        code="99.02.01.2009", name="Sukasari", search_name="sukasari", level="DESA", parent_id="99.02.01"
    )
    case = sent()
    page = post(world.joko, case, "tempat", place="sukasari").content.decode()
    assert "Desa Sukasari, Kec. Mekarsari, Kab. Sukamaju atau Desa Sukasari, Kec." in page


def test_a_stale_page_changes_nothing(world: World) -> None:
    case = sent()
    fields = fields_of(case, world.joko, place="Kec. Cibuni, Kab. Sukamaju")
    case.locate(world.mekarsari, by=world.wati)
    assert client_of(world.joko).post(f"/meja/{case.number}/tempat/", fields).status_code == 409
    case.refresh_from_db()
    assert case.found_place == world.mekarsari


def test_who_does_not_work_on_it_sets_no_place(world: World) -> None:
    case = sent()
    for by in (world.dewi, world.tono, world.lina, world.bayu, Actor.reporter(), Actor.system("worker")):
        with pytest.raises(NotAllowed):
            Complaint.objects.get(pk=case.pk).locate(world.cibuni, by=by)
    assert "Terbaca dari teks" not in page_of(case, world.bayu), "not to whoever reads it masked"
    case.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas.", now=NOW)
    with pytest.raises(WrongStatus):
        case.locate(world.cibuni, by=world.wati)


def test_the_public_and_the_reporter_read_nothing_of_it(world: World) -> None:
    case = sent(anonymous=True)
    case.start(by=world.joko, public=PublicText("Jalan berlubang", "Ada lubang dalam di jalan."), now=NOW)
    case.locate(world.sukasari, by=world.joko)
    assert case.publication.place_id is None
    public = Client().get(f"/laporan/{case.shown_number}/").content.decode()
    assert "Ada lubang dalam" in public
    assert "Sukasari" not in public
    assert "Mekarsari" not in public
