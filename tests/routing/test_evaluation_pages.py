"""A year's evaluation by its pages: the centre prepares and opens, the district checks, gives evidence and objects, the
evaluator scores and decides, the public reads; and who may not."""

from __future__ import annotations

import datetime
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Decree, Role
from complaints import attachments
from complaints.models import Attachment, Notification
from routing.evaluation import cycle as cycles
from routing.evaluation import pack
from routing.measures import ledger
from routing.models import Cycle, Evaluation, Evidence, Method, Objection, SignalNote
from tests.complaints.files import document
from tests.scenes import once
from tests.world import World, client_of
from tests.years import Tale, pemda, tell

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 2, 2, 3, 0, tzinfo=datetime.UTC)
KELOLA = "/evaluasi/kelola/"
DATES = {
    "year": "2025",
    "cut_on": "31-01-2026",
    "opens_by": "02-02-2026",
    "check_by": "20-02-2026",
    "score_by": "10-03-2026",
    "object_by": "20-03-2026",
    "publish_by": "31-03-2026",
}


def on(day: int, month: int = 2) -> Any:
    return time_machine.travel(datetime.datetime(2026, month, day, 3, 0, tzinfo=datetime.UTC), tick=False)


def work() -> None:
    """What the worker does every ten minutes."""
    cycles.tend()
    cycles.go_on()


@once()
def some(world: World) -> World:
    tell(
        2025,
        [
            Tale(40, world.dinas_pu, rating=4),
            Tale(9, world.dinas_kesehatan, answered=8, ended="lapse"),
            Tale(3, world.dinas_kesehatan, secret=True),
        ],
    )
    _other, (dinas,) = pemda(world.root, "Pemerintah Kabupaten Buton")
    tell(2025, [Tale(45, dinas, answered=4, ended="lapse")])
    ledger.keep_up(NOW)
    return world


@pytest.fixture
def opened(some: World) -> World:
    with on(2):
        client = client_of(some.ratna)
        answer = client.post(KELOLA, DATES)
        assert answer.status_code == HTTPStatus.FOUND, answer.content.decode()
        work()
        client.post(f"{answer['Location']}tahap/buka/")
        work()
    return some


def edition() -> Cycle:
    return Cycle.objects.latest("pk")


def sukamaju(world: World) -> Evaluation:
    return edition().evaluations.get(agency=world.pemkab)


def page_of(client: Client, address: str, status: int = HTTPStatus.OK) -> str:
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return answer.content.decode()


