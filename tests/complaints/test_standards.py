"""What the law promises: set by the centre, dated, tighter in a district and never looser."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from agencies import subsites
from agencies.members import NotAllowed, Refused
from agencies.models import AuditEntry
from complaints.models import Clock, ServiceStandard
from complaints.standards import may_tighten, set_standard
from tests.complaints.cases import at, report
from tests.permissions import cast
from tests.permissions.test_every_url import browser, is_officer
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
FORM = {
    "kind": "PENGADUAN",
    "clock": "RESPOND",
    "working_days": "4",
    "region": "",
    "starts_on_day": "1",
    "starts_on_month": "1",
    "starts_on_year": "2027",
    "legal_basis": "Permen contoh 1/2026",
}


def days_on(day: datetime.date, world: World) -> int:
    found = ServiceStandard.objects.in_force("PENGADUAN", False, "RESPOND", world.pemkab, day)
    return found.working_days


def test_a_new_standard_begins_on_its_day_and_the_old_stays_for_the_days_before(world: World) -> None:
    client_of(world.ratna).post("/kelola/standar/", FORM)
    assert days_on(datetime.date(2026, 12, 31), world) == 5
    assert days_on(datetime.date(2027, 1, 1), world) == 4


def test_a_district_may_be_tighter_never_looser(world: World) -> None:
    client = client_of(world.ratna)
    page = client.post("/kelola/standar/", FORM | {"region": "99.01", "working_days": "6"}).content.decode()
    assert "tidak lebih longgar" in page
    client.post("/kelola/standar/", FORM | {"region": "99.01", "working_days": "2"})
    assert days_on(datetime.date(2027, 1, 1), world) == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"working_days": ""}, "Tulis jumlah hari kerja."),
        ({"working_days": "nol"}, "Tulis angka"),
        ({"working_days": "0"}, "Sedikitnya satu"),
        ({"legal_basis": ""}, "Tulis dasar hukumnya."),
        ({"region": "77.77"}, "Tidak ada pemda"),
        ({"starts_on_day": ""}, "Lengkapi tanggal"),
        ({"kind": "ASPIRASI", "supervised": "on"}, "Hanya pengaduan"),
    ],
)
def test_each_mistake_has_its_sentence(world: World, change: dict[str, str], sentence: str) -> None:
    assert sentence in client_of(world.ratna).post("/kelola/standar/", FORM | change).content.decode()
    assert not ServiceStandard.objects.filter(starts_on__year=2027).exists()


def test_only_the_centre_sets_standards(world: World) -> None:
    for who in (world.wati, world.joko, world.bayu, world.sari):
        assert client_of(who).get("/kelola/standar/").status_code == 403
    assert client_of(world.ratna).get("/kelola/standar/").status_code == 200
    with pytest.raises(NotAllowed):
        set_standard(
            by=world.wati,
            kind="PENGADUAN",
            supervised=False,
            clock="RESPOND",
            working_days=1,
            starts_on=datetime.date(2027, 1, 1),
            legal_basis="x",
        )


def test_two_standards_do_not_begin_on_one_day(world: World) -> None:
    client = client_of(world.ratna)
    client.post("/kelola/standar/", FORM)
    assert "Sudah ada standar" in client.post("/kelola/standar/", FORM).content.decode()
    assert issubclass(NotAllowed, Refused)


# --- A district's own, by its coordinator ---


MINE = {name: value for name, value in FORM.items() if name != "region"} | {"working_days": "3"}


@pytest.fixture
def before_2027(time_machine: Any) -> None:
    time_machine.move_to(datetime.datetime(2026, 5, 25, 9, tzinfo=datetime.UTC), tick=False)


def page_of(world: World) -> str:
    return f"/instansi/{world.pemkab.pk}/janji/"


@pytest.mark.usefixtures("before_2027")
def test_a_coordinator_tightens_the_own_districts_promise_and_it_is_written_down(world: World) -> None:
    client = client_of(world.wati)
    assert client.post(page_of(world), MINE).headers["Location"] == page_of(world)
    assert (days_on(datetime.date(2026, 12, 31), world), days_on(datetime.date(2027, 1, 1), world)) == (5, 3)
    entry = AuditEntry.objects.get(what="set_standard")
    assert (entry.who, entry.acting_as, entry.before) == (world.wati.user, world.pemkab, None)
    assert entry.after is not None
    assert (entry.after["agency"], entry.after["days"], entry.after["clock"]) == (world.pemkab.pk, 3, "RESPOND")
    page = client.get(page_of(world)).content.decode()
    assert "<b>3</b> mulai 1 Januari 2027, Permen contoh 1/2026" in page
    assert "Janji hari kerja" in client.get("/kelola/").content.decode()
    assert "Janji hari kerja" in client.get(f"/instansi/{world.pemkab.pk}/").content.decode()


@pytest.mark.usefixtures("before_2027")
def test_a_case_of_the_district_is_promised_the_fewer_days(world: World) -> None:
    today = datetime.date(2026, 5, 25)
    boxes = {"starts_on_day": today.day, "starts_on_month": today.month, "starts_on_year": today.year}
    earlier = at(report(world), world.dinas_pu)
    client_of(world.wati).post(page_of(world), MINE | boxes)
    later, elsewhere = at(report(world), world.dinas_pu), at(report(world), world.dinas_pu_tetangga)
    budgets = [Clock.objects.get(complaint=case, kind="RESPOND").budget for case in (earlier, later, elsewhere)]
    assert budgets == [5, 3, 5], "what runs keeps its days, a neighbour keeps the country's"


@pytest.mark.usefixtures("before_2027")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"working_days": "6"}, "tidak lebih longgar: paling lama 5 hari kerja"),
        ({"working_days": "5"}, "sama dengan janji nasional: 5 hari kerja"),
        ({"working_days": "0"}, "Sedikitnya satu hari kerja."),
        ({"working_days": "9" * 400}, "Paling lama 120 hari kerja."),
        ({"clock": "REPORTER"}, "REPORTER"),
        ({"clock": "DECIDE"}, "DECIDE"),
        ({"starts_on_year": "2025"}, "Janji mulai paling cepat hari ini."),
        ({"legal_basis": "\x00"}, "arakter null"),
        ({"legal_basis": ""}, "Tulis dasar hukumnya."),
    ],
)
@pytest.mark.sampled
def test_a_looser_or_senseless_promise_is_refused_with_a_sentence(
    world: World, change: dict[str, str], sentence: str
) -> None:
    answer = client_of(world.wati).post(page_of(world), MINE | change)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not ServiceStandard.objects.exclude(agency=None).exists()
    assert not AuditEntry.objects.filter(what="set_standard").exists()


@pytest.mark.usefixtures("before_2027")
def test_a_tighter_promise_may_end_and_two_do_not_begin_on_one_day(world: World) -> None:
    client = client_of(world.wati)
    client.post(page_of(world), MINE)
    assert "Sudah ada standar yang mulai hari itu" in client.post(page_of(world), MINE).content.decode()
    client.post(page_of(world), MINE | {"working_days": "5", "starts_on_year": "2028"})
    assert [days_on(datetime.date(year, 6, 1), world) for year in (2026, 2027, 2028)] == [5, 3, 5]


def test_what_the_country_makes_tighter_later_is_never_looser_in_a_district(world: World) -> None:
    for agency, days, year in ((world.pemkab, 4, 2027), (None, 2, 2028)):
        ServiceStandard.objects.create(
            kind="PENGADUAN",
            clock="RESPOND",
            agency=agency,
            working_days=days,
            starts_on=datetime.date(year, 1, 1),
            legal_basis="x",
        )
    assert [days_on(datetime.date(year, 6, 1), world) for year in (2026, 2027, 2028)] == [5, 4, 2]


def test_the_reporters_own_days_are_the_countrys_everywhere(world: World) -> None:
    ServiceStandard.objects.create(
        kind="PENGADUAN", clock="REPORTER", agency=world.pemkab, working_days=2, starts_on="2011-11-01", legal_basis="x"
    )
    today = datetime.date(2026, 5, 25)
    found = ServiceStandard.objects.in_force("PENGADUAN", False, "REPORTER", world.pemkab, today)
    assert found.working_days == 10
    with pytest.raises(Refused, match="bukan waktu pelapor"):
        set_standard(
            by=world.ratna,
            kind="PENGADUAN",
            supervised=False,
            clock="REPORTER",
            working_days=2,
            starts_on=today,
            legal_basis="x",
            agency=world.pemkab,
        )


@pytest.mark.slow
def test_the_page_opens_to_who_coordinates_the_pemda_alone(world: World) -> None:
    for role, viewer in cast.viewers(world).items():
        client, who = browser(viewer), viewer.who if is_officer(viewer) else None
        for office in (world.pemkab, world.pemkab_tetangga, world.pemprov, world.dinas_pu):
            told = f"{role} × {office}"
            mine = who is not None and may_tighten(who, office)  # type: ignore[arg-type]
            for answer in (client.get(f"/instansi/{office.pk}/janji/"), client.post(f"/instansi/{office.pk}/janji/")):
                assert answer.status_code in ((200,) if mine else (302, 403, 404)), f"{told}: {answer.status_code}"
    assert not ServiceStandard.objects.exclude(agency=None).exists()
    assert client_of(world.wati).get(f"/instansi/{world.dinas_pu.pk}/janji/").status_code == 404


def test_a_neighbour_and_an_office_cannot_promise_for_the_district(world: World) -> None:
    for by in (world.tono, world.joko, world.bayu):
        with pytest.raises(NotAllowed):
            set_standard(
                by=by,
                kind="PENGADUAN",
                supervised=False,
                clock="RESPOND",
                working_days=1,
                starts_on=datetime.date(2040, 1, 1),
                legal_basis="x",
                agency=world.pemkab,
            )


def test_behind_the_districts_door_one_reads_its_days(world: World) -> None:
    subsites.set_subsite(world.pemkab, by=world.wati, slug="sukamaju", name="Lapor Sukamaju", active=True)
    ServiceStandard.objects.create(
        kind="PENGADUAN", clock="RESPOND", agency=world.pemkab, working_days=2, starts_on="2011-11-01",
        legal_basis="Perbup contoh 7/2026",
    )  # fmt: skip
    door, portal = (Client().get(f"{path}/cara-kerja/").content.decode() for path in ("/d/sukamaju", ""))
    assert "<td>3</td><td>2</td><td>14</td>" in door
    assert "Perbup contoh 7/2026" in door
    assert "<td>3</td><td>5</td><td>14</td>" in portal
