"""The register of the unanswered: everything late stands in it, at the office that let it lie; nothing secret does."""

from __future__ import annotations

import csv
import datetime
import io
import json
from http import HTTPStatus
from typing import Any
from xml.etree import ElementTree

import brotli
import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import Holiday
from complaints.models import Clock, Complaint
from lapor.kit import paging
from routing import dispatch, overdue, register_filling, unanswered
from routing.models import Missed, MissedSum
from tests.filing import SARI, answered, days, filed, missed, published, resolved
from tests.world import World

pytestmark = pytest.mark.django_db
REGISTER = "/statistik/tidak-ditanggapi/"


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):
        yield


def swept(at: float = 20) -> None:
    """The sweep notes what is late; the worker sums it."""
    overdue.note_missed(days(at), overdue.Deadline(60))
    unanswered.refresh(days(at))


def shown(client: Client, address: str = "") -> list[str]:
    return [row["number"] for row in client.get(REGISTER + address).context["rows"]]


def test_an_empty_register_says_what_that_does_not_mean(client: Client, world: World) -> None:
    page = client.get(REGISTER).content.decode()
    assert "Tidak ada laporan yang lewat batas waktu hari ini" in page
    assert "tidak berarti tidak ada masalah" in page


def test_a_late_answer_stands_in_it_with_office_and_date(client: Client, world: World) -> None:
    case = missed(published(world), at=20)
    page = client.get(REGISTER).content.decode()
    assert "1 laporan</b> sudah lewat batas waktu." in page
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in page
    assert "Jawaban pertama seharusnya paling lambat Senin, 8 Juni 2026." in page
    assert "Terlambat 7 hari kerja" in page
    assert f'href="/laporan/{case.shown_number}/"' in page


def test_an_unpublished_case_is_listed_without_its_text(client: Client, world: World) -> None:
    case = filed(world, "Lurah meminta imbalan untuk surat.")
    swept()
    page = client.get(REGISTER).content.decode()
    assert case.shown_number in page
    assert "Isinya tidak tampil untuk umum." in page
    assert "imbalan" not in page
    assert f"/laporan/{case.shown_number}/" not in page


def test_secret_and_anonymous_cases_are_counted_and_not_listed(client: Client, world: World) -> None:
    hidden = [
        filed(world, secret=True),
        filed(world, anonymous=True),
        filed(world, not_for=world.dinas_pu, about_conduct=True),
    ]
    swept()
    response = client.get(REGISTER)
    page = response.content.decode()
    assert "3 laporan</b> sudah lewat batas waktu." in page
    assert "3 di antaranya dihitung tanpa ditampilkan" in page
    assert not any(case.shown_number in page for case in hidden)
    assert response.context["rows"] == []
    for address in (REGISTER + "umpan/", REGISTER + "unduhan/"):
        told = client.get(address)
        text = b"".join(told.streaming_content) if told.streaming else told.content  # type: ignore[attr-defined]
        assert not any(case.shown_number.encode() in text for case in hidden)
    # Of one office secret cases and those kept from an office are not even counted.
    own = client.get(f"{REGISTER}?instansi={world.pemkab.pk}").context["summary"]
    assert (own.cases, own.unlisted) == (1, 1)


def test_moving_a_late_case_does_not_take_it_away_from_who_let_it_lie(client: Client, world: World) -> None:
    case = missed(filed(world), at=20)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Sebenarnya tugas Dinkes.", now=days(20))
    page = client.get(REGISTER).content.decode()
    assert "Dinas Pekerjaan Umum dan Penataan Ruang, Pemkab Sukamaju · sekarang di Dinkes" in page
    assert len(client.get(f"{REGISTER}?instansi={world.dinas_pu.pk}").context["rows"]) == 1
    assert len(client.get(f"{REGISTER}?instansi={world.dinas_kesehatan.pk}").context["rows"]) == 0


def test_what_is_answered_leaves_it(client: Client, world: World) -> None:
    case = missed(filed(world), at=19)
    assert shown(client) == [case.shown_number]
    answered(case, world.joko, at=19)
    assert shown(client) == []
    page = client.get(f"{REGISTER}?keadaan=dijawab").content.decode()
    assert case.shown_number in page
    assert "Dijawab 17 Juni 2026." in page
    assert "Dijawab, terlambat 6 hari kerja" in page


