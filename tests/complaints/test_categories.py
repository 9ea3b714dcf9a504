"""The list reporters choose from: added, renamed, ended and taken in by the centre alone, each change audited."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import AuditEntry
from complaints import categories
from complaints.loaders import load_categories
from complaints.models import Category, Complaint
from routing import dispatch
from tests.complaints.cases import report
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
PAGE = "/kelola/kategori/"
TODAY = datetime.date(2026, 11, 18)  # a Wednesday
TOMORROW = TODAY + datetime.timedelta(days=1)


def fresh(category: Category) -> Category:
    return Category.objects.get(pk=category.pk)


def audited(what: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(what=what).order_by("pk"))


def day_fields(day: datetime.date) -> dict[str, str]:
    return {"ends_on_day": str(day.day), "ends_on_month": str(day.month), "ends_on_year": str(day.year)}


# --- one at a time ---


def test_the_page_lists_both_levels_and_is_reached_from_kelola(world: World) -> None:
    ratna = client_of(world.ratna)
    assert PAGE in ratna.get("/kelola/").content.decode()
    page = ratna.get(PAGE).content.decode()
    assert page.index("Pekerjaan Umum dan Penataan Ruang") < page.index("Jalan Berlubang")
    assert f"{PAGE}{world.cat_road.pk}/" in page


@pytest.mark.parametrize(
    ("code", "level", "office"),
    [
        ("pendidikan", "kabkota", "Dinas Pendidikan"),
        ("bpjs_kesehatan", "pusat", "Badan Penyelenggara Jaminan Sosial Kesehatan"),
        ("energi_listrik", "bumn", ""),
    ],
)
def test_a_category_names_who_usually_answers(world: World, code: str, level: str, office: str) -> None:
    category = Category.objects.create(name="Percobaan", bidang=code, level_hint=level, starts_on="2026-01-01")
    page = client_of(world.ratna).get(f"/kelola/kategori/{category.pk}/").content.decode()
    assert (f"Biasanya dijawab {office}." in page) == bool(office)


def test_a_new_category_below_another_can_be_chosen_at_once(world: World) -> None:
    said = {
        "parent": str(world.cat_works.pk),
        "name": " Jembatan  Gantung ",
        "bidang": "pekerjaan_umum",
        "level_hint": "kabkota",
        "notice": "Kalau jembatan putus, jangan dilewati.",
    }
    answer = client_of(world.ratna).post(PAGE, said)
    assert answer.headers["Location"] == PAGE
    made = Category.objects.get(name="Jembatan Gantung")
    assert (made.parent, made.starts_on, made.kept_here) == (world.cat_works, TODAY, True)
    [entry] = audited("add_category")
    assert entry.after is not None
    assert (entry.who, entry.subject_id, entry.after["name"]) == (world.ratna.user, made.pk, "Jembatan Gantung")
    case = report(world, category=made)
    dispatch.forward_by_itself(case.pk)
    assert Complaint.objects.get(pk=case.pk).handler == world.dinas_pu, "its bidang finds the office"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": ""}, "Tulis nama kategori."),
        ({"name": "x" * 121}, "Nama paling panjang 120 huruf."),
        ({"name": "jalan BERLUBANG"}, "Nama itu sudah ada di tempat ini."),
        ({"bidang": ""}, "Pilih bidang."),
        ({"bidang": "sihir"}, "Pilih bidang dari daftar."),
        ({"parent": "road"}, "Pilih kategori tingkat pertama yang masih berlaku."),
        ({"parent": "road-id"}, "Pilih kategori tingkat pertama yang masih berlaku."),
        ({"level_hint": "langit"}, "Pilih tingkat dari daftar."),
        ({"notice": "x" * 301}, "Pemberitahuan paling panjang 300 huruf."),
    ],
)
@pytest.mark.sampled
def test_what_does_not_fit_is_said_beside_its_field_and_kept(world: World, said: dict[str, str], sentence: str) -> None:
    given = {"parent": str(world.cat_works.pk), "name": "Jembatan", "bidang": "pekerjaan_umum", **said}
    if given["parent"] == "road-id":
        given["parent"] = str(world.cat_road.pk)
    before = Category.objects.count()
    page = client_of(world.ratna).post(PAGE, given).content.decode()
    assert sentence in page
    assert Category.objects.count() == before
    assert not audited("add_category")


def test_renaming_and_another_bidang_keep_what_reports_have(world: World) -> None:
    case = report(world, category=world.cat_road)
    said = {"name": "Jalan Rusak", "bidang": "kesehatan", "level_hint": "", "notice": ""}
    client_of(world.ratna).post(f"{PAGE}{world.cat_road.pk}/", said)
    changed = fresh(world.cat_road)
    assert (changed.name, changed.bidang) == ("Jalan Rusak", "kesehatan")
    assert Complaint.objects.get(pk=case.pk).category == changed
    [entry] = audited("change_category")
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["name"], entry.after["bidang"]) == ("Jalan Berlubang", "kesehatan")
    page = client_of(world.ratna).get(f"{PAGE}{world.cat_road.pk}/").content.decode()
    assert "Jalan Berlubang → Jalan Rusak" in page
    client_of(world.ratna).post(f"{PAGE}{world.cat_road.pk}/", said)
    assert len(audited("change_category")) == 1, "the same again is no change"


def test_ending_takes_what_is_below_along_and_leaves_reports_alone(world: World) -> None:
    case = report(world, category=world.cat_road)
    answer = client_of(world.ratna).post(f"{PAGE}{world.cat_works.pk}/", {"akhiri": "1", **day_fields(TOMORROW)})
    assert answer.status_code == 302
    assert fresh(world.cat_works).ends_on == fresh(world.cat_road).ends_on == TOMORROW
    assert world.cat_road in Category.objects.on(TODAY)
    assert world.cat_road not in Category.objects.on(TOMORROW)
    assert len(audited("end_category")) == 1 + Category.objects.filter(parent=world.cat_works).count()
    assert Complaint.objects.get(pk=case.pk).category == world.cat_road


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ({}, "Tulis tanggalnya."),
        (day_fields(TODAY - datetime.timedelta(days=1)), "Pilih hari ini atau sesudahnya"),
        ({"ends_on_day": "31", "ends_on_month": "2", "ends_on_year": "2027"}, "anggal"),
    ],
)
def test_an_end_that_makes_no_sense(world: World, day: dict[str, str], sentence: str) -> None:
    page = client_of(world.ratna).post(f"{PAGE}{world.cat_road.pk}/", {"akhiri": "1", **day}).content.decode()
    assert sentence in page
    assert fresh(world.cat_road).ends_on is None


def test_there_is_always_a_category_for_what_fits_nowhere(world: World) -> None:
    others = Category.objects.filter(bidang="lainnya").exclude(pk=world.cat_other.pk)
    others.update(ends_on=TODAY)
    with pytest.raises(Refused):
        categories.end(world.cat_other, by=world.ratna, day=TOMORROW)


def test_what_ended_is_shown_when_asked_for(world: World) -> None:
    categories.end(world.cat_road, by=world.ratna, day=TODAY)
    ratna = client_of(world.ratna)
    assert f"{PAGE}{world.cat_road.pk}/" not in ratna.get(PAGE).content.decode()
    assert f"{PAGE}{world.cat_road.pk}/" in ratna.get(f"{PAGE}?berakhir=ya").content.decode()
    with pytest.raises(Refused):
        categories.end(world.cat_road, by=world.ratna, day=TOMORROW)


# --- a table ---


def upload(client: Client, content: str | bytes) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(f"{PAGE}impor/", {"table": SimpleUploadedFile("kategori.csv", data, "text/csv")})


TABLE = (
    "parent;name;bidang;level_hint;ends_on\n"
    "Telekomunikasi Desa;Sinyal Hilang;lainnya;;\n"
    ";Telekomunikasi Desa;lainnya;pusat;\n"
    "Pekerjaan Umum dan Penataan Ruang;Jalan Berlubang;kesehatan;;\n"
    f"Pekerjaan Umum dan Penataan Ruang;Trotoar Baru;pekerjaan_umum;;{TOMORROW}\n"
    ";;lainnya;;\n"
    ";Sihir;sihir;;\n"
    "Tidak Ada;Anak Yatim;lainnya;;\n"
)


def test_a_table_is_shown_before_it_is_kept(world: World) -> None:
    ratna, before = client_of(world.ratna), Category.objects.count()
    page = upload(ratna, TABLE).content.decode()
    assert "Belum ada yang disimpan" in page
    assert "bidang “sihir” tidak dikenal" in page
    assert "tidak ada kategori “Tidak Ada” di tingkat pertama" in page
    assert Category.objects.count() == before
    assert not AuditEntry.objects.filter(subject_kind="category").exists()
    answer = ratna.post(f"{PAGE}impor/", {"text": TABLE})
    assert answer.headers["Location"] == PAGE
    assert Category.objects.get(name="Sinyal Hilang").parent == Category.objects.get(name="Telekomunikasi Desa")
    assert fresh(world.cat_road).bidang == "kesehatan"
    assert Category.objects.get(name="Trotoar Baru").ends_on == TOMORROW
    whats = set(AuditEntry.objects.filter(subject_kind="category").values_list("what", flat=True))
    assert whats == {"add_category", "change_category", "end_category"}


def test_the_same_table_again_changes_nothing(world: World) -> None:
    rows, _refused = categories.read_table(TABLE)
    categories.load(rows, by=world.ratna)
    again = categories.load(rows, by=world.ratna)
    assert [*again.added, *again.changed, *again.ended] == []


@pytest.mark.parametrize("content", [b"", b"nama\nx\n", b"\xff\xfe\x00", "name\nx\n"])
def test_what_is_no_table_is_said(world: World, content: Any) -> None:
    answer = upload(client_of(world.ratna), content)
    assert answer.status_code == 200
    assert "err" in answer.content.decode()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",,pekerjaan_umum,,,,", "name"),
        (f",{'x' * 121},pekerjaan_umum,,,,", "name"),
        (",Baru,pekerjaan_umum,langit,,,", "level_hint"),
        (f",Baru,pekerjaan_umum,,{'x' * 301},,", "notice"),
        (",Baru,pekerjaan_umum,,,²,", "order"),
        (",Baru,pekerjaan_umum,,,,besok", "ends_on"),
        (",Baru,pekerjaan_umum,,,,2001-01-01", "ends_on"),
    ],
)
def test_a_refused_row_names_its_column(world: World, row: str, column: str) -> None:
    rows, refused = categories.read_table(f"{','.join(categories.COLUMNS)}\n{row}\n")
    refused += categories.load(rows, by=world.ratna).refused
    assert [(one.line, one.column) for one in refused] == [(2, column)]


# --- beside the shipped table ---


def test_the_shipped_table_leaves_alone_what_the_centre_decided(world: World) -> None:
    load_categories(TODAY)
    top = Category.objects.get(shipped_as="|Pekerjaan Umum dan Penataan Ruang")
    child = Category.objects.filter(parent=top).exclude(shipped_as="").first()
    assert child is not None
    added = categories.add(by=world.ratna, name="Hanya di sini", bidang="lainnya")
    categories.change(top, by=world.ratna, name="Pekerjaan Umum")
    categories.end(child, by=world.ratna, day=TODAY)
    count = Category.objects.count()
    outcome = load_categories(TOMORROW)
    assert Category.objects.count() == count
    assert not outcome.added
    assert fresh(top).name == "Pekerjaan Umum"
    assert fresh(child).ends_on == TODAY
    assert fresh(added).ends_on is None


# --- nobody else ---


@pytest.mark.parametrize("who", ["wati", "hana", "joko", "tono", "bayu", "sari"])
def test_nobody_but_the_centre(world: World, who: str) -> None:
    somebody = getattr(world, who)
    client, before = client_of(somebody), list(Category.objects.order_by("pk").values())
    said = {"name": "Baru", "bidang": "lainnya", "akhiri": "1", "text": TABLE, **day_fields(TOMORROW)}
    for address in (PAGE, f"{PAGE}impor/", f"{PAGE}{world.cat_road.pk}/"):
        assert client.get(address).status_code == 403
        assert client.post(address, said).status_code == 403
        assert Client().post(address, said).status_code in (302, 403)
    assert list(Category.objects.order_by("pk").values()) == before
    if isinstance(somebody, Actor):
        with pytest.raises(NotAllowed):
            categories.add(by=somebody, name="Baru", bidang="lainnya")
        with pytest.raises(NotAllowed):
            categories.change(world.cat_road, by=somebody, name="Baru")
        with pytest.raises(NotAllowed):
            categories.end(world.cat_road, by=somebody, day=TOMORROW)
        with pytest.raises(NotAllowed):
            categories.load([], by=somebody)
