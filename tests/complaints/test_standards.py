"""What the law promises: set by the centre, dated, tighter in a district and never looser."""

from __future__ import annotations

import datetime

import pytest

from agencies.members import NotAllowed, Refused
from complaints.models import ServiceStandard
from complaints.standards import set_standard
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