def test_nothing_but_an_answer_takes_it_out(client: Client, world: World) -> None:
    archived, withdrawn, merged, lead = (missed(filed(world, at=n / 100), at=19) for n in range(4))
    archived.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas.", now=days(19))
    withdrawn.withdraw(by=SARI, now=days(19))
    merged.archive(by=world.wati, ground="DUPLICATE", text="Sama.", duplicate_of=lead, now=days(19))
    assert set(shown(client)) == {case.shown_number for case in (archived, withdrawn, merged, lead)}
    assert "Ditutup tanpa jawaban." in client.get(REGISTER).content.decode()
    # The lead's answer is the answer to what was merged into it.
    answered(lead, world.joko, at=19)
    assert set(shown(client)) == {archived.shown_number, withdrawn.shown_number}
    # Taken up again and answered, it leaves; withdrawn it stays.
    archived.reopen(by=world.wati, reason="Ternyata jelas.", now=days(19))
    answered(archived, world.joko, at=20)
    assert shown(client) == [withdrawn.shown_number]


def test_a_late_final_answer_that_is_contested_leaves_the_promise_broken(client: Client, world: World) -> None:
    with time_machine.travel(days(30), tick=False):
        case = missed(filed(world), at=30)
        assert {row.kind for row in Missed.objects.all()} == {"RESPOND", "RESOLVE"}
        resolved(case, world.joko, at=30)
        assert shown(client) == []
        case.contest("Lubangnya masih ada.", by=SARI, now=days(30))
        (again,) = Missed.objects.open()
        assert (again.kind, again.round, again.missed_by) == ("RESOLVE", 2, world.dinas_pu)
        resolved(case, world.joko, at=30)
        assert not Missed.objects.open().exists()
        assert Missed.objects.count() == 3


def unverified(world: World, **more: Any) -> Complaint:
    """At the desk of its district, unsure whose it is; to be passed on by Thursday 4 June."""
    return filed(world, addressed_to=None, category=None, **more)


