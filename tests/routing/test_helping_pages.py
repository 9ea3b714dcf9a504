"""The pages of an office that helps, and of the lead it helps: what each reads, what neither does."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.actor import Actor
from complaints.models import Attachment, Complaint, Contribution, Message, Notification
from complaints.transitions import NotAllowed
from routing import helping
from tests.complaints.cases import NOW, later
from tests.complaints.files import photo
from tests.routing.desk import LONG, forwarded, post, started
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]
TASK = "Pindahkan tiang di depan pasar."


@pytest.fixture(autouse=True)
def _today(db: None) -> object:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def photographed(case: Complaint, name: str = "bukti.jpg", message: Message | None = None) -> Attachment:
    file = Attachment(complaint=case, message=message, name=name, size=4, state="CLEAN", sniffed_type="image/jpeg")
    file.file.save("bukti", ContentFile(b"KNRI"))
    return file


def asked(world: World, *, shown: str = "memindahkan tiang listrik", **more: Any) -> Complaint:
    case = started(world, NOW, landmark="seberang masjid", **more)
    helping.invite(case, world.bumn, TASK, by=world.joko, days=3, shown=shown, now=NOW)
    return Complaint.objects.get(pk=case.pk)


def read(who: Actor, address: str) -> str:
    return client_of(who).get(address).content.decode()


def test_the_lead_asks_from_the_page_of_the_case(world: World) -> None:
    case = started(world, NOW)
    assert f"/meja/{case.number}/bantuan/" in read(world.joko, f"/meja/{case.number}/")
    form = read(world.joko, f"/meja/{case.number}/bantuan/?cari=listrik")
    assert "Listrik Sukaraya" in form
    bad = post(world.joko, case, "bantuan", agency=world.bumn.pk, task="", days="besok", shown="")
    assert "Tulis apa yang diminta" in bad.content.decode()
    assert "Tulis angka 1 sampai 60" in bad.content.decode()
    none = post(world.joko, case, "bantuan", agency=world.dinas_sosial.pk, task=TASK, days=3, shown="")
    assert "Belum ada petugas" in none.content.decode()
    assert post(world.joko, case, "bantuan", agency=world.bumn.pk, task=TASK, days=3, shown="").status_code == 302
    page = read(world.joko, f"/meja/{case.number}/")
    assert "Dibantu kantor lain" in page
    assert TASK in page
    assert "Batalkan permintaan bantuan" in page


def test_who_helps_reads_the_task_and_the_masked_story_and_no_contact(world: World) -> None:
    case = asked(world)
    case.note("Pelapor galak.", by=world.joko, now=NOW)
    case.answer("Kami hubungi di 0812-0000-7700.", by=world.joko, audience="PARTIES", now=NOW)
    page = read(world.lina, f"/meja/{case.number}/")
    for words in (TASK, "Sudah tiga minggu ada lubang", "seberang masjid", "Diminta Dinas PU", "Kirim hasilnya"):
        assert words in page, words
    for hidden in ("Sari", "0812", "sari@contoh.test", "Pelapor galak", "Kami hubungi"):
        assert hidden not in page, hidden
    assert read(world.lina, f"/meja/{case.number}/?pelapor=tampil").count("Sari") == 0
    for noun in ("tanggapan", "pengembalian", "catatan", "kehadiran", "kabar", "pindahan"):
        assert client_of(world.lina).get(f"/meja/{case.number}/{noun}/").status_code == 404, noun
    assert client_of(world.yanto).get(f"/meja/{case.number}/").status_code == 404
    assert client_of(world.yanto).get(f"/meja/{case.number}/hasil-bantuan/").status_code == 404


def test_what_it_gives_is_read_by_the_lead_and_quoted(world: World) -> None:
    case = asked(world)
    picture = SimpleUploadedFile("tiang.jpg", photo(), content_type="image/jpeg")
    gave = post(world.lina, case, "hasil-bantuan", body="Tiang sudah pindah tadi pagi.", file=picture)
    assert gave.status_code == 302
    message = Message.objects.get(verb="contribute")
    assert (message.audience, message.attachments.count()) == ("OFFICERS", 1)
    page = read(world.joko, f"/meja/{case.number}/")
    assert "Tiang sudah pindah tadi pagi." in page
    assert "tiang.jpg" in page
    [link] = re.findall(r'href="([^"]*kutip=\d+)"', page)
    assert "Dari Listrik Sukaraya: “Tiang sudah pindah" in read(world.joko, link)
    assert "Tiang sudah pindah" not in read(world.joko, re.sub(r"\d+$", "999999", link))
    after = read(world.lina, f"/meja/{case.number}/")
    assert "Tiang sudah pindah tadi pagi." in after
    assert "Sudah tiga minggu" not in after


def test_the_citizen_reads_one_answer_and_who_works_on_what(world: World) -> None:
    case = asked(world)
    case.contribute("Tiang 0812-9999-1111 sudah pindah.", by=world.lina, now=later(hours=2))
    public = Client().get(f"/laporan/{case.number}/").content.decode()
    for words in ("Siapa mengerjakan apa", "memindahkan tiang listrik", "Listrik Sukaraya selesai membantu"):
        assert words in public, words
    assert TASK not in public
    assert "sudah pindah" not in public
    hidden = asked(world, shown="")
    quiet = Client().get(f"/laporan/{hidden.number}/").content.decode()
    assert "Siapa mengerjakan apa" not in quiet
    assert "Listrik Sukaraya" not in quiet


def test_the_reporters_name_is_read_in_no_word_that_others_read(world: World) -> None:
    case = started(world, NOW, landmark="seberang warung sari wulandari")
    shown = "menggeser tiang di depan Sari Wulandari"
    helping.invite(case, world.bumn, TASK, by=world.joko, days=3, shown=shown, now=NOW)
    for page in (read(world.lina, f"/meja/{case.number}/"), Client().get(f"/laporan/{case.number}/").content.decode()):
        assert "seberang warung" in page or "menggeser tiang" in page
        assert "wulandari" not in page.lower()


def test_a_picture_of_the_report_is_seen_if_the_lead_chose_it_and_as_long_as_one_is_asked(world: World) -> None:
    case = started(world, NOW)
    file, other = photographed(case), photographed(case, "ktp-sari.jpg")
    told = Message.objects.create(complaint=case, side="REPORTER", verb="reply", body="Ini rumah saya.")
    private = photographed(case, "rumah.jpg", told)
    said = {"agency": world.bumn.pk, "task": TASK, "days": 3, "shown": ""}
    assert "Pilih dari berkas" in post(world.joko, case, "bantuan", **said, shared=[private.pk]).content.decode()
    assert post(world.joko, case, "bantuan", **said, shared=[file.pk]).status_code == 302
    browser = client_of(world.lina)
    addresses = [reverse("complaints:media", args=[one.pk]) for one in (file, other, private)]
    assert [browser.get(address).status_code for address in addresses] == [200, 404, 404]
    page = read(world.lina, f"/meja/{case.number}/")
    assert addresses[0] in page
    assert addresses[1] not in page
    assert "bukti.jpg" not in page, "what a file was called may say who sent it"
    # One more is shared without asking anew; never what is not of the report.
    page = client_of(world.joko).get(f"/meja/{case.number}/berkas-bantuan/").content.decode()
    assert "Sudah melihat: bukti.jpg" in page
    assert "Pilih berkasnya." in post(world.joko, case, "berkas-bantuan", agency=world.bumn.pk).content.decode()
    wrong = {"agency": world.bumn.pk, "shared": [private.pk]}
    assert "Pilih dari berkas" in post(world.joko, case, "berkas-bantuan", **wrong).content.decode()
    assert post(world.joko, case, "berkas-bantuan", agency=world.bumn.pk, shared=[other.pk]).status_code == 302
    assert [browser.get(address).status_code for address in addresses] == [200, 200, 404]
    assert Notification.objects.filter(letter="officer_help_files", user=world.lina.user).count() == 1
    with pytest.raises(NotAllowed):
        case.share(world.bumn, [other], by=world.lina, now=NOW)
    # Whoever hides their name afterwards takes it back.
    case.tighten(anonymous=True, by=Actor.reporter(), now=NOW)
    assert browser.get(addresses[0]).status_code == 404


@pytest.mark.parametrize("anonymous", [False, True])
def test_of_an_anonymous_report_no_picture_is_chosen_beforehand(world: World, anonymous: bool) -> None:
    case = started(world, NOW, anonymous=anonymous)
    photographed(case)
    page = client_of(world.joko).get(f"/meja/{case.number}/bantuan/").content.decode()
    [box] = re.findall(r'<input type="checkbox" name="shared"[^>]*>', page)
    assert ("checked" in box) is not anonymous
    assert ("Pelapor menyembunyikan namanya" in page) is anonymous


def test_a_picture_ends_with_the_task(world: World) -> None:
    case = started(world, NOW)
    file = photographed(case)
    helping.invite(case, world.bumn, TASK, by=world.joko, days=3, files=[file], now=NOW)
    address = reverse("complaints:media", args=[file.pk])
    assert client_of(world.lina).get(address).status_code == 200
    assert client_of(world.yanto).get(address).status_code == 404
    case.decline("Bukan tiang kami.", by=world.lina, now=NOW)
    assert client_of(world.lina).get(address).status_code == 404


def test_the_desk_has_a_queue_of_its_own_for_it(world: World) -> None:
    assert "Diminta membantu" not in read(world.lina, "/meja/")
    assert "Kantor Anda tidak sedang diminta membantu" in read(world.lina, "/meja/bantuan/")
    case, late = asked(world), asked(world)
    Contribution.objects.filter(complaint=late).update(due_on=later(days=-5).date())
    desk = read(world.lina, "/meja/")
    assert 'href="/meja/bantuan/"' in desk
    listed = client_of(world.lina).get("/meja/bantuan/")
    assert [line.number for line in listed.context["tasks"]] == [late.number, case.number]
    assert [line.state for line in listed.context["tasks"]] == ["late", "on_time"]
    assert "1 terlambat." in listed.content.decode()
    assert client_of(world.lina).get("/meja/?q=bantuan:diminta").headers["Location"] == "/meja/bantuan/"
    assert client_of(world.bayu).get("/meja/bantuan/").status_code == 403


def test_whoever_oversees_sees_what_is_late_below_and_no_story(world: World) -> None:
    case, late = asked(world), asked(world)
    Contribution.objects.filter(complaint=late).update(due_on=later(days=-5).date())
    guarded = asked(world)
    guarded.tighten(secret=True, by=Actor.reporter(), now=NOW)
    for who in (world.wati, world.ratna):
        page = client_of(who).get("/meja/bantuan/?daftar=bawah")
        assert [line.number for line in page.context["tasks"]] == [late.number, case.number], who
        said = page.content.decode()
        assert "1 terlambat." in said
        assert "Listrik Sukaraya" in said
        assert case.title not in said
    assert client_of(world.tono).get("/meja/bantuan/?daftar=bawah").context["tasks"] == []
    assert client_of(world.lina).get("/meja/bantuan/?daftar=bawah").status_code == 403
    assert "daftar=bawah" in read(world.wati, "/meja/bantuan/")
    assert "daftar=bawah" not in read(world.lina, "/meja/bantuan/")


def test_the_lists_cost_no_more_statements(world: World) -> None:
    def cost(who: Actor, address: str) -> int:
        client = client_of(who)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    forwarded(world, NOW)
    empty, desk = cost(world.lina, "/meja/bantuan/"), cost(world.joko, "/meja/")
    for _ in range(3):
        asked(world)
    assert cost(world.lina, "/meja/bantuan/") <= empty + 1
    assert cost(world.joko, "/meja/") == desk


def test_a_form_of_whoever_lost_the_task_meanwhile_keeps_the_words(world: World) -> None:
    case = asked(world)
    case.uninvite(world.bumn, by=world.joko, reason="Sudah beres.", now=NOW)
    answer = post(world.lina, case, "hasil-bantuan", body=LONG)
    assert answer.status_code in (403, 404, 409)
    assert LONG in answer.content.decode()
    assert not Message.objects.filter(verb="contribute").exists()
