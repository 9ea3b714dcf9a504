"""A report filed signed in: its reporter finds it by their account, and no copy of the database says whose it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from agencies.actor import Actor
from agencies.models import User
from complaints import privacy
from complaints.intake import Submission, receive
from complaints.models import Complaint, Draft, Event, Message, Reporter
from complaints.notifications import letters
from lapor.kit.sealing import fingerprint
from tests.complaints.cases import NOW, at, report
from tests.world import World, client_of

pytestmark = pytest.mark.django_db


def columns_to_users() -> set[tuple[str, str]]:
    """Every column of the database that holds a user's id."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT kcu.table_name, kcu.column_name
            FROM information_schema.referential_constraints rc
            JOIN information_schema.key_column_usage kcu USING (constraint_schema, constraint_name)
            JOIN information_schema.constraint_column_usage ccu USING (constraint_schema, constraint_name)
            WHERE ccu.table_name = 'agencies_user'
            """
        )
        return set(cursor.fetchall())


def test_no_row_leads_from_a_report_to_the_account_it_was_filed_with(world: World) -> None:
    case = at(report(world, anonymous=True), world.dinas_pu)
    sari = client_of(world.sari)
    sari.post(f"/laporan/{case.number}/tanggapan/", {"version": case.version, "body": "Lubangnya makin dalam."})
    case.refresh_from_db()
    case.start(by=world.joko)
    case.resolve("Sudah ditambal.", by=world.joko, outcome="DONE", done_on=case.today(), unit="Bidang Jalan")
    judged = {"version": case.version, "verdict": "open", "body": "Masih berlubang."}
    sari.post(f"/laporan/{case.number}/penilaian/", judged)
    assert {"reply", "contest"} <= set(case.events.filter(side="REPORTER").values_list("verb", flat=True))
    tables = {table for table, _ in columns_to_users()}
    assert {"complaints_event", "complaints_message"} <= tables, "the search for columns finds what there is"
    assert not tables & {"complaints_reporter", "complaints_draft", "complaints_complaint", "complaints_attachment"}
    for table, column in columns_to_users():
        if table.startswith(("complaints_", "routing_")):
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}" = %s', [world.sari.pk])
                assert cursor.fetchone()[0] == 0, (table, column)


def test_the_fingerprint_is_keyed_and_of_its_own_kind(world: World, settings: Any) -> None:
    before = world.sari.fingerprint
    assert before != world.rudi.fingerprint
    assert before != fingerprint(str(world.sari.pk)), "a contact of the same digits is something else"
    settings.LAPOR_PEPPER = "lada yang lain sama sekali"
    assert world.sari.fingerprint != before


def test_laporan_saya_finds_what_was_filed_signed_in_even_an_anonymous_secret_one(world: World) -> None:
    report(world, title="Laporan tertutup Sari", anonymous=True, secret=True)
    report(world, title="Laporan Rudi", user=world.rudi)
    report(world, title="Laporan tanpa akun", user=None)
    page = client_of(world.sari).get("/laporan-saya/").content.decode()
    assert "Laporan tertutup Sari" in page
    assert "Laporan Rudi" not in page
    assert "Laporan tanpa akun" not in page


def test_an_actor_without_an_account_has_no_reports(world: World) -> None:
    report(world, user=None)
    assert not Complaint.objects.visible_to(Actor.reporter()).exists()


def test_the_database_refuses_an_event_or_message_that_names_the_reporter(world: World) -> None:
    case = report(world)
    with pytest.raises(IntegrityError, match="event_reporter_is_not_named"), transaction.atomic():
        Event.objects.create(complaint=case, verb="reply", side="REPORTER", actor=world.sari)
    with pytest.raises(IntegrityError, match="message_reporter_is_not_named"), transaction.atomic():
        Message.objects.create(complaint=case, verb="reply", side="REPORTER", body="x", author=world.sari)


def test_an_officer_who_files_a_report_of_their_own_is_its_reporter_and_nothing_names_them(world: World) -> None:
    assert world.dewi.user is not None
    case = report(world, title="Lubang dilaporkan Dewi", user=world.dewi.user)
    assert not case.events.filter(actor=world.dewi.user).exists()
    assert "Lubang dilaporkan Dewi" in client_of(world.dewi.user).get("/laporan-saya/").content.decode()


def test_a_draft_begun_signed_in_opens_for_its_account_alone(world: World) -> None:
    sari = client_of(world.sari)
    sari.post("/lapor/", {"place": world.sukasari.pk, "landmark": "depan balai desa"})
    token = sari.cookies["draf"].value
    for client, seen in ((sari, True), (client_of(world.rudi), False), (Client(), False)):
        client.cookies["draf"] = token
        assert ("depan balai desa" in client.get("/lapor/").content.decode()) == seen


def test_erasing_an_account_forgets_who_filed_and_keeps_the_reports(world: World) -> None:
    case = report(world)
    receipt = receive(Submission(channel="web", external_id="x", body="Lampu jalan mati.", user=world.sari), now=NOW)
    other = report(world, user=world.rudi)
    draft = Draft.begin(world.sari)
    draft.keep("masalah", {"story": "belum selesai"})
    assert privacy.erase_account(world.sari, NOW) == 2
    assert not User.objects.filter(email="sari@contoh.test").exists()
    assert Complaint.objects.filter(pk__in=[case.pk, receipt.complaint.pk]).count() == 2
    for reporter in Reporter.objects.filter(complaint__in=[case, receipt.complaint]):
        assert (reporter.account_fingerprint, reporter.name_sealed, reporter.email_fingerprint) == ("", "", "")
        assert reporter.erased_at == NOW
    assert Reporter.objects.get(complaint=other).account_fingerprint == world.rudi.fingerprint
    Draft.objects.forget(timezone.now())
    assert not Draft.objects.filter(pk=draft.pk).exists()
    page = Client().post("/lacak/", {"number": receipt.complaint.number, "key": receipt.key})
    assert page.headers["Location"] == f"/laporan/{receipt.complaint.number}/"


def test_an_account_deleted_by_any_road_lets_go_of_its_reports(world: World) -> None:
    case = report(world)
    world.sari.delete()
    reporter = Reporter.objects.get(complaint=case)
    assert reporter.account_fingerprint == ""
    assert privacy.address_of(reporter, privacy.EMAIL) == "sari@contoh.test", "its letters still know where to go"


def test_who_acted_as_an_officer_is_not_erased(world: World) -> None:
    assert world.joko.user is not None
    report(world, user=world.joko.user)
    with pytest.raises(ProtectedError):
        privacy.erase_account(world.joko.user, NOW)
    assert Reporter.objects.get().name_sealed, "all or nothing"


def test_a_link_confirmed_signed_in_joins_the_account_once(world: World) -> None:
    case = report(world, user=None, confirmed=False)
    url = urlsplit(letters.confirm_url(case.reporter)).path
    client_of(world.rudi).post(url)
    assert Reporter.objects.get(complaint=case).account_fingerprint == world.rudi.fingerprint
    client_of(world.sari).post(url)
    assert Reporter.objects.get(complaint=case).account_fingerprint == world.rudi.fingerprint