def test_a_desk_that_passes_nothing_on_stands_in_it_too(client: Client, world: World) -> None:
    district, nation = unverified(world), unverified(world, place=None)
    assert (district.handler, nation.handler) == (world.pemkab, world.root)
    secret = unverified(world, secret=True)
    swept()
    assert shown(client, "?janji=VERIFY") == [district.shown_number, nation.shown_number]
    page = client.get(REGISTER).content.decode()
    assert "Pemkab Sukamaju" in page
    assert "Penerusan ke kantor yang berwenang seharusnya paling lambat Kamis, 4 Juni 2026." in page
    assert secret.shown_number not in page
    assert "3 laporan</b> sudah lewat batas waktu." in page
    assert shown(client, f"?instansi={world.pemkab.pk}") == [district.shown_number]
    assert (district.shown_number in client.get(f"{REGISTER}umpan/").content.decode()) is True
    rows = b"".join(client.get(f"{REGISTER}unduhan/?janji=VERIFY").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert f"{nation.shown_number},{world.root.name}" in rows


def test_what_was_not_passed_on_leaves_by_being_forwarded_and_by_nothing_else(client: Client, world: World) -> None:
    passed, archived, moved, merged, lead = (unverified(world, at=n / 100) for n in range(5))
    swept(19)
    archived.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas.", now=days(19))
    dispatch.place(moved, world.root, by=world.ratna, reason="Kami periksa.", now=days(19))
    merged.archive(by=world.wati, ground="DUPLICATE", text="Sama.", duplicate_of=lead, now=days(19))
    assert len(shown(client)) == 5
    assert "Ditutup tanpa diteruskan." in client.get(REGISTER).content.decode()
    for case in (passed, lead):
        dispatch.forward(case, world.dinas_pu, by=world.wati, reason="Jalan kabupaten.", now=days(19))
    assert set(shown(client)) == {archived.shown_number, moved.shown_number}
    page = client.get(f"{REGISTER}?keadaan=dijawab").content.decode()
    assert "Diteruskan 17 Juni 2026." in page
    assert "Ditepati, terlambat 8 hari kerja" in page
    assert "Dijawab, terlambat" not in page
    archived.reopen(by=world.wati, reason="Ternyata jelas.", now=days(19))
    dispatch.forward(archived, world.dinas_pu, by=world.wati, reason="Jalan kabupaten.", now=days(19))
    assert shown(client) == [moved.shown_number]


def test_merged_into_what_was_forwarded_before_it_leaves_by_the_answer(client: Client, world: World) -> None:
    lead, late = filed(world), unverified(world)
    swept(7)
    assert {row.kind for row in Missed.objects.all()} == {"VERIFY"}
    late.archive(by=world.wati, ground="DUPLICATE", text="Sama.", duplicate_of=lead, now=days(7))
    assert shown(client) == [late.shown_number]
    answered(lead, world.joko, at=7)
    assert shown(client) == []


def test_a_row_is_completed_once_and_never_removed(world: World) -> None:
    case = missed(filed(world), at=20)
    row = Missed.objects.get()
    for statement in (
        "DELETE FROM routing_missed",
        "TRUNCATE routing_missed CASCADE",
        f"UPDATE routing_missed SET missed_by_id = {world.kominfo.pk}",
        "UPDATE routing_missed SET due_on = due_on + 30",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    answered(case, world.joko, at=20)
    row.refresh_from_db()
    assert row.answer is not None
    assert row.answer.verb == "answer"
    with pytest.raises(DatabaseError), transaction.atomic():
        Missed.objects.update(answered_at=None, answer=None)


def test_it_is_narrowed_by_promise_and_by_province(client: Client, world: World) -> None:
    here = missed(filed(world), at=20)
    there = missed(filed(world, addressed_to=world.bumn), at=20)
    assert set(shown(client)) == {here.shown_number, there.shown_number}
    assert shown(client, "?provinsi=99") == [here.shown_number]
    assert shown(client, "?provinsi=98") == []
    assert len(shown(client, "?janji=RESPOND")) == 2
    assert shown(client, "?janji=RESOLVE") == []
    assert len(shown(client, "?janji=apa&provinsi=xx&keadaan=entah")) == 2


def test_the_sums_are_those_of_the_rows(world: World) -> None:
    for n in range(3):
        filed(world, at=n / 100)
    filed(world, addressed_to=world.dinas_pu_tetangga, place=world.batu_belah)
    secret = filed(world, secret=True)
    swept(30)
    sums = {row.agency_id: row for row in MissedSum.objects.all()}
    assert (sums[None].cases, sums[None].promises, sums[None].offices) == (5, 10, 2)
    assert (sums[world.pemkab.pk].cases, sums[world.pemkab.pk].own) == (3, 0)
    assert (sums[world.dinas_pu.pk].cases, sums[world.dinas_pu.pk].own) == (3, 3)
    assert sums[world.root.pk].cases == 4
    assert [(office.pk, count) for office, count in unanswered.late_offices(None)] == [
        (world.pemkab.pk, 3),
        (world.pemkab_tetangga.pk, 1),
    ]
    answered(secret, world.joko, at=30)
    unanswered.refresh(days(30))
    assert unanswered.summed(None).promises == 9


def test_it_can_be_followed_and_taken_away(client: Client, world: World) -> None:
    case = missed(published(world, "=HYPERLINK(1) & <b>jalan</b>"), at=20)
    case.nudge(by=world.wati, reason="Segera dijawab.", now=days(20))
    for address in ("umpan/", f"umpan/?instansi={world.pemkab.pk}"):
        feed = client.get(REGISTER + address)
        assert feed["Content-Type"].startswith("application/atom+xml")
        tree = ElementTree.fromstring(feed.content)
        (entry,) = tree.findall("{http://www.w3.org/2005/Atom}entry")
        assert case.shown_number in (entry.findtext("{http://www.w3.org/2005/Atom}title") or "")
        assert "CC BY 4.0" in feed.content.decode()
    assert b"<entry>" not in client.get(f"{REGISTER}umpan/?instansi={world.pemkab_tetangga.pk}").content
    response = client.get(f"{REGISTER}unduhan/?janji=RESPOND")
    rows = list(csv.reader(b"".join(response.streaming_content).decode("utf-8-sig").splitlines()))  # type: ignore[attr-defined]
    assert rows[1] == ["Saringan", "belum dijawab, Jawaban pertama"]
    assert rows[3][0] == "Lisensi"
    said = dict(zip(rows[6], rows[7], strict=True))
    assert said["Nomor laporan"] == case.shown_number
    assert (said["Kode provinsi"], said["Terlambat (hari kerja)"], said["Diingatkan"]) == ("99", "7", "1")
    filed(world, secret=True)
    swept()
    told = json.loads(b"".join(client.get(f"{REGISTER}unduhan/?bentuk=json").streaming_content))  # type: ignore[attr-defined]
    (row,) = told["baris"]
    assert (row["nomor"], row["kode_janji"], row["batas"]) == (case.shown_number, "RESPOND", "2026-06-08")
    assert (row["terlambat_hari_kerja"], row["diingatkan"], row["dijawab"]) == (7, 1, None)
    assert told["lisensi"].startswith("CC BY 4.0")
    assert f'href="{REGISTER}unduhan/?bentuk=json"' in client.get(REGISTER).content.decode()


def test_it_can_be_read_for_one_pemda(client: Client, world: World) -> None:
    filed(world)
    filed(world, addressed_to=world.dinas_pu_tetangga, place=world.batu_belah)
    swept()
    assert len(client.get(REGISTER).context["rows"]) == 2
    for asked in (str(world.pemkab.pk), "pemkab sukamaju", "Pemerintah Kabupaten Sukamaju"):
        response = client.get(REGISTER, {"instansi": asked})
        assert [row["office"] for row in response.context["rows"]] == [
            "Dinas Pekerjaan Umum dan Penataan Ruang, Pemkab Sukamaju"
        ], asked
    assert "tidak kami temukan" in client.get(REGISTER, {"instansi": "kantor khayal"}).content.decode()


def test_a_miss_that_a_holiday_undid_is_told_as_corrected(client: Client, world: World) -> None:
    case = filed(world)
    with time_machine.travel(days(11), tick=False):  # Tuesday 9 June, one day late
        missed(case, at=11)
        for day in (5, 8, 9):
            Holiday.objects.create(date=datetime.date(2026, 6, day), name="Libur susulan")
        case.recompute(by=Actor.system("sweep"), now=days(11))
        case.note_overdue_withdrawn(
            Clock.objects.get(complaint=case, kind="RESPOND"), by=Actor.system("sweep"), now=days(11)
        )
        clock = Clock.objects.get(complaint=case, kind="RESPOND")
        assert clock.corrected_at is not None
        assert shown(client) == []
        page = client.get(f"{REGISTER}?keadaan=dikoreksi").content.decode()
    assert "Batas waktu 8 Juni 2026 menjadi 11 Juni 2026." in page


def test_pages_follow_one_another_and_a_forged_cursor_is_the_first(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routing.views.register.PAGE", 2)
    for n in range(5):
        filed(world, at=n / 100)
    swept()
    seen, url = [], REGISTER
    while url:
        response = client.get(url)
        seen += [row["number"] for row in response.context["rows"]]
        url = response.context["older"] and REGISTER + response.context["older"]
    assert len(seen) == len(set(seen)) == 5
    for cursor in ("x", paging.write("besok", 1), paging.write("2026-01-01", 2**70)):
        response = client.get(REGISTER, {"setelah": cursor})
        assert response.status_code == HTTPStatus.OK
        assert len(response.context["rows"]) == 2


@pytest.mark.slow
def test_it_costs_the_same_with_one_row_and_with_a_full_page(client: Client, world: World) -> None:
    published(world)
    swept()
    with CaptureQueriesContext(connection) as few:
        client.get(REGISTER)
    for n in range(24):
        published(world, f"Jalan rusak {n}", at=n / 100)
    swept()
    with CaptureQueriesContext(connection) as many:
        page = client.get(REGISTER).content
    assert len(many) == len(few) <= 16
    assert len(brotli.compress(page, quality=5)) <= 15_360


def test_what_an_older_worker_noted_and_answered_is_found_by_the_night(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other, kept = (filed(world, external_id=f"malam-{n}") for n in range(3))
    missed(kept, at=20)
    with monkeypatch.context() as older:
        older.setattr(unanswered, "follow", lambda event, complaint: None)
        missed(case, at=20)
        missed(other, at=20)
        answered(other, world.joko, at=20.1)
        answered(kept, world.joko, at=20.1)
    assert set(Missed.objects.values_list("complaint", flat=True)) == {kept.pk}
    assert Missed.objects.open().filter(complaint=kept, kind="RESPOND").exists()
    begin = register_filling.begin_of(days(13))
    written = register_filling.fill(begin)
    assert written == Missed.objects.filter(complaint__in=[case, other]).count() + 1
    assert not Missed.objects.open().filter(complaint__in=[other, kept], kind="RESPOND").exists()
    assert Missed.objects.open().filter(complaint=case, kind="RESPOND").get().missed_by == world.dinas_pu
    late, passed = unverified(world, external_id="malam-3"), unverified(world, external_id="malam-4")
    with monkeypatch.context() as older:
        older.setattr(unanswered, "follow", lambda event, complaint: None)
        missed(late, at=20.2)
        missed(passed, at=20.2)
        dispatch.forward(passed, world.dinas_pu, by=world.wati, reason="Jalan kabupaten.", now=days(20.3))
    assert register_filling.fill(begin) == 2
    assert [row.complaint for row in Missed.objects.open().filter(kind="VERIFY")] == [late]
    before = list(Missed.objects.order_by("pk").values())
    call_command("fill_register", stdout=io.StringIO())
    assert list(Missed.objects.order_by("pk").values()) == before, "again adds nothing"