def test_from_preparing_to_what_the_public_reads(opened: World, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    world = opened
    wati, ratna = client_of(world.wati), client_of(world.ratna)
    cycle = edition()
    assert Notification.objects.filter(letter="officer_eval_open:2025/").count() == 2, "Bu Wati's and Pak Tono's"
    with on(3):
        page = page_of(wati, "/evaluasi/2025/")
        assert "Periksa angkanya" in page
        assert "Bobot" not in page
        assert "49" not in page or "52" in page
        decree = Decree.objects.create(
            agency=world.pemkab, number="KPTS 1", decided_on=datetime.date(2025, 1, 5), about="Tim pengelola"
        )
        given = {
            "kind": "SK",
            "title": "SK tim pengelola",
            "day": "05-01-2025",
            "decree": decree.pk,
            "about": "55 nama",
        }
        file = SimpleUploadedFile("sk.pdf", document(), content_type="application/pdf")
        assert wati.post("/evaluasi/2025/bukti/", {**given, "file": file, "open": "on"}).status_code == HTTPStatus.FOUND
        late = wati.post("/evaluasi/2025/bukti/", given | {"day": "05-01-2027", "title": ""})
        assert late.status_code == HTTPStatus.BAD_REQUEST
        assert "Tulis nama buktinya." in late.content.decode()
        other = {"kind": "SOSIALISASI", "title": "Siaran radio", "day": "10-06-2025", "count": "12"}
        wati.post("/evaluasi/2025/bukti/", other)
        radio = Evidence.objects.get(kind="SOSIALISASI")
        assert wati.post(f"/evaluasi/2025/bukti/{radio.pk}/tarik/").status_code == HTTPStatus.FOUND
        assert "Siaran radio" not in page_of(wati, "/evaluasi/2025/")
        wati.post("/evaluasi/2025/pemeriksaan/", {"comment": "Banjir di bulan Maret."})
        evidence = Evidence.objects.get(kind="SK")
        assert page_of(wati, f"/evaluasi/berkas/{evidence.pk}/", HTTPStatus.NOT_FOUND), "not before it is checked"
        assert evidence.file is not None
        attachments.check(evidence.file.pk)
        assert Attachment.objects.get().state == "CLEAN"
        assert wati.get(f"/evaluasi/berkas/{evidence.pk}/").status_code == HTTPStatus.OK
        assert ratna.get(f"/evaluasi/berkas/{evidence.pk}/").status_code == HTTPStatus.OK
        assert Client().get(f"/statistik/evaluasi/bukti/{evidence.pk}/").status_code == HTTPStatus.NOT_FOUND
        for stranger in (client_of(world.tono), client_of(world.joko), client_of(world.bayu)):
            assert stranger.get(f"/evaluasi/berkas/{evidence.pk}/").status_code == HTTPStatus.NOT_FOUND
    kelola = f"{KELOLA}{cycle.pk}/"
    district = f"{kelola}{world.pemkab.pk}/"
    with on(21):
        work()
        assert edition().stage == "SCORE", "the date ended the district's turn"
        late = wati.post("/evaluasi/2025/pemeriksaan/", {"comment": "Terlambat."}, follow=True)
        assert "Tahap itu sudah lewat" in late.content.decode()
        assert sukamaju(world).comment == "Banjir di bulan Maret."
        refused = ratna.post(f"{kelola}tahap/umumkan/", follow=True).content.decode()
        assert "1 macam bukti yang belum dinilai" in refused
        assert ratna.post(f"{district}nilai/sk/", {"points": "2", "why": ""}).status_code == HTTPStatus.BAD_REQUEST
        assert (
            ratna.post(f"{district}nilai/rencana/", {"points": "2", "why": "x"}).status_code == HTTPStatus.BAD_REQUEST
        )
        noted = {"code": "answered_fast", "verdict": "COUNTS", "count": 9, "base": 60, "by": world.seno.user}
        SignalNote.objects.create(agency=world.pemkab, year=2025, note="Empat puluh jawaban semenit.", **noted)
        for address in (district, f"{district}nilai/sk/"):
            page = page_of(ratna, address)
            assert "Empat puluh jawaban semenit." in page
            assert "9 dari 60" in page
        ratna.post(f"{district}nilai/sk/", {"points": "2", "why": "Belum semua kecamatan."})
        assert "Belum semua kecamatan." not in page_of(wati, "/evaluasi/2025/"), "not before it is announced"
        ratna.post(f"{kelola}tahap/umumkan/")
        work()
    with on(11, 3):
        page = page_of(wati, "/evaluasi/2025/")
        assert "Belum semua kecamatan." in page
        assert "indeks" in page
        assert "Empat puluh jawaban semenit." not in page
        said = {"about": "SK", "reason": "Lampirannya memuat semua kecamatan."}
        assert wati.post("/evaluasi/2025/keberatan/", said).status_code == HTTPStatus.FOUND
        assert wati.post("/evaluasi/2025/keberatan/", {"reason": ""}).status_code == HTTPStatus.BAD_REQUEST
    with on(21, 3):
        work()
        refused = ratna.post(f"{kelola}tahap/terbit/", follow=True).content.decode()
        assert "1 keberatan yang belum diputus" in refused
        objection = Objection.objects.get()
        ratna.post(f"{KELOLA}keberatan/{objection.pk}/", {"decision": "ACCEPTED", "why": "Benar, ada di lampiran."})
        ratna.post(f"{district}nilai/sk/", {"points": "3", "why": "Lampirannya lengkap."})
        ratna.post(f"{kelola}tahap/terbit/")
        assert edition().stage == "FREEZE"
        assert page_of(Client(), "/statistik/evaluasi/2025/", HTTPStatus.NOT_FOUND)
        work()
        published = edition()
        assert (published.stage, len(published.digest)) == ("PUBLISHED", 64)
        guest = Client()
        assert guest.get(f"/statistik/evaluasi/bukti/{evidence.pk}/").status_code == HTTPStatus.OK
        assert guest.get("/statistik/evaluasi/bukti/999/").status_code == HTTPStatus.NOT_FOUND
        assert "/statistik/evaluasi/2025/" in page_of(guest, "/statistik/evaluasi/")
        ranking = page_of(guest, "/statistik/evaluasi/2025/")
        assert "Kelompok D: 30 sampai 99 laporan" in ranking
        assert "Pemerintah Kabupaten Sukamaju" in ranking
        assert "tidak menerima satu laporan pun" in ranking
        own = page_of(guest, f"/statistik/evaluasi/2025/{world.pemkab.pk}/")
        for words in ("Banjir di bulan Maret.", "Lampirannya lengkap.", "Benar, ada di lampiran.", published.digest):
            assert words in own
        assert "/evaluasi/berkas/" not in own
        assert "12" not in own.split("Dinas Kesehatan")[1].split("</tr>")[0], "secret cases are in no office's row"
        assert "versi 1" in own
        page = page_of(wati, "/evaluasi/2025/")
        assert "Terbit" in page
        parts = {part.title: part for part in pack.of(sukamaju(world), by="Wati").parts}
        assert [row[0] for row in parts["Dari tahun ke tahun"].rows] == ["2025"]
        beside = dict(zip(parts["Indikator"].head, zip(*parts["Indikator"].rows, strict=True), strict=True))
        judged = [
            others for value, others in zip(beside["Nilai"], beside["Tengah kelompok"], strict=True) if value != "–"
        ]
        assert len(judged) > 4
        assert "–" not in judged, "an indicator beside the middle of its group, as a dimension"


def test_the_head_of_the_district_reads_it_before_it_is_published_and_signs(opened: World) -> None:
    world = opened
    regent, wati = world.officer("Bupati", world.pemkab, Role.HEAD), client_of(world.wati)
    client, here = client_of(regent), "/evaluasi/2025/"
    with on(3):
        work()
        assert Notification.objects.filter(letter="officer_eval_open:2025/", user=regent.user).exists()
        assert here in page_of(client, "/evaluasi/")
        page = page_of(client, here)
        assert "masih disiapkan admin instansi" in page
        assert "Sampaikan bukti" not in page
        for path in ("pemeriksaan/", "bukti/", "keberatan/"):
            assert client.post(f"{here}{path}", {}).status_code == HTTPStatus.FORBIDDEN
        assert "belum menyatakan" in client.post(f"{here}tanda-tangan/", follow=True).content.decode()
        assert wati.post(f"{here}tanda-tangan/").status_code == HTTPStatus.FORBIDDEN
        wati.post(f"{here}pemeriksaan/", {"comment": ""})
        assert "tanda tangani paling lambat" in page_of(client, here)
        client.post(f"{here}tanda-tangan/")
        assert (sukamaju(world).signed_by, sukamaju(world).signed_at is not None) == (regent.user, True)
        assert "Ditandatangani Bupati" in page_of(wati, here)
        signed = dict(pack.of(sukamaju(world), by="Wati").about)["Tanda tangan pimpinan daerah"]
        assert signed == "Bupati, Selasa, 3 Februari 2026, 10.00 WIB"
        wati.post(f"{here}pemeriksaan/", {"comment": "Banjir di bulan Maret."})
        assert sukamaju(world).signed_at is None, "what was signed is not what is said now"
        client.post(f"{here}tanda-tangan/")
    with on(21):
        work()
        assert "Tahap itu sudah lewat" in client.post(f"{here}tanda-tangan/", follow=True).content.decode()
        client_of(world.ratna).post(f"{KELOLA}{edition().pk}/tahap/umumkan/")
        page = page_of(client, here)
        assert "belum terbit" in page
        assert "indeks" in page
        assert client_of(world.hana).get("/evaluasi/").status_code == HTTPStatus.FORBIDDEN, "a dinas has no such year"


def test_a_file_its_district_keeps_back_is_nobodys_else(opened: World, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    with on(3):
        wati = client_of(opened.wati)
        file = SimpleUploadedFile("sk.pdf", document(), content_type="application/pdf")
        wati.post("/evaluasi/2025/bukti/", {"kind": "SK", "title": "SK tim", "day": "05-01-2025", "file": file})
        kept = Evidence.objects.get()
        assert not kept.open
        assert kept.file is not None
        attachments.check(kept.file.pk)
        Cycle.objects.update(published_at=NOW, stage="PUBLISHED")
        assert Client().get(f"/statistik/evaluasi/bukti/{kept.pk}/").status_code == HTTPStatus.NOT_FOUND
        assert "Hanya dibaca daerah dan evaluator." in page_of(wati, "/evaluasi/2025/")


def test_who_may_not_finds_nothing(opened: World) -> None:
    world, cycle = opened, edition()
    with on(3):
        for who in (world.joko, world.hana, world.bayu):
            assert client_of(who).get("/evaluasi/2025/").status_code == HTTPStatus.FORBIDDEN
        assert client_of(world.tono).get("/evaluasi/2025/").status_code == HTTPStatus.OK, "his own district's"
        assert client_of(world.wati).get("/evaluasi/2024/").status_code == HTTPStatus.NOT_FOUND
        assert Client().get("/evaluasi/2025/").status_code == HTTPStatus.FOUND
        for path in (
            "",
            "metode/",
            f"{cycle.pk}/",
            f"{cycle.pk}/pengumpulan/",
            f"{cycle.pk}/edisi/",
            f"{cycle.pk}/{world.pemkab.pk}/",
            f"{cycle.pk}/{world.pemkab.pk}/nilai/sk/",
            f"{cycle.pk}/{world.pemkab.pk}/paket/",
            "keberatan/1/",
        ):
            assert client_of(world.wati).get(KELOLA + path).status_code == HTTPStatus.FORBIDDEN, path
        for noun in ("buka", "tutup", "umumkan", "terbit"):
            assert client_of(world.wati).post(f"{KELOLA}{cycle.pk}/tahap/{noun}/").status_code == HTTPStatus.FORBIDDEN
        assert client_of(world.ratna).post(f"{KELOLA}{cycle.pk}/tahap/lain/").status_code == HTTPStatus.NOT_FOUND
        for path in ("pemeriksaan/", "bukti/", "keberatan/"):
            assert client_of(world.joko).post(f"/evaluasi/2025/{path}", {}).status_code == HTTPStatus.FORBIDDEN
    assert edition().stage == "CHECK"


@pytest.mark.slow
def test_pages_read_few_statements(opened: World) -> None:
    world, cycle = opened, edition()
    with on(3):
        for who, path in (
            (world.wati, "/evaluasi/2025/"),
            (world.ratna, f"{KELOLA}{cycle.pk}/"),
            (world.ratna, f"{KELOLA}{cycle.pk}/{world.pemkab.pk}/"),
            (world.ratna, KELOLA),
            (world.wati, "/evaluasi/"),
            (world.wati, "/evaluasi/2025/bukti/"),
            (world.ratna, f"{KELOLA}{cycle.pk}/{world.pemkab.pk}/nilai/sk/"),
            (world.ratna, "/evaluasi/mutu/"),
            (world.ratna, "/pengawasan/tanda/?tahun=2025"),
        ):
            client = client_of(who)
            client.get(path)
            with CaptureQueriesContext(connection) as statements:
                page = page_of(client, path)
            assert "versi 1" in page, f"{path} names the version of the method"
            assert len(statements) <= 20, (path, [one["sql"][:90] for one in statements])
            if path == f"{KELOLA}{cycle.pk}/":
                assert not [one for one in statements if '"offices"' in one["sql"]], (
                    "not of each office of sixty districts"
                )


def test_the_pack_is_a_tagged_pdf_and_a_workbook(opened: World) -> None:
    with on(3):
        client = client_of(opened.wati)
        made = client.get("/evaluasi/2025/paket/?bentuk=pdf").content
        assert made[:5] == b"%PDF-"
        assert b"/StructTreeRoot" in made
        xlsx = client.get("/evaluasi/2025/paket/?bentuk=xlsx")
        assert b"".join(xlsx.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
        row = Evaluation.objects.select_related("cycle__method", "signed_by").get(agency=opened.pemkab)
        assert ("Tanda tangan pimpinan daerah", "belum ditandatangani") in pack.of(row, by="Wati").about
        assert "Dari tahun ke tahun" not in {part.title for part in pack.of(row, by="Wati").parts}
        assert client.get("/evaluasi/2025/paket/?bentuk=doc").status_code == HTTPStatus.NOT_FOUND


def test_a_turn_past_its_date_is_shown_and_chased(some: World) -> None:
    with on(20):
        assert cycles.missing_year(datetime.date(2026, 2, 20)) == 2025
        assert "sudah lewat tanggal bukanya" in page_of(client_of(some.ratna), KELOLA)
        assert "seharusnya sudah dibuka pusat" in page_of(Client(), "/statistik/evaluasi/")
        assert cycles.tend()["late"] == 2, "Bu Ratna and Pak Seno"
        assert not cycles.tend().get("late")
    bad = client_of(some.ratna)
    with on(2):
        answer = bad.post(KELOLA, DATES | {"check_by": "01-02-2026", "cut_on": "30-12-2025"})
        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert "Tahunnya belum habis pada hari itu." in answer.content.decode()
        assert not Cycle.objects.exists()


def test_another_version_of_the_method_changes_no_year_that_has_begun(opened: World) -> None:
    with on(3):
        client = client_of(opened.ratna)
        form = client.get(f"{KELOLA}metode/").context["form"]
        said = {name: field.initial for name, field in form.fields.items() if field.initial is not None}
        said |= {"from_year": 2026, "legal_basis": "Permen PANRB 5/2025", "reason": "Suara warga lebih berat."}
        wrong = client.post(f"{KELOLA}metode/", said | {"d_voice": 30})
        assert wrong.status_code == HTTPStatus.BAD_REQUEST
        assert "Bobot keempat dimensi harus berjumlah 100." in wrong.content.decode()
        for changed, sentence in (
            ({"o_turns": 70}, "Bobot ukuran kantor harus berjumlah 100."),
            ({"t_1_days": 1}, "Dalam tabel hari, harinya naik dan nilainya turun"),
            ({"t_4_days": 30}, "Isi hari dan nilainya, atau kosongkan keduanya."),
            ({"opens_month": 2}, "Tanggal itu tidak ada dalam bulan itu."),
        ):
            wrong = client.post(f"{KELOLA}metode/", said | changed)
            assert sentence in wrong.content.decode()
        said |= {"o_turns": 50, "o_rightly": 10, "t_0_days": 2, "opens_day": 15, "opens_month": 2}
        assert client.post(f"{KELOLA}metode/", said | {"d_voice": 30, "d_speed": 20}).status_code == HTTPStatus.FOUND
        body = Method.objects.of_year(2026).body
        assert body["office"] == {"turns": 50, "turn_days": 40, "rightly": 10}
        assert body["days"] == [[2, 100], [5, 60], [10, 20], [20, 0]]
        assert body["opens_by"] == [2, 15]
        assert Method.objects.of_year(2026).number == 2
        assert Method.objects.of_year(2025).number == edition().method.number == 1
        assert "Suara warga: bobot 30" in page_of(Client(), "/statistik/evaluasi/metode/")
        assert "Suara warga: bobot 20" in page_of(Client(), "/statistik/evaluasi/metode/?versi=1")
