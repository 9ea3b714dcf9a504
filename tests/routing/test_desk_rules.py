"""The coordinator's rules: written in sentences, ordered, tried on a text, ended; every change in the audit."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine

from agencies.models import AuditEntry
from routing import rulebook
from routing.models import Rule
from tests.complaints.cases import NOW
from tests.world import World, client_of

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def rule(world: World, **more: Any) -> Rule:
    fields = {"words": ["lubang"], "target": world.dinas_pu, "starts_on": TODAY, **more}
    return rulebook.add(world.pemkab, by=world.wati, **fields)


def form(world: World, **more: Any) -> dict[str, Any]:
    return {
        "words": "Lubang, Aspal Rusak",
        "agency": world.dinas_pu.pk,
        "starts_on_day": "25",
        "starts_on_month": "5",
        "starts_on_year": "2026",
        **more,
    }


def test_an_empty_book_says_what_happens_without_rules(world: World) -> None:
    page = client_of(world.wati).get("/meja/aturan/").content.decode()
    assert "Belum ada aturan" in page
    assert "Tambah aturan" in page


def test_a_rule_reads_as_a_sentence(world: World) -> None:
    client_of(world.wati).post(
        "/meja/aturan/baru/", form(world, category=world.cat_road.pk, region=world.mekarsari.pk, note="Surat 12/2026")
    )
    made = Rule.objects.get()
    assert (made.owner, made.words, made.target) == (world.pemkab, ["lubang", "aspal rusak"], world.dinas_pu)
    assert rulebook.sentence(made) == (
        "Kalau kategori “Jalan Berlubang”, dan tempat Mekarsari, dan ada kata “lubang” atau “aspal rusak”, "
        "teruskan ke Dinas Pekerjaan Umum dan Penataan Ruang."
    )
    assert AuditEntry.objects.get(subject_kind="rule").what == "rule_added"
    assert "Surat 12/2026" in client_of(world.wati).get("/meja/aturan/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"words": ""}, "paling sedikit satu"),
        ({"agency": ""}, "Pilih kantornya"),
        ({"words": ", ".join(f"kata{n}" for n in range(21))}, "Paling banyak 20 kata"),
        ({"words": "x" * 61}, "paling panjang 60 huruf"),
        ({"starts_on_day": "31", "starts_on_month": "2"}, "tidak ada di kalender"),
        ({"ends_on_day": "1", "ends_on_month": "5", "ends_on_year": "2026"}, "harus sesudah tanggal mulai"),
        ({"starts_on_day": "", "starts_on_month": "", "starts_on_year": ""}, "Isi tanggal mulainya"),
    ],
)
@pytest.mark.sampled
def test_what_is_wrong_is_said_and_what_was_typed_kept(world: World, wrong: dict[str, str], words: str) -> None:
    page = client_of(world.wati).post("/meja/aturan/baru/", form(world, note="Catatan saya", **wrong)).content.decode()
    assert words in page
    assert "Catatan saya" in page
    assert not Rule.objects.exists()


def test_a_rule_sends_only_into_the_own_subtree(world: World) -> None:
    page = client_of(world.wati).post("/meja/aturan/baru/", form(world, agency=world.dinas_pu_tetangga.pk))
    assert "tidak bisa dipilih" in page.content.decode()


def test_order_up_and_down(world: World) -> None:
    first, second = rule(world), rule(world, words=["obat"], target=world.dinas_kesehatan)
    browser = client_of(world.wati)
    browser.post(f"/meja/aturan/{second.pk}/urutan/", {"arah": "naik"})
    assert [one.pk for one in rulebook.book(world.pemkab, TODAY)[0]] == [second.pk, first.pk]
    browser.post(f"/meja/aturan/{second.pk}/urutan/", {"arah": "naik"})
    browser.post(f"/meja/aturan/{second.pk}/urutan/", {"arah": "turun"})
    assert [one.pk for one in rulebook.book(world.pemkab, TODAY)[0]] == [first.pk, second.pk]
    assert AuditEntry.objects.filter(what="rules_ordered").count() == 2


def test_change_and_end(world: World) -> None:
    made = rule(world)
    browser = client_of(world.wati)
    assert "lubang" in browser.get(f"/meja/aturan/{made.pk}/").content.decode()
    browser.post(f"/meja/aturan/{made.pk}/", form(world, words="jembatan"))
    made.refresh_from_db()
    assert made.words == ["jembatan"]
    browser.post(f"/meja/aturan/{made.pk}/akhir/")
    made.refresh_from_db()
    assert made.ends_on == TODAY
    assert not Rule.objects.in_force(TODAY).exists()
    changed = AuditEntry.objects.get(what="rule_changed")
    assert changed.before is not None
    assert changed.before["words"] == ["lubang"]


def test_a_dry_look_names_the_first_rule_and_writes_nothing(world: World) -> None:
    rule(world)
    browser = client_of(world.wati)
    page = browser.get("/meja/aturan/", {"text": "Ada lubang di jalan", "category": "", "region": ""}).content.decode()
    assert "dengan kata “lubang” ditangani Dinas Pekerjaan Umum" in page
    nothing = browser.get("/meja/aturan/", {"text": "Antre obat"}).content.decode()
    assert "Tidak ada aturan yang cocok" in nothing


def test_rules_not_begun_or_ended_do_not_match(world: World) -> None:
    rule(world, starts_on=TODAY + datetime.timedelta(days=1))
    rule(world, starts_on=datetime.date(2025, 1, 1), ends_on=TODAY)
    assert rulebook.dry_look(world.pemkab, "lubang", None, None, TODAY) is None


def test_searching_an_office_keeps_the_rest(world: World) -> None:
    page = client_of(world.wati).post("/meja/aturan/baru/", form(world, cari="kesehat", cari_kantor="1"))
    assert "Dinas Kesehatan" in page.content.decode()
    assert "Lubang, Aspal Rusak" in page.content.decode()
    assert not Rule.objects.exists()


@pytest.mark.parametrize("who", ["joko", "hana", "bayu", "sari"])
def test_rules_are_the_coordinators(world: World, who: str) -> None:
    made = rule(world)
    browser = client_of(getattr(world, who))
    assert browser.get("/meja/aturan/").status_code == 403
    assert browser.post("/meja/aturan/baru/", form(world)).status_code == 403
    assert browser.post(f"/meja/aturan/{made.pk}/akhir/").status_code == 403


def test_a_neighbours_rule_does_not_exist_here(world: World) -> None:
    made = rule(world)
    browser = client_of(world.tono)
    assert browser.get(f"/meja/aturan/{made.pk}/").status_code == 404
    assert browser.post(f"/meja/aturan/{made.pk}/akhir/").status_code == 404
    assert browser.post(f"/meja/aturan/{made.pk}/urutan/", {"arah": "naik"}).status_code == 404
