"""Cases gathered under a priority programme: who may tag and untag, what observers then read, what never leaks."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.cache import cache

from agencies.actor import Actor
from agencies.models import AuditEntry, Programme, Role
from complaints.models import Complaint, Event, Message, Notification, Tag
from complaints.transitions import Incomplete, NotAllowed
from tests.complaints.cases import NOW, later
from tests.routing.desk import forwarded, post, started, submitted
from tests.world import World, client_of, programme

pytestmark = pytest.mark.usefixtures("nudges")
BODY = "ada lubang besar di depan pasar"


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def roads() -> Programme:
    return programme("jalan-daerah", name="Jalan Daerah", description="Jalan dan jembatan.")


def observer(world: World, of: Programme, **more: object) -> Actor:
    return world.officer(f"Pengawas {of.code}", world.root, Role.OBSERVER, programme=of, **more)


def tagged(case: Complaint, of: Programme, by: Actor) -> Complaint:
    case.tag(of, by=by, reason="Jalan kabupaten.", now=NOW)
    return case


# --- The act ---


@pytest.mark.parametrize("who", ["wati", "ratna"])
def test_the_coordinator_and_the_centre_tag_with_a_reason(world: World, roads: Programme, who: str) -> None:
    case = started(world, NOW)
    by: Actor = getattr(world, who)
    client = client_of(by)
    assert f"/meja/{case.number}/program/" in client.get(f"/meja/{case.number}/").content.decode()
    form = client.get(f"/meja/{case.number}/program/").content.decode()
    assert "Jalan dan jembatan." in form
    version = Complaint.objects.get(pk=case.pk).version
    assert post(by, case, "program", programme=roads.pk, reason="Jalan kabupaten.").status_code == 302
    event = Event.objects.get(complaint=case, verb="tag")
    assert (event.actor, event.audience, event.status_from, event.status_to) == (
        by.user,
        "OFFICERS",
        "in_progress",
        "in_progress",
    )
    assert event.particulars == {
        "programme": roads.pk,
        "programme_name": "Jalan Daerah",
        "reason": "Jalan kabupaten.",
    }
    assert Tag.objects.current().get().complaint == case
    assert Complaint.objects.get(pk=case.pk).version == version, "no open form becomes stale"
    page = client.get(f"/meja/{case.number}/").content.decode()
    assert "Program Jalan Daerah" in page
    assert "Ditandai program" in page
    assert "Alasan: Jalan kabupaten." in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"programme": "", "reason": "x"}, "Pilih programnya"),
        ({"programme": "999999", "reason": "x"}, "Pilih program dari daftar ini"),
        ({"programme": "ended", "reason": "x"}, "Pilih program dari daftar ini"),
        ({"programme": "roads", "reason": " "}, "Tulis alasannya"),
        ({"programme": "roads", "reason": "x" * 2001}, "Alasannya terlalu panjang"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    world: World, roads: Programme, said: dict[str, str], sentence: str
) -> None:
    over = programme("lama", ends_on=NOW.date())
    case = forwarded(world, NOW)
    chosen = {"roads": str(roads.pk), "ended": str(over.pk)}.get(said["programme"], said["programme"])
    page = post(world.wati, case, "program", **{**said, "programme": chosen})
    assert sentence in page.content.decode()
    assert not Tag.objects.exists()
    assert not Event.objects.filter(verb="tag").exists()


def test_nothing_is_tagged_twice_nor_with_what_has_ended(world: World, roads: Programme) -> None:
    case = tagged(forwarded(world, NOW), roads, world.wati)
    for of in (roads, programme("lama", ends_on=NOW.date()), programme("nanti", starts_on=later(days=2).date())):
        with pytest.raises(Incomplete) as refused:
            case.tag(of, by=world.wati, reason="Lagi.", now=NOW)
        assert refused.value.field == "programme"
    assert Tag.objects.count() == Event.objects.filter(verb="tag").count() == 1
    page = client_of(world.wati).get(f"/meja/{case.number}/").content.decode()
    assert f"/meja/{case.number}/program/" not in page, "no other programme is in force"
    assert "Tidak ada program lain" in client_of(world.wati).get(f"/meja/{case.number}/program/").content.decode()


@pytest.mark.parametrize("who", ["joko", "hana", "bayu"])
def test_who_reads_but_does_not_coordinate_may_not(world: World, roads: Programme, who: str) -> None:
    case, by = tagged(forwarded(world, NOW), programme("gizi"), world.wati), getattr(world, who)
    for noun in ("program", "pelepasan"):
        assert client_of(by).get(f"/meja/{case.number}/{noun}/").status_code == 403
        assert post(by, case, noun, programme=roads.pk, reason="Saya juga.").status_code == 403
    for act in (case.tag, case.untag):
        with pytest.raises(NotAllowed):
            act(roads, by=by, reason="Saya juga.")
    assert [tag.programme.code for tag in Tag.objects.current()] == ["gizi"]


@pytest.mark.parametrize("who", ["dewi", "tono", "lina"])
def test_to_strangers_there_is_no_such_case(world: World, roads: Programme, who: str) -> None:
    case, by = forwarded(world, NOW), getattr(world, who)
    assert client_of(by).get(f"/meja/{case.number}/program/").status_code == 404
    assert post(by, case, "program", programme=roads.pk, reason="Saya orang lain.").status_code == 404
    assert not Tag.objects.exists()


def test_it_is_taken_out_again_with_a_reason_also_when_the_programme_has_ended(world: World, roads: Programme) -> None:
    case = tagged(forwarded(world, NOW), roads, world.wati)
    Programme.objects.update(ends_on=NOW.date())
    page = client_of(world.wati).get(f"/meja/{case.number}/pelepasan/").content.decode()
    assert "Jalan Daerah" in page
    assert "Tulis alasannya" in post(world.wati, case, "pelepasan", programme=roads.pk, reason="").content.decode()
    assert post(world.wati, case, "pelepasan", programme=roads.pk, reason="Bukan jalan.").status_code == 302
    assert not Tag.objects.current().exists()
    assert Tag.objects.count() == 1, "that it was there stays"
    with pytest.raises(Incomplete):
        case.untag(roads, by=world.wati, reason="Lagi.")
    assert [event.verb for event in Event.objects.filter(complaint=case).order_by("pk")][-2:] == ["tag", "untag"]


def test_a_closed_case_may_be_gathered_too(world: World, roads: Programme) -> None:
    case = started(world, NOW)
    case.resolve("Tidak bisa.", by=world.joko, outcome="REFUSED", now=NOW)
    case.accept(by=Actor.reporter(), now=NOW)
    assert tagged(case, roads, world.wati).status == "closed"


def test_neither_reporter_nor_public_nor_machines_learn_of_it(world: World, roads: Programme) -> None:
    case = started(world, NOW)
    letters, said = Notification.objects.count(), Message.objects.count()
    tagged(case, roads, world.wati)
    assert (Notification.objects.count(), Message.objects.count()) == (letters, said)
    reporter = client_of(world.sari)
    for page in (reporter.get(f"/laporan/{case.number}/"), reporter.get("/laporan-saya/")):
        assert "Jalan Daerah" not in page.content.decode()


# --- The desk ---


def test_rows_show_it_and_the_box_asks_for_it(world: World, roads: Programme) -> None:
    tagged(started(world, NOW, title="Lubang di jembatan"), roads, world.wati)
    started(world, NOW, title="Trotoar retak")
    desk = client_of(world.joko)
    assert desk.get("/meja/").content.decode().count('<span class="chip">Jalan Daerah</span>') == 1
    found = desk.get("/meja/", {"q": "program:Jalan-Daerah"}).content.decode()
    assert "Lubang di jembatan" in found
    assert "Trotoar retak" not in found
    assert "Lubang" not in desk.get("/meja/", {"q": "program:gizi"}).content.decode()
    below = client_of(world.wati).get("/meja/", {"q": "program:jalan-daerah kantor:semua"}).content.decode()
    assert "Lubang di jembatan" in below


def test_of_a_secret_case_it_is_read_on_its_own_page_alone(world: World, roads: Programme) -> None:
    case = tagged(forwarded(world, NOW, secret=True), roads, world.wati)
    for by in (world.joko, world.wati):
        desk = client_of(by)
        for address in ("/meja/?q=kantor:semua", "/meja/", f"/pengawasan/{world.dinas_pu.pk}/laporan/"):
            assert "Jalan Daerah" not in desk.get(address, follow=True).content.decode()
        found = desk.get("/meja/", {"q": "program:jalan-daerah kantor:semua"}).content.decode()
        assert case.shown_number not in found
        assert "Program Jalan Daerah" in desk.get(f"/meja/{case.number}/").content.decode()


def test_the_centre_neither_tags_nor_reads_tags_of_a_secret_case_elsewhere(world: World, roads: Programme) -> None:
    case = tagged(forwarded(world, NOW, secret=True), roads, world.wati)
    ratna = client_of(world.ratna)
    for address in ("", "program/", "pelepasan/"):
        assert "Jalan Daerah" not in ratna.get(f"/meja/{case.number}/{address}").content.decode()
    programme("gizi")
    for act in (case.tag, case.untag):
        with pytest.raises(NotAllowed):
            act(programme("gizi"), by=world.ratna, reason="Tanpa membaca.")
    shown = ratna.post(f"/meja/{case.number}/", {"alasan": "Pemeriksaan."}).content.decode()
    assert "Program Jalan Daerah" in shown
    assert Tag.objects.current().count() == 1


def test_the_centre_tags_a_secret_case_at_its_own_desk(world: World, roads: Programme) -> None:
    case = tagged(submitted(world, NOW, secret=True), roads, world.ratna)
    assert Tag.objects.current().get().complaint == case


# --- Whoever observes the programme ---


def test_its_observer_reads_it_masked_from_then_on(world: World, roads: Programme) -> None:
    case, laksmi = started(world, NOW), observer(world, roads)
    client = client_of(laksmi)
    assert client.get(f"/meja/{case.number}/").status_code == 404
    tagged(case, roads, world.wati)
    page = client.get(f"/meja/{case.number}/").content.decode()
    assert BODY in page
    for word in ("Sari Wulandari", "0812", "sari@contoh.test", "Alasan: Jalan kabupaten."):
        assert word not in page
    assert "Tindakan" not in page
    assert client_of(observer(world, programme("gizi"))).get(f"/meja/{case.number}/").status_code == 404
    assert client.get("/meja/").status_code == 403


def test_a_secret_one_only_after_a_reason_that_is_logged(world: World, roads: Programme) -> None:
    case, laksmi = tagged(forwarded(world, NOW, secret=True), roads, world.wati), observer(world, roads)
    client = client_of(laksmi)
    page = client.get(f"/meja/{case.number}/").content.decode()
    assert BODY not in page
    assert "Mengapa Anda perlu membacanya?" in page
    shown = client.post(f"/meja/{case.number}/", {"alasan": "Rapat terbatas program."}).content.decode()
    assert BODY in shown
    entry = AuditEntry.objects.get(subject_kind="complaint", subject_id=case.pk, what="look")
    assert (entry.who, entry.reason) == (laksmi.user, "Rapat terbatas program.")
    assert client_of(observer(world, programme("gizi"))).get(f"/meja/{case.number}/").status_code == 404


def test_taken_out_it_left_for_them_and_no_more_is_said(world: World, roads: Programme) -> None:
    case, laksmi = tagged(started(world, NOW), roads, world.wati), observer(world, roads)
    case.untag(roads, by=world.wati, reason="Ternyata rumah Sari Wulandari.", now=later(days=1))
    answer = client_of(laksmi).get(f"/meja/{case.number}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "sudah lepas dari program Anda" in page
    assert "Dilepas dari program" in page
    for word in (BODY, "Sari Wulandari", case.title):
        assert word not in page
    assert client_of(observer(world, programme("gizi"))).get(f"/meja/{case.number}/").status_code == 404
    assert client_of(laksmi).post(f"/meja/{case.number}/catatan/", {"body": "Kata panjang sekali"}).status_code == 409


def test_a_secret_one_that_left_was_never_there(world: World, roads: Programme) -> None:
    case, laksmi = tagged(forwarded(world, NOW, secret=True), roads, world.wati), observer(world, roads)
    case.untag(roads, by=world.wati, reason="Keliru.", now=NOW)
    assert client_of(laksmi).get(f"/meja/{case.number}/").status_code == 404


def test_tagged_again_it_is_theirs_again(world: World, roads: Programme) -> None:
    case, laksmi = tagged(started(world, NOW), roads, world.wati), observer(world, roads)
    case.untag(roads, by=world.wati, reason="Keliru.", now=NOW)
    tagged(case, roads, world.wati)
    assert BODY in client_of(laksmi).get(f"/meja/{case.number}/").content.decode()
    assert Tag.objects.count() == 2


def test_who_is_named_in_the_case_does_not_observe_it(world: World, roads: Programme) -> None:
    case, laksmi = tagged(started(world, NOW), roads, world.wati), observer(world, roads)
    assert laksmi.user is not None
    case.exclude(officers=[laksmi.user], by=world.wati, now=NOW)
    assert client_of(laksmi).get(f"/meja/{case.number}/").status_code == 404
    case.untag(roads, by=world.wati, reason="Keliru.", now=NOW)
    assert client_of(laksmi).get(f"/meja/{case.number}/").status_code == 404


def test_when_the_programme_ends_its_observer_still_reads_what_it_gathered(world: World, roads: Programme) -> None:
    case, laksmi = tagged(started(world, NOW), roads, world.wati), observer(world, roads)
    Programme.objects.update(ends_on=NOW.date() - datetime.timedelta(days=1))
    assert BODY in client_of(laksmi).get(f"/meja/{case.number}/").content.decode()
