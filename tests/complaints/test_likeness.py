"""Cases like this one: found by words, place, time and category; never one that the reader may not see."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.actor import Actor
from complaints import likeness
from complaints.models import Attachment, Complaint, Draft
from complaints.publishing import normalise_query
from tests.complaints.test_submit import STORY, at_check, at_story
from tests.filing import NOON, filed, published
from tests.scenes import once
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]

TITLE = "Jembatan dekat pasar putus"
TOLD = "Papan jembatan ke pasar lepas sejak Senin, anak sekolah memutar jauh."
AGAIN = "jembatannya rusak, papannya lepas. anak-anak sekolah terpaksa memutar dua kilometer"


TWO_DAYS_LATER = NOON + datetime.timedelta(days=2)


@once(at=TWO_DAYS_LATER)
def built(world: World) -> Complaint:
    return published(world, TITLE, body=TOLD, place=world.pasar_lama, category=world.cat_road)


@pytest.fixture
def bridge(built: Complaint, time_machine: Any) -> Complaint:
    time_machine.move_to(TWO_DAYS_LATER, tick=False)
    return built


def found(world: World, text: str = AGAIN, **more: Any) -> list[str]:
    more = {"place": world.pasar_lama, "now": timezone.now(), **more}
    return [one.publication.title for one in likeness.similar_published(text, more.pop("place"), **more)]


def test_the_same_trouble_in_other_words_is_found_nearby_and_another_is_not(world: World, bridge: Complaint) -> None:
    published(world, "Lampu jalan mati", body="Tiga lampu padam di tikungan, gelap.", place=world.pasar_lama)
    assert found(world) == [TITLE]
    assert found(world, place=world.mekarsari) == [TITLE], "from the kecamatan too"
    assert found(world, "Antrean puskesmas lama sekali, loket tutup.") == []
    (one,) = likeness.similar_published(AGAIN, world.sukasari, now=timezone.now())
    assert "kecamatan yang sama" in one.why


def test_before_there_are_words_the_category_and_the_place_tell(world: World, bridge: Complaint) -> None:
    assert found(world, "", category=world.cat_road) == [TITLE]
    assert found(world, "", category=world.cat_power) == []


@pytest.mark.parametrize("state", ["secret", "unpublished", "closed", "elsewhere"])
def test_what_is_not_public_open_and_near_is_not_found(world: World, bridge: Complaint, state: str) -> None:
    match state:
        case "secret":
            bridge.tighten(by=Actor.reporter(), secret=True)
        case "unpublished":
            bridge.publication.delete()
        case "closed":
            Complaint.objects.filter(pk=bridge.pk).update(status="closed")
    place = world.pasar_lama if state != "elsewhere" else world.karang_pagi
    assert found(world, place=place) == []


def test_the_public_statements_read_no_point_and_no_report(world: World, bridge: Complaint) -> None:
    """Distances from any point one likes would tell where a report was made."""
    with CaptureQueriesContext(connection) as seen:
        assert found(world, category=world.cat_road) == [TITLE]
    said = " ".join(query["sql"] for query in seen)
    assert len(seen) <= 6
    for column in ("latitude", "longitude", "landmark", '"complaints_complaint"."body"', "reporter"):
        assert column not in said


# --- While writing ---


def cards(browser: Client, **typed: Any) -> Any:
    return browser.post("/lapor/serupa/", {"title": "Jembatan putus", "story": AGAIN, **typed})


def test_the_check_step_shows_it_folded_and_the_report_goes_on(world: World, bridge: Complaint) -> None:
    browser = at_check(Client(), world, title="Jembatan putus", story=AGAIN)
    page = browser.get("/lapor/periksa/").content.decode()
    assert "Ada 1 laporan serupa" in page
    assert f"/laporan/{bridge.shown_number}/dukungan/" in page


def test_whoever_types_sees_it_earlier_and_nothing_is_kept(world: World, bridge: Complaint) -> None:
    browser = at_story(Client(), world)
    before = Draft.objects.get().fields_sealed
    answer = cards(browser)
    assert TITLE in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert Draft.objects.get().fields_sealed == before
    assert browser.get("/lapor/serupa/?title=x").status_code == 405, "never in an address"


def test_of_conduct_and_of_a_secret_report_nothing_is_compared(
    world: World, bridge: Complaint, monkeypatch: Any
) -> None:
    browser = at_check(Client(), world, title="Jembatan putus", story=AGAIN)
    browser.post("/lapor/periksa/", {"read": "secret", "who": "officers", "tell": "keep", "act": "simpan"})

    def never(*_more: Any, **_named: Any) -> None:
        raise AssertionError("compared")

    monkeypatch.setattr("complaints.likeness.similar_published", never)
    assert "serupa" not in browser.get("/lapor/periksa/").content.decode()
    assert cards(browser).status_code == 204
    assert cards(at_story(Client(), world), conduct="on").status_code == 204


@pytest.mark.slow
def test_without_a_draft_with_little_or_too_often_there_is_nothing(
    world: World, bridge: Complaint, settings: Any
) -> None:
    assert cards(Client()).status_code == 204
    browser = at_story(Client(REMOTE_ADDR="203.0.113.9"), world)
    assert cards(browser, title="", story="jembatan").status_code == 204
    assert cards(browser).status_code == 200
    assert cards(browser, title="\x00" * 30, category="²").status_code in (200, 204)
    for _more in range(60):
        last = cards(browser, story="Tiga kata saja, cukup panjang")
    assert last.status_code == 204
    assert cards(browser).status_code == 204


def test_a_slow_search_holds_no_report_up(world: World, bridge: Complaint, monkeypatch: Any) -> None:
    def slow(*_more: Any, **_named: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(2)")

    monkeypatch.setattr("complaints.views.alike.PATIENCE_MS", 20)
    monkeypatch.setattr("complaints.likeness.similar_published", slow)
    browser = at_check(Client(), world, **STORY)
    assert browser.get("/lapor/periksa/").status_code == 200


def test_a_picture_is_an_office_s_and_never_a_reporter_s(world: World, bridge: Complaint) -> None:
    own = Attachment(complaint=bridge, name="rumah.jpg", size=4, state="CLEAN", sniffed_type="image/jpeg")
    own.file.save("a", ContentFile(b"KNRI"))
    browser = at_story(Client(), world)
    assert "<img" not in cards(browser).content.decode()
    bridge.answer("Sudah kami lihat.", by=world.joko)
    said = bridge.messages.get(side="AGENCY")
    theirs = Attachment(complaint=bridge, message=said, name="b.jpg", size=4, state="CLEAN", sniffed_type="image/jpeg")
    theirs.file.save("b", ContentFile(b"KNRI"))
    page = cards(browser).content.decode()
    assert f"/berkas/{theirs.pk}/" in page
    assert f"/berkas/{own.pk}/" not in page


# --- For officers ---


def candidates(case: Complaint, actor: Actor) -> list[int]:
    return [one.complaint.pk for one in likeness.candidates_for(case, actor, now=timezone.now())]


def test_an_officer_gets_the_likest_first_with_reasons(world: World, bridge: Complaint) -> None:
    twin = filed(world, AGAIN, title="Jembatan rusak", place=world.pasar_lama, latitude=-0.3713, longitude=102.5439)
    other = filed(world, "Lampu jalan padam tiga tiang.", title="Lampu", place=world.pasar_lama)
    case = filed(world, TOLD, title="Papan jembatan", place=world.pasar_lama, latitude=-0.3714, longitude=102.5440)
    assert set(candidates(case, world.joko)) == {twin.pk, bridge.pk, other.pk}
    first = likeness.candidates_for(case, world.joko, now=timezone.now())[0]
    assert candidates(case, world.joko)[-1] == other.pk
    assert first.score > 0.4
    near = next(
        one for one in likeness.candidates_for(case, world.joko, now=timezone.now()) if one.complaint.pk == twin.pk
    )
    assert near.distance is not None
    assert near.distance < 30
    assert any("m dari sana" in why for why in near.why)
    [same] = [why for why in near.why if "kata yang sama" in why]
    spoken = same.partition(": ")[2].split(", ")
    assert spoken, "at least one"
    assert set(spoken) <= set(normalise_query(f"Papan jembatan {TOLD}").split()), "words as they are spelt, no stems"


def test_candidates_are_only_what_the_officer_may_act_on_and_merge_into(world: World, bridge: Complaint) -> None:
    case = filed(world, TOLD, title="Papan jembatan", place=world.pasar_lama)
    assert bridge.pk in candidates(case, world.joko)
    assert candidates(case, world.yanto) == [], "another office"
    assert candidates(case, world.bayu) == [], "an observer merges nothing"
    secret = filed(world, AGAIN, title="Jembatan", place=world.pasar_lama, secret=True)
    merged = filed(world, AGAIN, title="Jembatan", place=world.pasar_lama)
    merged.archive(by=world.wati, ground="DUPLICATE", text="Sama.", duplicate_of=bridge)
    closed = filed(world, AGAIN, title="Jembatan", place=world.pasar_lama)
    Complaint.objects.filter(pk=closed.pk).update(status="closed")
    kept = filed(world, AGAIN, title="Jembatan", place=world.pasar_lama)
    Complaint.objects.filter(pk=kept.pk).update(not_for=world.dinas_sosial)
    assert not {secret.pk, merged.pk, closed.pk, kept.pk} & set(candidates(case, world.wati))


def test_of_a_secret_case_no_text_is_read(world: World, bridge: Complaint, monkeypatch: Any) -> None:
    one = filed(world, TOLD, title="Papan jembatan", place=world.pasar_lama, secret=True)
    two = filed(world, AGAIN, title="Jembatan", place=world.pasar_lama, secret=True)
    read: list[str] = []
    monkeypatch.setattr(
        "complaints.likeness.normalise_query",
        lambda text: read.append(text) or "x",  # type: ignore[func-returns-value]
    )
    assert candidates(one, world.wati) == [two.pk]
    assert read == []


def test_candidates_take_few_statements(world: World, bridge: Complaint) -> None:
    case = filed(world, TOLD, title="Papan jembatan", place=world.pasar_lama)
    for n in range(6):
        filed(world, AGAIN, title=f"Jembatan {n}", place=world.pasar_lama)
    case = Complaint.objects.select_related("category", "handler", "place").get(pk=case.pk)
    candidates(case, world.joko)
    with CaptureQueriesContext(connection) as seen:
        assert len(candidates(case, world.joko)) == 7
    assert len(seen) <= 13, [query["sql"][:80] for query in seen]
