"""Priority programmes: recorded, corrected and ended by the centre alone, each change audited; and who observes one."""

from __future__ import annotations

import datetime
import importlib
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from agencies import members, programmes
from agencies.actor import Actor
from agencies.models import AuditEntry, Membership, Programme, Role
from agencies.permissions import start_of
from tests.world import LONG_AGO, World, client_of, programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
PAGE = "/kelola/program/"
TODAY = datetime.date(2026, 11, 18)  # a Wednesday
TOMORROW = TODAY + datetime.timedelta(days=1)


def day_fields(name: str, day: datetime.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def form(**more: str) -> dict[str, str]:
    said = {"name": "Inpres  Jalan Daerah", "code": "jalan-daerah", "legal_basis": "Inpres 3/2023", **more}
    return {**day_fields("starts_on", TODAY), **said}


def audited(what: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(what=what).order_by("pk"))


# --- The pages ---


def test_an_empty_list_says_what_to_do_first(world: World) -> None:
    ratna = client_of(world.ratna)
    assert PAGE in ratna.get("/kelola/").content.decode()
    page = ratna.get(PAGE).content.decode()
    assert "Belum ada program yang berlaku" in page
    assert 'href="#tambah"' in page


def test_a_programme_is_recorded_and_audited(world: World) -> None:
    answer = client_of(world.ratna).post(PAGE, form(description="Jalan dan jembatan."))
    made = Programme.objects.get()
    assert answer.headers["Location"] == f"{PAGE}{made.pk}/"
    assert (made.name, made.code, made.starts_on, made.ends_on) == ("Inpres Jalan Daerah", "jalan-daerah", TODAY, None)
    [entry] = audited("add_programme")
    assert entry.after is not None
    assert (entry.who, entry.subject_id, entry.after["legal_basis"]) == (world.ratna.user, made.pk, "Inpres 3/2023")
    assert "Inpres Jalan Daerah" in client_of(world.seno).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": ""}, "Tulis nama program."),
        ({"name": "x" * 121}, "Nama paling panjang 120 huruf."),
        ({"code": ""}, "Tulis kodenya."),
        ({"code": "Jalan Daerah"}, "Kode hanya huruf kecil"),
        ({"code": "-jalan"}, "Kode hanya huruf kecil"),
        ({"code": "jalan\n"}, ""),
        ({"code": "x" * 41}, "Kode paling panjang 40 huruf."),
        ({"code": "lama"}, "Kode itu sudah dipakai program lain"),
        ({"description": "x" * 2001}, "Keterangan paling panjang 2.000 huruf."),
        ({"legal_basis": "x" * 301}, "Dasar hukum paling panjang 300 huruf."),
        ({"starts_on_day": "31", "starts_on_month": "2"}, "Tanggal ini tidak ada di kalender"),
        ({"starts_on_day": "", "starts_on_month": "", "starts_on_year": ""}, "Tulis tanggal mulainya."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_kept(world: World, said: dict[str, str], sentence: str) -> None:
    programme("lama", ends_on=LONG_AGO)
    page = client_of(world.ratna).post(PAGE, form(**said))
    if not sentence:  # blanks around it are taken away like anywhere
        assert Programme.objects.filter(code="jalan").exists()
        return
    assert sentence in page.content.decode()
    assert Programme.objects.count() == 1
    assert not audited("add_programme")


def test_its_words_may_be_corrected_and_its_code_stays(world: World) -> None:
    made, ratna = programme("jalan-daerah"), client_of(world.ratna)
    said = form(name="Jalan Daerah", code="lain")
    assert ratna.post(f"{PAGE}{made.pk}/", said).status_code == 302
    changed = Programme.objects.get()
    assert (changed.name, changed.code) == ("Jalan Daerah", "jalan-daerah")
    [entry] = audited("change_programme")
    assert entry.before is not None
    assert entry.before["name"] == "jalan-daerah"
    assert "jalan-daerah → Jalan Daerah" in ratna.get(f"{PAGE}{made.pk}/").content.decode()
    ratna.post(f"{PAGE}{made.pk}/", said)
    assert len(audited("change_programme")) == 1, "the same again is no change"


def test_it_ends_on_a_day_with_a_closing_word(world: World) -> None:
    made, ratna = programme("jalan-daerah"), client_of(world.ratna)
    said = {"akhiri": "1", "closing": "Selesai di 30 provinsi.", **day_fields("ends_on", TOMORROW)}
    assert ratna.post(f"{PAGE}{made.pk}/", said).status_code == 302
    ended = Programme.objects.get()
    assert (ended.ends_on, ended.closing) == (TOMORROW, "Selesai di 30 provinsi.")
    assert ended in Programme.objects.active_on(TODAY)
    assert ended not in Programme.objects.active_on(TOMORROW)
    assert len(audited("end_programme")) == 1
    assert "Selesai di 30 provinsi." in ratna.get(f"{PAGE}{made.pk}/").content.decode()


def test_it_does_not_end_in_the_past_nor_twice(world: World) -> None:
    made, ratna = programme("jalan-daerah"), client_of(world.ratna)
    yesterday = {"akhiri": "1", **day_fields("ends_on", TODAY - datetime.timedelta(days=1))}
    assert "Pilih hari ini atau sesudahnya" in ratna.post(f"{PAGE}{made.pk}/", yesterday).content.decode()
    today = {"akhiri": "1", **day_fields("ends_on", TODAY)}
    ratna.post(f"{PAGE}{made.pk}/", today)
    page = ratna.get(f"{PAGE}{made.pk}/").content.decode()
    assert "Akhiri program" not in page
    assert "sudah berakhir" in ratna.post(f"{PAGE}{made.pk}/", today).content.decode()
    assert len(audited("end_programme")) == 1
    assert "Program yang sudah berakhir" in ratna.get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["joko", "hana", "wati", "bayu", "lina"])
def test_nobody_else_writes_programmes(world: World, who: str) -> None:
    by: Actor = getattr(world, who)
    made, client = programme("jalan-daerah"), client_of(by)
    for address in (PAGE, f"{PAGE}{made.pk}/"):
        assert client.get(address).status_code == 403
        assert client.post(address, form(code="baru", name="Baru")).status_code == 403
    with pytest.raises(members.NotAllowed):
        programmes.add(by=by, name="Baru", code="baru")
    with pytest.raises(members.NotAllowed):
        programmes.end(made, by=by, day=TODAY)
    assert list(Programme.objects.values_list("name", "ends_on")) == [("jalan-daerah", None)]


# --- Its observers ---


def observer(world: World, **more: Any) -> Membership:
    usual = {"agency": world.root, "role": Role.OBSERVER, "email": "laksmi@contoh.test", "name": "Laksmi"}
    return members.appoint(by=world.ratna, **{**usual, **more})


def test_the_centre_appoints_an_observer_of_one_programme_from_its_page(world: World) -> None:
    made, ratna = programme("jalan-daerah"), client_of(world.ratna)
    address = f"/petugas/baru/?kantor={world.root.pk}&program={made.pk}"
    assert address.replace("&", "&amp;") in ratna.get(f"{PAGE}{made.pk}/").content.decode()
    page = ratna.get(address).content.decode()
    assert f'<option value="{made.pk}" selected>' in page
    said = {"agency": world.root.pk, "email": "laksmi@contoh.test", "name": "Laksmi", "role": "OBSERVER"}
    assert ratna.post(address, {**said, "programme": made.pk}).status_code == 302
    laksmi = Membership.objects.get(user__email="laksmi@contoh.test")
    assert laksmi.programme == made
    assert laksmi.shown_role == "Pengawas, program jalan-daerah"
    assert "Laksmi" in ratna.get(f"{PAGE}{made.pk}/").content.decode()
    assert "Pengawas, program jalan-daerah" in ratna.get("/petugas/?q=laksmi").content.decode()
    [entry] = audited("appoint")
    assert entry.after is not None
    assert entry.after["programme"] == made.pk


def test_only_an_observer_has_a_programme_and_only_one_in_force(world: World) -> None:
    made, over = programme("jalan-daerah"), programme("lama", ends_on=LONG_AGO)
    for role, chosen in ((Role.NATIONAL, made), (Role.OBSERVER, over)):
        with pytest.raises(members.Refused) as refused:
            observer(world, role=role, programme=chosen)
        assert refused.value.field == "programme"
    page = client_of(world.ratna).post(
        f"/petugas/baru/?kantor={world.root.pk}",
        {"agency": world.root.pk, "email": "x@contoh.test", "name": "X", "role": "NATIONAL", "programme": made.pk},
    )
    assert "Hanya pengawas yang bisa dibatasi pada satu program." in page.content.decode()
    assert not Membership.objects.filter(programme__isnull=False).exists()


def test_one_person_may_observe_two_programmes_and_each_once(world: World) -> None:
    observer(world, programme=programme("jalan-daerah"))
    observer(world, programme=programme("gizi"))
    with pytest.raises(members.Refused):
        observer(world, programme=programme("gizi"))
    assert Membership.objects.filter(user__email="laksmi@contoh.test").count() == 2


def test_a_coordinator_is_not_asked_for_a_programme(world: World) -> None:
    programme("jalan-daerah")
    page = client_of(world.wati).get(f"/petugas/baru/?kantor={world.dinas_pu.pk}").content.decode()
    assert "Program yang diawasi" not in page


def test_an_observer_of_a_programme_begins_at_it(world: World) -> None:
    membership = observer(world, programme=programme("jalan-daerah"))
    assert start_of(membership) == "/pengawasan/program/"
    client = client_of(Actor.officer(membership))
    assert client.get(start_of(membership)).status_code == 200
    assert "Pengawas, program jalan-daerah" in client.get("/akun/").content.decode()


def test_a_word_becomes_a_programme_and_nobody_reads_more_than_before(world: World) -> None:
    """What 0008 does to memberships as they used to be, on a table that still has the column."""
    become = importlib.import_module("agencies.migrations.0008_tags_become_programmes").become_programmes
    bayu = world.bayu.membership
    assert bayu is not None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE agencies_membership ADD COLUMN tag varchar(40) NOT NULL DEFAULT ''")
        cursor.execute("UPDATE agencies_membership SET tag = 'KSP 2025' WHERE id = %s", [bayu.pk])
    before = (
        MigrationLoader(connection, replace_migrations=False)
        .project_state(("agencies", "0008_tags_become_programmes"))
        .apps
    )
    become(before, None)
    become(before, None)  # cut off in the middle, it is run again
    made = Programme.objects.get()
    assert (made.code, made.name, made.starts_on) == ("ksp-2025", "KSP 2025", LONG_AGO)
    assert Membership.objects.get(pk=bayu.pk).programme == made
    assert Membership.objects.exclude(pk=bayu.pk).filter(programme__isnull=False).count() == 0
