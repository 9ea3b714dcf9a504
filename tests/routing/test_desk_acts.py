"""The acts from their pages: each does what its verb does, and says at the field what is missing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.models import Agency, Membership, Role
from complaints.models import Complaint, Message, Publication
from complaints.transitions import Incomplete
from routing import dispatch, forms, helping
from routing.models import Disposition, Suggestion
from tests.complaints.cases import NOW
from tests.routing.desk import LONG, fields_of, forwarded, post, started, submitted
from tests.world import World, client_of

pytestmark = pytest.mark.usefixtures("nudges")


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def now_of(case: Complaint) -> Complaint:
    return Complaint.objects.select_related("handler").get(pk=case.pk)


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("bukti.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9", content_type="image/jpeg")


def public_fields(**more: str) -> dict[str, str]:
    return {"public_title": "Lubang di depan pasar", "public_body": "Ada lubang besar di depan pasar.", **more}


# --- What the office does ---


def test_start_publishes_what_the_officer_read(world: World) -> None:
    case = forwarded(world, NOW)
    form = client_of(world.joko).get(f"/meja/{case.number}/penanganan/").content.decode()
    assert "Begini yang akan dibaca warga" in form
    assert "Sari Wulandari" not in form.split('name="public_body"')[1].split("</textarea>")[0]
    answer = post(world.joko, case, "penanganan", **public_fields())
    assert answer.status_code == 302
    assert now_of(case).status == "in_progress"
    assert Disposition.objects.open().get(complaint=case).officer == world.joko.user
    assert Publication.objects.get(complaint=case).body == "Ada lubang besar di depan pasar."


def test_hold_back_needs_a_reason_and_publishes_nothing(world: World) -> None:
    case = forwarded(world, NOW)
    again = post(world.joko, case, "penanganan", **public_fields(hold="on"))
    assert "Tulis mengapa belum diterbitkan" in again.content.decode()
    assert now_of(case).status == "forwarded"
    post(world.joko, case, "penanganan", **public_fields(hold="on", hold_reason="Menyebut nama anak."))
    assert now_of(case).status == "in_progress"
    assert not Publication.objects.filter(complaint=case).exists()


def test_a_secret_case_shows_no_public_text(world: World) -> None:
    case = forwarded(world, NOW, secret=True)
    assert (
        "Begini yang akan dibaca warga"
        not in client_of(world.joko).get(f"/meja/{case.number}/penanganan/").content.decode()
    )
    assert post(world.joko, case, "penanganan").status_code == 302
    assert not Publication.objects.filter(complaint=case).exists()


def test_an_answer_keeps_the_first_promise(world: World) -> None:
    case = started(world, NOW)
    assert post(world.joko, case, "tanggapan", body=LONG).status_code == 302
    said = Message.objects.get(complaint=case, verb="answer")
    assert (said.body, said.audience) == (LONG, "PUBLIC")
    assert not case.clocks.filter(kind="RESPOND", stopped_at__isnull=True).exists()


def test_an_answer_may_be_for_the_reporter_alone(world: World) -> None:
    case = started(world, NOW)
    post(world.joko, case, "tanggapan", body=LONG, parties_only="on")
    assert Message.objects.get(complaint=case, verb="answer").audience == "PARTIES"


@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001])
def test_an_answer_without_words_or_with_too_many_is_refused_at_its_field(world: World, body: str) -> None:
    case = started(world, NOW)
    page = post(world.joko, case, "tanggapan", body=body).content.decode()
    assert "Ada 1 hal yang perlu diperbaiki" in page
    assert "Tulis tanggapannya" in page or "10.000 huruf" in page
    assert not Message.objects.filter(complaint=case, verb="answer").exists()


def test_the_final_answer_says_what_when_and_who(world: World) -> None:
    case = started(world, NOW)
    done = {"done_on_pick": "other", "done_on_day": "22", "done_on_month": "5", "done_on_year": "2026"}
    again = post(world.joko, case, "jawaban-akhir", outcome="DONE", body=LONG).content.decode()
    assert "Isi tanggal pekerjaan selesai." in again
    assert LONG in again
    post(world.joko, case, "jawaban-akhir", outcome="DONE", body=LONG, unit="Bidang Bina Marga", **done)
    assert now_of(case).status == "answered"
    assert Message.objects.get(complaint=case, verb="resolve").facts == {
        "outcome": "DONE",
        "unit": "Bidang Bina Marga",
        "done_on": "2026-05-22",
    }


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (("1", "6", "2027"), "paling lama 12 bulan"),
        (("31", "2", "2027"), "tidak ada di kalender"),
        (("", "", ""), "dijanjikan"),
    ],
)
def test_a_promise_lies_within_twelve_months(world: World, day: tuple[str, str, str], words: str) -> None:
    case = started(world, NOW)
    when = dict(zip(("promised_on_day", "promised_on_month", "promised_on_year"), day, strict=True))
    page = post(world.joko, case, "jawaban-akhir", outcome="SCHEDULED", body=LONG, **when).content.decode()
    assert words in page
    assert now_of(case).status == "in_progress"


def test_a_scheduled_answer(world: World) -> None:
    case = started(world, NOW)
    when = {"promised_on_day": "1", "promised_on_month": "9", "promised_on_year": "2026"}
    post(world.joko, case, "jawaban-akhir", outcome="SCHEDULED", body=LONG, **when)
    assert now_of(case).status == "answered"


def test_ask_and_take_it_back(world: World) -> None:
    case = started(world, NOW)
    assert "perlu dilengkapi" in post(world.joko, case, "pertanyaan", question="").content.decode()
    post(world.joko, case, "pertanyaan", question="Di sebelah mana lubangnya?")
    assert now_of(case).status == "waiting"
    post(world.joko, case, "pembatalan")
    assert now_of(case).status == "in_progress"


@pytest.mark.parametrize(("confirmed", "days"), [(True, 10), (False, 30)])
def test_asking_says_how_long_the_reporter_has(world: World, confirmed: bool, days: int) -> None:
    case = forwarded(world, NOW, confirmed=confirmed)
    page = client_of(world.joko).get(f"/meja/{case.number}/pertanyaan/").content.decode()
    assert f"punya {days} hari kerja." in page
    assert ("belum bisa kami surati" in page) is not confirmed


def test_a_note_is_for_officers_alone(world: World) -> None:
    case = started(world, NOW)
    post(world.joko, case, "catatan", body="Warga sudah saya telepon.")
    assert Message.objects.get(complaint=case, verb="note").audience == "OFFICERS"
    assert post(world.dewi, case, "catatan", body="Saya bukan siapa-siapa di sini.").status_code == 404


def test_pass_on_offers_the_own_units_alone(world: World) -> None:
    world.officer("Pak Unit", world.bidang_jalan)
    case = started(world, NOW)
    page = client_of(world.joko).get(f"/meja/{case.number}/unit/").content.decode()
    assert "Bidang Jalan dan Jembatan" in page
    assert "Dinas Kesehatan" not in page
    assert post(world.joko, case, "unit", agency=world.dinas_kesehatan.pk).status_code == 200
    assert post(world.joko, case, "unit", agency=world.bidang_jalan.pk)["Location"] == "/meja/"
    assert now_of(case).handler == world.bidang_jalan


def sent_by_the_district(world: World) -> Complaint:
    case = submitted(world, NOW)
    case.place_at(world.pemkab, by=world.ratna, reason="Sukamaju", now=NOW)
    case.forward(world.dinas_pu, by=world.wati, reason="Jalan kabupaten.", now=NOW)
    return case


def test_not_ours_goes_to_the_desk_above_with_the_office_named(world: World) -> None:
    case = sent_by_the_district(world)
    page = client_of(world.joko).get(f"/meja/{case.number}/pengembalian/").content.decode()
    assert "Laporan ini akan ke <b>Pemerintah Kabupaten Sukamaju</b>" in page
    assert "Pilih mengapa dikembalikan" in post(world.joko, case, "pengembalian", reason="x").content.decode()
    post(world.joko, case, "pengembalian", ground="NOT_OURS", reason="Jalan nasional.", agency=world.ministry.pk)
    assert now_of(case).handler == world.pemkab
    assert Disposition.objects.get(complaint=case, outcome="HANDED_BACK").proposed == world.ministry


def test_not_ours_without_knowing_whose(world: World) -> None:
    case = sent_by_the_district(world)
    post(world.joko, case, "pengembalian", ground="NOT_OURS", reason="Bukan jalan kami.", agency="tidak-tahu")
    assert now_of(case).handler == world.pemkab


def test_what_is_proposed_for_the_archive_was_never_public(world: World) -> None:
    """A liaison hands an advertisement back; until the coordinator archives it, and after, nobody else reads it."""
    case = sent_by_the_district(world)
    page = client_of(world.joko).get(f"/meja/{case.number}/pengembalian/").content.decode()
    assert 'name="public_body"' not in page
    post(world.joko, case, "pengembalian", ground="PROPOSE_ARCHIVE", reason="Iklan obat, bukan laporan.")
    assert (now_of(case).handler, now_of(case).status) == (world.pemkab, "forwarded")
    assert not Publication.objects.exists()
    post(world.wati, case, "arsip", ground="ABUSE", text="Tulisan ini iklan, bukan laporan.")
    assert now_of(case).status == "archived"
    assert not Publication.objects.exists()
    assert Client().get(f"/laporan/{case.number}/").status_code == 404


def test_approval(world: World) -> None:
    Agency.objects.filter(pk=world.dinas_pu.pk).update(approves_answers=True)
    case = started(world, NOW)
    form = client_of(world.joko).get(f"/meja/{case.number}/tanggapan/").content.decode()
    assert "Minta persetujuan pimpinan" in form
    page = client_of(world.joko)
    page.post(f"/meja/{case.number}/tanggapan/", fields_of(case, world.joko, body=LONG, file=photo()))
    assert Message.objects.get(complaint=case, verb="answer").state == "PENDING"
    assert f"/meja/{case.number}/persetujuan/" not in page.get(f"/meja/{case.number}/").content.decode()
    head = client_of(world.hana).get(f"/meja/{case.number}/persetujuan/").content.decode()
    assert LONG in head
    assert "bukti.jpg" in head, "what is approved is seen whole"
    assert "dan semua orang, atas nama Dinas PU." in head
    post(world.hana, case, "perbaikan", reason="Sebut tanggalnya.")
    assert Message.objects.get(complaint=case, verb="answer").state == "WITHDRAWN"
    back = page.get(f"/meja/{case.number}/").content.decode()
    assert "<b>Hana Permata</b> mengembalikan jawaban" in back
    assert "“Sebut tanggalnya.”" in back
    assert "Berkasnya perlu disertakan lagi." in back
    for there in (back, page.get(f"/meja/{case.number}/tanggapan/").content.decode()):
        assert re.search(rf"<textarea[^>]*>\s*{LONG}</textarea>", there), "its writer need not write it again"
    post(world.joko, case, "jawaban-akhir", outcome="REFUSED", body=LONG)
    again = client_of(world.hana).get(f"/meja/{case.number}/persetujuan/").content.decode()
    assert "Tidak bisa dikerjakan" in again
    assert "mengembalikan jawaban" not in page.get(f"/meja/{case.number}/").content.decode()
    post(world.hana, case, "persetujuan")
    assert now_of(case).status == "answered"


def test_a_liaison_may_not_approve(world: World) -> None:
    case = started(world, NOW)
    assert post(world.joko, case, "persetujuan").status_code == 403


# --- What the coordinator does ---


def test_forward_chooses_office_kind_and_public_text(world: World) -> None:
    case = submitted(world, NOW)
    case.place_at(world.pemkab, by=world.ratna, reason="Sukamaju", now=NOW)
    answer = post(
        world.wati,
        case,
        "disposisi",
        agency=world.dinas_pu.pk,
        kind="PENGADUAN",
        category=world.cat_road.pk,
        supervised="on",
        reason="Jalan kabupaten.",
        **public_fields(),
    )
    assert answer.status_code == 302
    case = now_of(case)
    assert (case.handler, case.status, case.supervised, case.category) == (
        world.dinas_pu,
        "forwarded",
        True,
        world.cat_road,
    )
    assert Publication.objects.filter(complaint=case).exists()


def test_the_own_desk_may_answer_itself(world: World) -> None:
    case = submitted(world, NOW)
    case.place_at(world.pemkab, by=world.ratna, reason="Sukamaju", now=NOW)
    assert "Kelola: meja Anda sendiri" in client_of(world.wati).get(f"/meja/{case.number}/disposisi/").content.decode()
    post(world.wati, case, "disposisi", agency=world.pemkab.pk, kind="ASPIRASI", reason="Kelola.", **public_fields())
    assert (now_of(case).handler, now_of(case).status) == (world.pemkab, "forwarded")


NOT_HERE = "Kantor ini tidak bisa dipilih di sini"
ENDED = "Dinas Sosial sudah berakhir. Penerusnya: Dinas Kesehatan"
NOBODY = "Belum ada petugas di "


@pytest.mark.parametrize(
    ("noun", "office", "words"),
    [
        ("disposisi", "dinas_sosial", NOBODY),
        ("disposisi", "ended", ENDED),
        ("disposisi", "root", NOT_HERE),
        ("disposisi", "dinas_pu_tetangga", NOT_HERE),
        ("pindahan", "dinas_sosial", NOBODY),
        ("pindahan", "ended", ENDED),
        ("pindahan", "root", NOT_HERE),
        ("pindahan", "dinas_pu_tetangga", NOT_HERE),
        ("titipan", "dinas_sosial", NOT_HERE),
        ("titipan", "ended", NOT_HERE),
        ("titipan", "root", NOT_HERE),
        ("unit", "bidang_jalan", NOBODY),
        ("unit", "ended_unit", NOT_HERE),
        ("unit", "pemkab", NOT_HERE),
        ("bantuan", "dinas_sosial", NOBODY),
        ("bantuan", "ended", ENDED),
        ("bantuan", "root", NOT_HERE),
        # Whoever hands back names an office that exists; that nobody works there yet is for the desk to see.
        ("pengembalian", "ended", ENDED),
    ],
)
@pytest.mark.sampled
def test_an_office_that_cannot_take_it_is_refused_at_the_field(
    world: World, noun: str, office: str, words: str
) -> None:
    end(world.dinas_sosial if office == "ended" else world.bidang_jalan if office == "ended_unit" else None, world)
    if noun in ("disposisi", "titipan"):
        case = submitted(world, NOW)
        if noun == "disposisi":
            case.place_at(world.pemkab, by=world.ratna, reason="Sukamaju", now=NOW)
    else:
        case = forwarded(world, NOW) if noun == "pindahan" else started(world, NOW)
    by = {"disposisi": world.wati, "pindahan": world.wati, "titipan": world.ratna}.get(noun, world.joko)
    agency = {"ended": world.dinas_sosial, "ended_unit": world.bidang_jalan}.get(office) or getattr(world, office)
    before = now_of(case)
    said = {"reason": "Alasan saya.", "kind": "PENGADUAN", "ground": "NOT_OURS", "task": "Alasan saya.", "days": 3}
    page = post(by, case, noun, agency=agency.pk, **said, **public_fields()).content.decode()
    assert words in page
    assert 'id="id_agency_error"' in page
    assert "Alasan saya." in page
    assert (now_of(case).handler, now_of(case).version) == (before.handler, before.version)


def end(office: Agency | None, world: World) -> None:
    """It ended in January."""
    if office is not None:
        day = datetime.date(2026, 1, 1)
        Agency.objects.filter(pk=office.pk).update(ends_on=day, succeeded_by=world.dinas_kesehatan)


SENDS: dict[str, Callable[[World, Complaint, Agency], object]] = {
    "forward": lambda world, case, to: dispatch.forward(case, to, by=world.wati, reason="Ke sana.", now=NOW),
    "place": lambda world, case, to: dispatch.place(case, to, by=world.wati, reason="Ke sana.", now=NOW),
    "move": lambda world, case, to: dispatch.move(case, to, by=world.wati, reason="Ke sana.", now=NOW),
    "pass_on": lambda world, case, to: dispatch.pass_on(case, to, by=world.joko, now=NOW),
    "invite": lambda world, case, to: helping.invite(case, to, "Bantu.", by=world.joko, days=3, now=NOW),
}


@pytest.mark.parametrize("office", ["ended", "unstaffed", "above"])
@pytest.mark.parametrize("act", SENDS)
@pytest.mark.sampled
def test_nor_past_the_form(world: World, act: str, office: str) -> None:
    """What a form let through is refused where cases are sent, whoever asks."""
    unit = act == "pass_on"
    agency = world.bidang_jalan if unit else world.dinas_sosial
    if office == "above":
        agency = world.pemkab if unit else world.root
    end(agency if office == "ended" else None, world)
    case = started(world, NOW)
    if act in ("forward", "place"):
        case = submitted(world, NOW)
        case.place_at(world.pemkab, by=world.ratna, reason="Sukamaju", now=NOW)
    with pytest.raises(Incomplete) as refused:
        SENDS[act](world, case, agency)
    assert refused.value.field == "agency"
    assert now_of(case).handler in (world.pemkab, world.dinas_pu)


def test_searching_an_office_keeps_what_was_typed_and_judges_nothing(world: World) -> None:
    case = forwarded(world, NOW)
    page = post(
        world.wati, case, "pindahan", cari="kesehat", cari_kantor="1", reason="Soal puskesmas."
    ).content.decode()
    assert f'value="{world.dinas_kesehatan.pk}"' in page
    assert "Soal puskesmas." in page
    assert "perlu diperbaiki" not in page
    assert re.search(r'<input [^>]*name="cari"[^>]* autofocus', page), "who pressed stays where they typed"
    nothing = post(world.wati, case, "pindahan", cari="zzz", cari_kantor="1").content.decode()
    assert "Tidak ada kantor yang cocok" in nothing


def test_of_offices_of_one_name_that_of_the_own_district_comes_first(world: World) -> None:
    for handler, own in ((world.dinas_kesehatan, world.dinas_pu), (world.pemkab_tetangga, world.dinas_pu_tetangga)):
        case = forwarded(world, NOW, handler)
        by = world.dewi if own == world.dinas_pu else world.tono
        form = forms.HandBackForm(case, by, initial={"cari": "pekerjaan umum"})
        names = [pk for pk, _name in form.fields["agency"].choices]  # type: ignore[attr-defined]
        assert names[0] == str(own.pk)


def test_a_suggestion_is_one_click_away(world: World) -> None:
    case = submitted(world, NOW)
    case.place_at(world.pemkab, by=world.ratna, reason="Sukamaju", now=NOW)
    Suggestion.objects.create(
        complaint=case, agency=world.dinas_pu, source="PLACE", score=0.4, reason="Bidang jalan di Sukamaju."
    )
    browser = client_of(world.wati)
    assert "Teruskan ke Dinas PU" in browser.get(f"/meja/{case.number}/").content.decode()
    form = browser.get(f"/meja/{case.number}/disposisi/?kantor={world.dinas_pu.pk}").content.decode()
    assert f'value="{world.dinas_pu.pk}" required' in form or f'value="{world.dinas_pu.pk}"' in form
    assert "Bidang jalan di Sukamaju." in form
    assert "checked" in form


def test_place_goes_only_to_a_desk(world: World) -> None:
    case = submitted(world, NOW)
    page = post(world.ratna, case, "titipan", agency=world.dinas_pu.pk, reason="Di sana.").content.decode()
    assert "tidak bisa dipilih" in page
    post(world.ratna, case, "titipan", agency=world.pemkab.pk, reason="Di sana.")
    assert now_of(case).handler == world.pemkab


def test_move_within_the_subtree(world: World) -> None:
    case = forwarded(world, NOW)
    assert post(world.joko, case, "pindahan", agency=world.dinas_kesehatan.pk, reason="x").status_code == 403
    post(world.wati, case, "pindahan", agency=world.dinas_kesehatan.pk, reason="Soal puskesmas.")
    assert now_of(case).handler == world.dinas_kesehatan


def test_archive_names_a_ground_and_tells_the_reporter(world: World) -> None:
    case = forwarded(world, NOW)
    page = post(world.wati, case, "arsip", text="").content.decode()
    assert "Ada 2 hal" in page
    post(world.wati, case, "arsip", ground="IN_COURT", text="Perkara ini sedang diperiksa Pengadilan Negeri.")
    assert (now_of(case).status, now_of(case).archive_ground) == ("archived", "IN_COURT")


def test_a_coordinator_opens_an_archived_case_again(world: World) -> None:
    case = forwarded(world, NOW)
    post(world.wati, case, "arsip", ground="UNCLEAR", text="Tempatnya tidak jelas.")
    assert "Tulis alasannya" in post(world.wati, case, "pembukaan").content.decode()
    post(world.wati, case, "pembukaan", reason="Tempatnya sudah diketahui.")
    assert (now_of(case).status, now_of(case).handler) == ("forwarded", world.dinas_pu)


def test_merge_and_unmerge(world: World) -> None:
    lead, case = forwarded(world, NOW), forwarded(world, NOW)
    wrong = post(world.wati, case, "gabungan", lead="0000-0000-000", text="Sama.").content.decode()
    assert "Nomor laporan utama tidak ditemukan" in wrong
    post(world.wati, case, "gabungan", lead=lead.shown_number.lower(), text="Lubang yang sama.")
    assert now_of(case).duplicate_of == lead
    assert "Tulis alasannya" in post(world.wati, case, "pemisahan").content.decode()
    post(world.wati, case, "pemisahan", reason="Ternyata lubang lain.")
    assert (now_of(case).duplicate_of, now_of(case).status, now_of(case).round) == (None, "forwarded", 1)


def test_a_case_of_another_district_is_no_lead(world: World) -> None:
    far, case = forwarded(world, NOW, world.dinas_pu_tetangga), forwarded(world, NOW)
    assert "tidak ditemukan" in post(world.wati, case, "gabungan", lead=far.number, text="Sama.").content.decode()


def test_reclassify_dates_the_last_promise_anew(world: World) -> None:
    case = forwarded(world, NOW)
    assert post(world.joko, case, "klasifikasi", kind="PENGADUAN", supervised="on", reason="Pungli.").status_code == 302
    assert case.clocks.get(kind="RESOLVE", stopped_at__isnull=True).budget == 60
    page = post(world.joko, case, "klasifikasi", kind="ASPIRASI", supervised="on", reason="x").content.decode()
    assert "Hanya pengaduan" in page


def test_tighten_and_exclude(world: World) -> None:
    case = started(world, NOW)
    assert "Pilih apa yang disembunyikan" in post(world.joko, case, "rahasia").content.decode()
    post(world.joko, case, "rahasia", secret="on")
    assert now_of(case).secret
    assert not Publication.objects.filter(complaint=case).exists()
    post(world.wati, case, "pengecualian", agency=world.dinas_pu.pk)
    assert now_of(case).handler == world.inspektorat


def test_redact_changes_the_public_copy_alone(world: World) -> None:
    case = started(world, NOW)
    post(world.joko, case, "samaran", public_title="Lubang", public_body="Lubang di depan pasar [nama disamarkan].")
    assert Publication.objects.get(complaint=case).title == "Lubang"
    assert now_of(case).title == "Lubang besar di depan Pasar Lama"


def test_publish_after_holding_back(world: World) -> None:
    case = forwarded(world, NOW)
    case.start(by=world.joko, hold="Menyebut nama anak.", now=NOW)
    assert f"/meja/{case.number}/terbitan/" in client_of(world.joko).get(f"/meja/{case.number}/").content.decode()
    post(world.joko, case, "terbitan", public_title="Lubang", public_body="Lubang di depan pasar.")
    assert Publication.objects.get(complaint=case).title == "Lubang"


def test_nudge_is_a_coordinators(world: World) -> None:
    case = forwarded(world, NOW)
    assert post(world.joko, case, "pengingat", reason="Ayo.").status_code == 403
    assert post(world.wati, case, "pengingat", reason="Sudah lima hari.").status_code == 302
    assert case.events.filter(verb="nudge").count() == 1


def test_reveal_asks_for_a_reason(world: World) -> None:
    case = forwarded(world, NOW)
    assert "Tulis alasannya" in post(world.ratna, case, "identitas", reason=" ").content.decode()
    opened = post(world.ratna, case, "identitas", reason="Diminta Ombudsman.")
    assert opened["Location"] == f"/meja/{case.number}/?pelapor=tampil"
    assert "Sari Wulandari</dd>" in client_of(world.ratna).get(opened["Location"]).content.decode()
    assert case.events.filter(verb="reveal").count() == 1


# --- Awkward moments ---


def test_two_officers_at_once_one_wins_and_the_other_keeps_the_words(world: World) -> None:
    case = started(world, NOW)
    hers = fields_of(case, world.hana, body=LONG)
    post(world.joko, case, "tanggapan", body="Sedang kami periksa di lapangan hari ini.")
    answer = client_of(world.hana).post(f"/meja/{case.number}/tanggapan/", hers)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert LONG in page
    assert "Sementara Anda menulis, laporan ini berubah" in page
    assert "Joko Prasetyo, Dinas PU" in page
    assert "<blockquote>Sedang kami periksa di lapangan hari ini.</blockquote>" in page
    assert Message.objects.filter(complaint=case, verb="answer").count() == 1
    assert f'name="version" value="{now_of(case).version}"' in page


def test_a_file_that_was_not_sent_is_named_and_not_kept(world: World) -> None:
    case = started(world, NOW)
    hers = fields_of(case, world.hana, body=LONG, file=photo())
    post(world.joko, case, "tanggapan", body="Sedang kami periksa di lapangan hari ini.")
    page = client_of(world.hana).post(f"/meja/{case.number}/tanggapan/", hers).content.decode()
    assert "Belum terkirim: bukti.jpg. Pilih lagi di bawah." in page
    assert not case.attachments.exists()

    his = fields_of(case, world.joko, body=LONG, file=photo())
    post(world.wati, case, "pindahan", agency=world.dinas_kesehatan.pk, reason="Soal puskesmas.")
    page = client_of(world.joko).post(f"/meja/{case.number}/tanggapan/", his).content.decode()
    assert "Berkas ini juga belum terkirim: bukti.jpg." in page


def test_what_others_did_with_a_secret_case_is_not_told_to_whoever_gave_no_reason(world: World) -> None:
    case = forwarded(world, NOW, secret=True)
    post(world.joko, case, "catatan", body="Nama saksinya sudah kami catat.")
    fields = fields_of(case, world.ratna, reason="Sudah lama.", agency=world.dinas_kesehatan.pk) | {
        "version": 0,
        "seen": 0,
    }
    answer = client_of(world.ratna).post(f"/meja/{case.number}/pindahan/", fields)
    assert answer.status_code == 409
    assert "Sementara Anda menulis, laporan ini berubah" in answer.content.decode()
    assert "Catatan internal ditulis" not in answer.content.decode()
    assert "saksinya" not in answer.content.decode()


def test_an_answer_to_a_case_ended_a_second_before_keeps_the_words(world: World) -> None:
    case = started(world, NOW)
    his = fields_of(case, world.joko, body=LONG)
    post(world.hana, case, "jawaban-akhir", outcome="REFUSED", body="Jalan ini milik perusahaan perkebunan.")
    answer = client_of(world.joko).post(f"/meja/{case.number}/tanggapan/", his)
    assert answer.status_code == 409
    assert LONG in answer.content.decode()
    assert "Jawaban akhir dikirim" in answer.content.decode()
    assert "<blockquote>Jalan ini milik perusahaan perkebunan.</blockquote>" in answer.content.decode()


def test_an_answer_to_a_case_moved_a_second_before_keeps_the_words(world: World) -> None:
    case = started(world, NOW)
    his = fields_of(case, world.joko, body=LONG)
    post(world.wati, case, "pindahan", agency=world.dinas_kesehatan.pk, reason="Soal puskesmas.")
    answer = client_of(world.joko).post(f"/meja/{case.number}/tanggapan/", his)
    assert answer.status_code == 409
    assert LONG in answer.content.decode()
    assert "Dipindahkan ke Dinkes" in answer.content.decode()
    assert "Alasan: Soal puskesmas." in answer.content.decode()


def test_a_membership_that_ended_meanwhile_gives_the_words_back(world: World) -> None:
    case = started(world, NOW)
    browser, his = client_of(world.joko), fields_of(case, world.joko, body=LONG)
    Membership.objects.filter(user=world.joko.user).update(ends_on=NOW.date())
    answer = browser.post(f"/meja/{case.number}/tanggapan/", his)
    assert answer.status_code == 403
    assert LONG in answer.content.decode()
    assert not Message.objects.filter(complaint=case, verb="answer").exists()


def test_a_form_opened_as_another_office_acts_for_nobody(world: World) -> None:
    assert world.joko.user is not None
    case = started(world, NOW)
    his = fields_of(case, world.joko, body=LONG)
    Membership.objects.filter(user=world.joko.user).update(ends_on=NOW.date())
    world.membership(world.joko.user, world.dinas_kesehatan, Role.LIAISON)
    answer = client_of(world.joko.user).post(f"/meja/{case.number}/tanggapan/", his)
    assert answer.status_code == 403
    assert LONG in answer.content.decode()


def test_a_guest_whose_session_ended_gets_the_words_back(world: World) -> None:
    from django.test import Client

    case = started(world, NOW)
    answer = Client().post(f"/meja/{case.number}/tanggapan/", fields_of(case, world.joko, body=LONG))
    assert answer.status_code == 403
    assert LONG in answer.content.decode()
    assert "Masuk lagi" in answer.content.decode()


def test_an_act_the_status_forbids_says_so(world: World) -> None:
    case = forwarded(world, NOW)
    answer = client_of(world.joko).get(f"/meja/{case.number}/pembatalan/")
    assert answer.status_code == 409
    assert "status laporan “Belum ditindaklanjuti”" in answer.content.decode()


def test_a_form_without_its_hidden_fields_changes_nothing(world: World) -> None:
    case = started(world, NOW)
    answer = client_of(world.joko).post(f"/meja/{case.number}/tanggapan/", {"body": LONG, "version": "satu"})
    assert answer.status_code == 200
    assert LONG in answer.content.decode()
    assert not Message.objects.filter(complaint=case, verb="answer").exists()


def test_nul_and_surrogates_are_dropped(world: World) -> None:
    case = started(world, NOW)
    post(world.joko, case, "catatan", body="Sudah\x00 dilihat.")
    said = Message.objects.filter(complaint=case, verb="note").first()
    assert said is None or "\x00" not in said.body


@pytest.mark.parametrize("agency", ["x", "-1", "9" * 40, "\x00", "tidak-tahu"])
@pytest.mark.sampled
def test_no_office_id_breaks_the_form(world: World, agency: str) -> None:
    case = forwarded(world, NOW)
    assert post(world.wati, case, "pindahan", agency=agency, reason="Alasan.").status_code == 200


def test_an_htmx_search_returns_the_choices_alone(world: World) -> None:
    case = forwarded(world, NOW)
    answer = client_of(world.wati).get(f"/meja/{case.number}/pindahan/?cari=kesehatan", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "Dinas Kesehatan" in answer.content.decode()


# --- Files ---


def test_a_photo_goes_with_the_answer(world: World) -> None:
    case = started(world, NOW)
    assert post(world.joko, case, "tanggapan", body=LONG, file=photo()).status_code == 302
    said = Message.objects.get(complaint=case, verb="answer")
    assert [file.name for file in said.attachments.all()] == ["bukti.jpg"]


def test_a_file_that_is_none_is_refused_with_words_and_the_answer_kept(world: World) -> None:
    case = started(world, NOW)
    program = SimpleUploadedFile("bukti.jpg", b"MZ not a picture", content_type="image/jpeg")
    page = post(world.joko, case, "tanggapan", body=LONG, file=program).content.decode()
    assert "bukti.jpg bukan JPG, PNG, WebP, atau PDF" in page
    assert "Belum ada berkas yang terkirim. Pilih sekali lagi." in page
    assert LONG in page
    assert not Message.objects.filter(complaint=case, verb="answer").exists()
