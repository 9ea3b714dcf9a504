"""Somebody newly appointed learns it by letter: to what, by which decree, how to come in. Nothing opens by itself."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from agencies import members
from agencies.actor import Actor
from agencies.models import Decree, Membership, Role
from complaints.models import Notification
from complaints.notifications import delivery, to_officers
from lapor.embedded.state import ROOT
from routing.guide import topics
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
ADDRESS = "budi@sukamaju.test"


def appoint(world: World, **said: Any) -> Membership:
    usual: dict[str, Any] = {"agency": world.dinas_pu, "role": Role.LIAISON, "email": ADDRESS, "name": "Budi Santoso"}
    return members.appoint(by=said.pop("by", world.wati), **{**usual, **said})


def letter() -> tuple[str, str]:
    """Subject and whole text of the only letter."""
    delivery.send_due()
    [one] = mail.outbox
    assert one.to == [ADDRESS]
    parts = [bytes(part.get_payload(decode=True)).decode() for part in one.message().walk() if not part.is_multipart()]
    return str(one.subject), " ".join(" ".join(parts).split())


def test_who_is_appointed_is_told_to_what_by_whom_and_by_which_decree(world: World) -> None:
    decree = Decree.objects.create(
        agency=world.pemkab, number="KPTS 7/2026", decided_on=datetime.date(2026, 5, 4), about="Tim Pengelola Pengaduan"
    )
    appoint(world, decree=decree, title="Kepala Bidang Jalan")
    subject, text = letter()
    assert subject == "Anda diangkat sebagai Kepala Bidang Jalan"
    for words in (
        "Yth. Budi Santoso",
        world.dinas_pu.name,
        "Pejabat Penghubung",
        "KPTS 7/2026",
        "4 Mei 2026",
        "Tim Pengelola Pengaduan",
        world.wati.user.name,  # type: ignore[union-attr]
        world.pemkab.name,
        ADDRESS,
        "/akun/masuk/kode/",
        "Tidak perlu sandi",
    ):
        assert words in text, words


def test_nothing_in_it_opens_anything_by_itself(world: World) -> None:
    appoint(world)
    _subject, text = letter()
    urls = set(re.findall(r"https?://[^\s\"<]+", text))
    assert {url.split("://")[1].partition("/")[2] for url in urls} == {"akun/masuk/kode/", "panduan/opd/", ""}
    user = Membership.objects.get(user__email=ADDRESS).user
    assert not user.has_usable_password()
    assert "belum dicatat" in text, "without a decree it says so"


@pytest.mark.parametrize("role", Role.values)
def test_each_role_is_told_of_its_guide_and_its_lesson(world: World, settings: Any, role: str) -> None:
    settings.TRAINING_URL = "https://latihan.contoh.go.id"
    guide, lesson = to_officers.STUDY[Role(role)]
    assert guide == topics.GUIDE[role], "the one that help in place leads to"
    parts = (ROOT / "lapor/training/people.py").read_text(encoding="utf-8")
    assert not lesson or f'"{lesson}",' in parts, "it is not loaded in any other mode"
    written = to_officers.appointed(Membership.objects.filter(role=role).select_related("agency", "user")[0])
    learn = written.lines[-1]
    page = "https://latihan.contoh.go.id/latihan/pelajaran/" + (f"{lesson}/" if lesson else "")
    assert f"/panduan/{guide}/ dan" in learn.text
    assert learn.text.endswith(page)
    assert f'<a href="{page}">{page}</a>' in learn.html


def test_the_way_it_names_leads_to_the_desk(world: World) -> None:
    appoint(world)
    delivery.send_due()
    mail.outbox.clear()
    browser = Client()
    browser.post("/akun/masuk/kode/", {"email": ADDRESS})
    [one] = mail.outbox
    code = re.search(r"Kode masuk Anda: (\S+)", str(one.body))
    assert code is not None, one.body
    answer = browser.post("/akun/masuk/kode/isi/", {"code": code[1], "action": "verify"})
    assert answer.headers["Location"] == "/meja/", "one code is enough"
    assert browser.get("/meja/").status_code == 200


def test_who_begins_later_is_told_from_when(world: World) -> None:
    begins = timezone.localdate() + datetime.timedelta(days=10)
    appoint(world, starts_on=begins)
    _subject, text = letter()
    assert text.count("Mulai ") >= 1
    assert "Anda sekarang" not in text


def test_a_coordinator_hears_of_the_second_step_where_it_is_required(world: World, settings: Any) -> None:
    appoint(world, by=world.ratna, agency=world.pemkab, role=Role.COORDINATOR)
    settings.MFA_REQUIRED_OF_OFFICERS = True
    assert "langkah kedua" in letter()[1]


def test_each_appointment_has_its_own_letter_and_no_more(world: World) -> None:
    appoint(world)
    appoint(world, role=Role.HEAD)
    assert Notification.objects.filter(letter="officer_appointed").count() == 2
    assert delivery.send_due() == 2
    assert delivery.send_due() == 0
    assert len(mail.outbox) == 2


def test_who_was_ended_before_it_went_out_is_not_told(world: World) -> None:
    membership = appoint(world)
    members.end(membership, by=world.wati, reason="keliru")
    assert delivery.send_due() == 0
    assert not mail.outbox


def test_an_appointment_that_failed_sends_nothing(world: World) -> None:
    with pytest.raises(members.Refused):
        appoint(world, by=world.joko)
    assert not Notification.objects.exists()


def test_what_the_system_lays_out_is_silent(world: World) -> None:
    appoint(world, by=Actor.system("seed_demo"))
    assert not Notification.objects.exists()


def test_one_that_cannot_be_delivered_shows_on_the_page_of_letters(world: World) -> None:
    appoint(world)
    Notification.objects.update(state="FAILED", created_at=timezone.now())
    page = client_of(world.ratna).get("/meja/surat/").content.decode()
    assert "pengangkatan" in page
    assert "Pengangkatan petugas" in page
    assert "budi@" not in page
