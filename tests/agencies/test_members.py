"""Officers: who may appoint, confirm and end whom; decrees; what a stranger sees."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies import members
from agencies.actor import Actor
from agencies.models import AuditEntry, Decree, Membership, Role, User
from agencies.signals import membership_ended
from tests.world import LONG_AGO, World, client_of

pytestmark = pytest.mark.django_db


def appoint(by: Actor, world: World, **said: Any) -> Membership:
    usual: dict[str, Any] = {"agency": world.dinas_sosial, "role": Role.LIAISON, "email": "Baru@Contoh.test"}
    return members.appoint(by=by, **{**usual, "name": "Budi", **said})


def test_a_coordinator_appoints_a_liaison_and_an_account_is_made(world: World) -> None:
    membership = appoint(world.wati, world)
    assert membership.user.email == "baru@contoh.test"
    assert not membership.user.has_usable_password()
    assert membership.is_current_on(timezone.localdate())
    entry = AuditEntry.objects.get(what="appoint")
    assert (entry.who, entry.acting_as, entry.subject_id) == (world.wati.user, world.pemkab, membership.pk)


def test_somebody_who_complains_as_a_citizen_may_also_serve(world: World) -> None:
    assert appoint(world.wati, world, email=world.sari.email).user == world.sari


@pytest.mark.parametrize("who", ["joko", "hana", "tono", "bayu"])
def test_nobody_else_appoints(world: World, who: str) -> None:
    with pytest.raises(members.NotAllowed):
        appoint(getattr(world, who), world)
    assert not User.objects.filter(email="baru@contoh.test").exists()


def test_a_coordinator_is_appointed_from_above_and_not_by_the_coordinator(world: World) -> None:
    with pytest.raises(members.NotAllowed):
        appoint(world.wati, world, agency=world.pemkab, role=Role.COORDINATOR)
    assert appoint(world.ratna, world, agency=world.pemkab, role=Role.COORDINATOR).role == Role.COORDINATOR


def test_national_admins_and_observers_are_the_centres(world: World) -> None:
    for role in (Role.NATIONAL, Role.OBSERVER):
        with pytest.raises(members.NotAllowed):
            appoint(world.wati, world, role=role)
    assert members.roles_to_give(world.ratna, world.root) == [Role.NATIONAL, Role.OBSERVER]
    with pytest.raises(members.Refused):
        appoint(world.ratna, world, role=Role.NATIONAL)


def test_the_same_role_at_the_same_office_is_given_once(world: World) -> None:
    appoint(world.wati, world)
    with pytest.raises(members.Refused) as refused:
        appoint(world.wati, world)
    assert refused.value.field == "email"


def test_nobody_gives_themselves_a_role_or_changes_their_own(world: World) -> None:
    assert world.wati.user is not None
    assert world.wati.membership is not None
    with pytest.raises(members.Refused):
        appoint(world.wati, world, email=world.wati.user.email)
    for verb in (members.end, members.confirm):
        with pytest.raises(members.Refused):
            verb(world.wati.membership, by=world.wati)


def test_an_ended_office_gets_nobody_new(world: World) -> None:
    world.dinas_sosial.ends_on = timezone.localdate()
    world.dinas_sosial.save()
    with pytest.raises(members.Refused):
        appoint(world.wati, world)


# --- Ending ---


@pytest.fixture
def heard() -> Any:
    found: list[dict[str, Any]] = []

    def listen(**said: Any) -> None:
        found.append(said)

    membership_ended.connect(listen)
    yield found
    membership_ended.disconnect(listen)


def test_ending_is_announced_at_once_with_its_day(world: World, heard: list[dict[str, Any]]) -> None:
    assert world.joko.membership is not None
    members.end(world.joko.membership, by=world.wati, reason="Pindah tugas")
    (said,) = heard
    assert (said["membership"].pk, said["day"]) == (world.joko.membership.pk, timezone.localdate())
    assert not Membership.objects.current().filter(pk=world.joko.membership.pk).exists()
    entry = AuditEntry.objects.get(what="end_membership")
    assert entry.reason == "Pindah tugas"
    with pytest.raises(members.Refused):
        members.end(world.joko.membership, by=world.wati)


def test_an_end_in_the_future_is_left_to_its_day(world: World, heard: list[dict[str, Any]]) -> None:
    assert world.joko.membership is not None
    members.end(world.joko.membership, by=world.wati, day=timezone.localdate() + datetime.timedelta(days=3))
    assert heard == []
    assert Membership.objects.current().filter(pk=world.joko.membership.pk).exists()


def test_an_end_in_the_past_is_refused(world: World) -> None:
    assert world.joko.membership is not None
    with pytest.raises(members.Refused):
        members.end(world.joko.membership, by=world.wati, day=timezone.localdate() - datetime.timedelta(days=1))


def test_the_last_coordinator_stays_until_there_is_a_successor(world: World) -> None:
    assert world.wati.membership is not None
    with pytest.raises(members.Refused, match="satu-satunya"):
        members.end(world.wati.membership, by=world.ratna)
    appoint(world.ratna, world, agency=world.pemkab, role=Role.COORDINATOR)
    members.end(world.wati.membership, by=world.ratna)
    assert world.pemkab.is_desk(timezone.localdate())


def test_the_last_national_admin_stays(world: World) -> None:
    assert world.seno.membership is not None
    assert world.ratna.membership is not None
    members.end(world.seno.membership, by=world.ratna)
    with pytest.raises(members.Refused, match="satu-satunya"):
        members.end(world.ratna.membership, by=Actor.system("test"))


def test_a_neighbour_ends_nothing_here(world: World) -> None:
    assert world.joko.membership is not None
    with pytest.raises(members.NotAllowed):
        members.end(world.joko.membership, by=world.tono)


# --- Decrees ---


@pytest.fixture
def decree(world: World) -> Decree:
    return members.record_decree(
        by=world.wati,
        agency=world.pemkab,
        number="KPTS 1/2024",
        decided_on=datetime.date(2024, 1, 2),
        about="Tim pengelola laporan warga",
    )


def test_an_amended_decree_asks_to_confirm_each_who_rests_on_it(world: World, decree: Decree) -> None:
    first = world.membership(world.rudi, world.dinas_sosial, Role.LIAISON, decree=decree, confirmed_on=LONG_AGO)
    everybody = Membership.objects.current()
    assert not members.to_confirm(everybody).exists()
    newer = members.record_decree(
        by=world.wati,
        agency=world.pemkab,
        number="KPTS 9/2025",
        decided_on=datetime.date(2025, 3, 3),
        about="Perubahan",
        amends=decree,
    )
    assert list(members.to_confirm(everybody)) == [first]
    members.confirm(first, by=world.wati)
    first.refresh_from_db()
    assert first.decree == newer
    assert not members.to_confirm(everybody).exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"number": "KPTS 1/2024"}, "number"),
        ({"decided_on": datetime.date(2999, 1, 1)}, "decided_on"),
    ],
)
def test_a_decree_that_cannot_be_is_refused(world: World, decree: Decree, said: dict[str, Any], field: str) -> None:
    usual: dict[str, Any] = {"number": "KPTS 2/2024", "decided_on": datetime.date(2024, 5, 5), "about": "x"}
    with pytest.raises(members.Refused) as refused:
        members.record_decree(by=world.wati, agency=world.pemkab, **{**usual, **said})
    assert refused.value.field == field


def test_a_decree_of_another_district_is_no_ground_here(world: World, decree: Decree) -> None:
    with pytest.raises(members.Refused):
        appoint(world.tono, world, agency=world.dinas_pu_tetangga, decree=decree)
    with pytest.raises(members.NotAllowed):
        members.record_decree(
            by=world.joko, agency=world.dinas_pu, number="1", decided_on=LONG_AGO, about="Liaison menulis SK"
        )


# --- Pages ---


def test_the_coordinator_reads_the_whole_subtree_in_few_statements(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(world.wati)
    for n in range(30):
        world.officer(f"Petugas {n}", world.dinas_sosial)
    client.get("/petugas/")
    with django_assert_max_num_queries(12):
        page = client.get("/petugas/").content.decode()
    assert "Joko Prasetyo" in page
    assert "Yanto Nugroho" not in page
    assert "Kantor tanpa petugas" in page


def test_the_head_sees_the_own_office_and_may_not_change_it(world: World) -> None:
    assert world.joko.membership is not None
    client = client_of(world.hana)
    page = client.get("/petugas/").content.decode()
    assert "Joko Prasetyo" in page
    assert "Wati Lestari" not in page
    assert "Angkat petugas" not in page
    assert client.get("/petugas/baru/").status_code == 403
    assert client.get(f"/petugas/{world.joko.membership.pk}/").status_code == 200
    assert client.post(f"/petugas/{world.joko.membership.pk}/akhir/", {"reason": "x"}).status_code == 403


def test_guests_sign_in_citizens_and_liaisons_are_refused(world: World) -> None:
    from django.test import Client

    for path in ("/petugas/", "/petugas/baru/", "/petugas/keputusan/", "/kelola/"):
        assert Client().get(path).headers["Location"].startswith("/akun/masuk/")
        assert client_of(world.sari).get(path).status_code == 403
        assert client_of(world.joko).get(path).status_code == 403


def test_a_membership_elsewhere_does_not_exist(world: World) -> None:
    assert world.yanto.membership is not None
    pk = world.yanto.membership.pk
    client = client_of(world.wati)
    assert client.get(f"/petugas/{pk}/").status_code == 404
    assert client.post(f"/petugas/{pk}/akhir/", {"reason": "x"}).status_code == 404
    assert client.post(f"/petugas/{pk}/konfirmasi/").status_code == 404


def test_appointing_on_the_page(world: World) -> None:
    client = client_of(world.wati)
    form = {"agency": world.dinas_sosial.pk, "email": "budi@contoh.test", "name": "Budi", "role": "LIAISON"}
    assert client.post("/petugas/baru/", form).status_code == 302
    assert world.dinas_sosial.is_staffed(timezone.localdate())
    assert "sudah memegang" in client.post("/petugas/baru/", form).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"agency": ""}, "Pilih kantornya."),
        ({"email": ""}, "Tulis alamat email petugas."),
        ({"email": "bukan"}, "belum lengkap"),
        ({"name": ""}, "Tulis nama petugas."),
        ({"role": ""}, "Pilih satu peran."),
    ],
)
def test_each_empty_field_has_its_own_sentence(world: World, change: dict[str, str], sentence: str) -> None:
    form = {"agency": str(world.dinas_sosial.pk), "email": "a@contoh.test", "name": "A", "role": "LIAISON"} | change
    assert sentence in client_of(world.wati).post("/petugas/baru/", form).content.decode()


def test_an_office_of_another_district_cannot_be_chosen(world: World) -> None:
    client = client_of(world.wati)
    form = {"agency": world.dinas_pu_tetangga.pk, "email": "a@contoh.test", "name": "A", "role": "LIAISON"}
    assert client.post("/petugas/baru/", form).status_code == 200
    assert not User.objects.filter(email="a@contoh.test").exists()
    assert client.get(f"/petugas/baru/?kantor={world.dinas_pu_tetangga.pk}").status_code == 404
    assert client.get("/petugas/baru/?kantor=99999999999999999999").status_code == 404


def test_a_coordinator_whose_membership_ended_while_the_form_was_open_gets_403(world: World) -> None:
    client = client_of(world.wati)
    Membership.objects.filter(user=world.wati.user).update(ends_on=timezone.localdate())
    form = {"agency": world.dinas_sosial.pk, "email": "a@contoh.test", "name": "A", "role": "LIAISON"}
    assert client.post("/petugas/baru/", form).status_code == 403


def test_ending_on_the_page_asks_why_and_keeps_what_was_refused(world: World) -> None:
    assert world.joko.membership is not None
    assert world.wati.membership is not None
    path = f"/petugas/{world.joko.membership.pk}/akhir/"
    client = client_of(world.wati)
    assert "Tulis alasannya" in client.post(path, {"reason": ""}).content.decode()
    assert client.post(path, {"reason": "Pensiun"}).status_code == 302
    answer = client_of(world.ratna).post(f"/petugas/{world.wati.membership.pk}/akhir/", {"reason": "Pensiun"})
    assert "satu-satunya" in answer.content.decode()


def test_a_decree_is_recorded_with_its_file_and_read_by_the_coordinator_alone(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    form = {
        "number": "KPTS 5/2025",
        "decided_on_day": "3",
        "decided_on_month": "3",
        "decided_on_year": "2025",
        "about": "Tim pengelola",
        "amends": "",
    }
    client = client_of(world.wati)
    bad = client.post("/petugas/keputusan/", form | {"file": SimpleUploadedFile("a.pdf", b"MZ bukan pdf")})
    assert "bukan PDF" in bad.content.decode()
    client.post("/petugas/keputusan/", form | {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 isi")})
    decree = Decree.objects.get(number="KPTS 5/2025")
    path = f"/petugas/keputusan/{decree.pk}/berkas/"
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert client_of(world.tono).get(path).status_code == 404
    assert client_of(world.ratna).get(path).status_code == 200


def test_the_page_of_a_membership_to_confirm_names_both_decrees(world: World, decree: Decree) -> None:
    first = world.membership(world.rudi, world.dinas_sosial, Role.LIAISON, decree=decree)
    members.record_decree(
        by=world.wati,
        agency=world.pemkab,
        number="KPTS 9/2025",
        decided_on=datetime.date(2025, 3, 3),
        about="Perubahan",
        amends=decree,
    )
    client = client_of(world.wati)
    assert "keputusan yang sudah diubah" in client.get("/petugas/").content.decode()
    assert "Rudi Hartono" in client.get("/petugas/?hanya=konfirmasi").content.decode()
    page = client.get(f"/petugas/{first.pk}/").content.decode()
    assert "KPTS 1/2024" in page
    assert "KPTS 9/2025" in page
    client.post(f"/petugas/{first.pk}/konfirmasi/")
    assert "keputusan yang sudah diubah" not in client.get("/petugas/").content.decode()
