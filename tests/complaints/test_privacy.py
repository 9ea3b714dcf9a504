"""Who sees what: the table of case.md section 6, cell by cell, as rows (one SQL statement) and as columns."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import AuditEntry, Role
from complaints import privacy
from complaints.models import Complaint, Reporter, Reveal
from complaints.privacy import NotVisible, Sight, Text
from complaints.transitions import Incomplete, NotAllowed
from tests.complaints.cases import NOW, at, later, report
from tests.world import World

pytestmark = pytest.mark.django_db

F, M, R, N = Text.FULL, Text.MASKED, Text.REASON, Text.NOTHING
# viewer: identity, identity of an anonymous reporter, open text, secret text. The case is at the Dinas PU of Sukamaju.
TABLE = {
    "joko": (Sight.SHOWN, Sight.NEVER, F, F),
    "hana": (Sight.SHOWN, Sight.NEVER, F, F),
    "wati": (Sight.SHOWN, Sight.NEVER, F, F),
    "bupati": (Sight.NEVER, Sight.NEVER, F, N),
    "ratna": (Sight.REASON, Sight.TWO, F, R),
    "bayu": (Sight.NEVER, Sight.NEVER, M, R),
    "dewi": (Sight.NEVER, Sight.NEVER, N, N),
    "tono": (Sight.NEVER, Sight.NEVER, N, N),
    "yanto": (Sight.NEVER, Sight.NEVER, N, N),
    "reporter": (Sight.OWN, Sight.OWN, F, F),
}


def viewer_of(world: World, name: str) -> Actor:
    if name == "bupati":
        return world.officer("Bupati Sukamaju", world.pemkab, Role.HEAD)
    if name == "reporter":
        return Actor.reporter(world.sari)
    actor = getattr(world, name)
    assert isinstance(actor, Actor)
    return actor


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("anonymous", [False, True])
@pytest.mark.parametrize("secret", [False, True])
@pytest.mark.sampled
def test_the_table_of_viewers(world: World, name: str, anonymous: bool, secret: bool) -> None:
    case = at(report(world, anonymous=anonymous, secret=secret), world.dinas_pu)
    viewer = viewer_of(world, name)
    plain, hidden, open_text, secret_text = TABLE[name]
    assert privacy.sight_of(case, viewer) is (hidden if anonymous else plain)
    assert privacy.text_for(case, viewer) is (secret_text if secret else open_text)


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("secret", [False, True])
def test_the_statement_and_the_table_agree(world: World, name: str, secret: bool) -> None:
    at(report(world, secret=secret), world.dinas_pu)
    viewer = viewer_of(world, name)
    text = TABLE[name][3 if secret else 2]
    assert Complaint.objects.visible_to(viewer).exists() is (text in (F, M))
    assert Complaint.objects.visible_to(viewer, on_request=True).exists() is (text in (F, M, R))


@pytest.mark.parametrize("name", ["joko", "hana", "wati", "bupati", "agus", "bayu"])
def test_nobody_under_not_for_sees_it_whatever_else_they_are(world: World, name: str) -> None:
    case = at(report(world, not_for=world.pemkab), world.root)
    viewer = viewer_of(world, name) if name in TABLE else getattr(world, name)
    if name == "bayu":  # an observer at the centre who also sits in the kabupaten
        assert viewer.user is not None
        world.membership(viewer.user, world.kominfo, Role.LIAISON)
    assert not Complaint.objects.visible_to(viewer, on_request=True).exists()
    with pytest.raises(NotVisible):
        privacy.view_of(case, viewer)
    assert privacy.sight_of(case, viewer) is Sight.NEVER


def test_the_centre_still_sees_what_is_kept_from_a_kabupaten(world: World) -> None:
    case = at(report(world, not_for=world.pemkab), world.root)
    assert list(Complaint.objects.visible_to(world.ratna)) == [case]


def test_an_officer_the_case_names_does_not_see_it(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    assert world.joko.user is not None
    case.exclude(by=world.wati, officers=[world.joko.user], now=NOW)
    assert not Complaint.objects.visible_to(world.joko).exists()
    assert Complaint.objects.visible_to(world.hana).exists()
    with pytest.raises(NotVisible):
        privacy.view_of(case, world.joko)


def test_the_reporter_sees_a_case_that_is_kept_from_everybody(world: World) -> None:
    case = at(report(world, not_for=world.pemkab, secret=True, anonymous=True), world.root)
    view = privacy.view_of(case, Actor.reporter(world.sari))
    assert view.identity is not None
    assert view.identity.name == "Sari Wulandari"
    assert list(Complaint.objects.visible_to(Actor.reporter(world.sari))) == [case]


def test_a_stranger_and_somebody_without_an_account_list_nothing(world: World) -> None:
    at(report(world), world.dinas_pu)
    assert not Complaint.objects.visible_to(Actor.reporter(world.rudi)).exists()
    assert not Complaint.objects.visible_to(Actor.reporter()).exists()


def test_a_former_handler_reads_only_that_it_left(world: World) -> None:
    case = at(report(world), world.dinas_kesehatan)
    case.move(world.dinas_pu, by=world.wati, reason="Ini soal jalan.", now=later(hours=1))
    assert not Complaint.objects.visible_to(world.dewi).exists()
    assert list(Complaint.objects.left_by(world.dewi)) == [case]
    assert not Complaint.objects.left_by(world.joko).exists()
    case.tighten(by=Actor.reporter(world.sari), secret=True, now=later(hours=2))
    assert not Complaint.objects.left_by(world.dewi).exists()


def test_the_list_of_what_is_visible_is_one_statement(world: World) -> None:
    for _n in range(5):
        at(report(world), world.dinas_pu)
    assert world.wati.user is not None
    world.wati.user.held = world.wati.user.seats()  # as the middleware does at each request
    with CaptureQueriesContext(
        connection,
    ) as statements:
        assert len(Complaint.objects.visible_to(world.wati)) == 5
    assert len(statements) == 1


def test_the_public_reads_the_masked_copy_and_nothing_without_one(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    with pytest.raises(NotVisible):
        privacy.view_of(case, None)


def test_an_observer_reads_the_machine_s_masked_text(world: World) -> None:
    view = privacy.view_of(at(report(world), world.dinas_pu), world.bayu)
    assert "Sari" not in view.body
    assert "0812" not in view.body
    assert view.audiences == {"PUBLIC"}
    assert not view.files


def looks(case: Complaint) -> list[dict[str, Any]]:
    return [
        {"who": entry.who, "office": entry.acting_as, "what": entry.what, **(entry.after or {})}
        for entry in AuditEntry.objects.filter(subject_kind="complaint", subject_id=case.pk).order_by("pk")
    ]


def test_opening_the_name_is_asked_for_and_written_down_once_a_page_view(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    assert privacy.view_of(case, world.joko).identity is None
    assert looks(case) == []
    view = privacy.view_of(case, world.joko, identity=True)
    assert view.identity == privacy.Identity("Sari Wulandari", "sari@contoh.test", "0812-0000-7700")
    assert looks(case) == [{"who": world.joko.user, "office": world.dinas_pu, "what": "look", "looks": ["identity"]}]


def test_reading_a_secret_text_is_written_down_and_the_reporter_s_own_reading_is_not(world: World) -> None:
    case = at(report(world, secret=True), world.dinas_pu)
    privacy.view_of(case, Actor.reporter(world.sari))
    assert looks(case) == []
    privacy.view_of(case, world.joko, identity=True)
    assert [look["looks"] for look in looks(case)] == [["identity", "secret"]]


def test_a_look_that_could_not_be_written_down_is_not_had(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = at(report(world, secret=True), world.dinas_pu)

    def fail(**row: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    with pytest.raises(DatabaseError), transaction.atomic():
        privacy.view_of(case, world.joko)


def test_the_centre_gives_a_reason_before_it_reads_a_secret_text(world: World) -> None:
    case = at(report(world, secret=True), world.dinas_pu)
    view = privacy.view_of(case, world.ratna)
    assert (view.text, view.title, view.body) == (Text.REASON, "", "")
    assert looks(case) == []
    view = privacy.view_of(case, world.ratna, reason="Pelapor menelepon pusat.")
    assert view.is_full
    assert view.title == case.title
    assert AuditEntry.objects.get(subject_id=case.pk).reason == "Pelapor menelepon pusat."


def test_revealing_needs_a_reason_and_the_national_admin(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    with pytest.raises(Incomplete):
        privacy.reveal(case, by=world.ratna, reason="  ", now=NOW)
    with pytest.raises(NotAllowed):
        privacy.reveal(case, by=world.joko, reason="Ingin tahu.", now=NOW)
    with pytest.raises(NotAllowed):
        privacy.reveal(case, by=world.bayu, reason="Ingin tahu.", now=NOW)
    found = privacy.reveal(case, by=world.ratna, reason="Nomornya salah, ditanya kantor.", now=NOW)
    assert found is not None
    assert found.name == "Sari Wulandari"
    assert case.events.filter(verb="reveal", audience="OFFICERS").count() == 1
    # For a day the page shows it to her, and to nobody else; each time is written down with her reason.
    view = privacy.view_of(case, world.ratna, identity=True, now=later(hours=1))
    assert view.identity == found
    assert AuditEntry.objects.filter(what="look", reason="Nomornya salah, ditanya kantor.").count() == 2
    assert privacy.view_of(case, world.seno, identity=True, now=later(hours=1)).identity is None
    assert privacy.view_of(case, world.ratna, identity=True, now=later(hours=25)).identity is None


def test_a_reason_given_before_the_reporter_became_anonymous_opens_nothing_after(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    privacy.reveal(case, by=world.ratna, reason="Ditanya kantor.", now=NOW)
    case.tighten(by=Actor.reporter(world.sari), anonymous=True, now=NOW)
    view = privacy.view_of(case, world.ratna, identity=True, now=later(hours=1))
    assert view.identity is None
    assert view.sight is Sight.TWO


def test_an_anonymous_reporter_is_opened_by_two_and_for_a_day(world: World) -> None:
    case = at(report(world, anonymous=True), world.dinas_pu)
    assert privacy.reveal(case, by=world.ratna, reason="Ancaman terhadap pelapor.", now=NOW) is None
    asked = Reveal.objects.get()
    assert privacy.view_of(case, world.ratna, identity=True, reason="x", now=NOW).identity is None
    with pytest.raises(NotAllowed):
        privacy.approve_reveal(asked, by=world.ratna, now=later(hours=1))
    with pytest.raises(NotAllowed):
        privacy.approve_reveal(asked, by=world.wati, now=later(hours=1))
    privacy.approve_reveal(asked, by=world.seno, now=later(hours=2))
    view = privacy.view_of(case, world.ratna, identity=True, now=later(hours=3))
    assert view.identity is not None
    assert view.identity.name == "Sari Wulandari"
    assert privacy.view_of(case, world.seno, identity=True, now=later(hours=3)).identity is None
    assert privacy.view_of(case, world.ratna, identity=True, now=later(hours=27)).identity is None


def test_a_second_word_after_24_hours_comes_too_late(world: World) -> None:
    case = at(report(world, anonymous=True), world.dinas_pu)
    privacy.reveal(case, by=world.ratna, reason="Ancaman terhadap pelapor.", now=NOW)
    with pytest.raises(NotAllowed):
        privacy.approve_reveal(Reveal.objects.get(), by=world.seno, now=later(hours=24, seconds=1))


def test_the_reporter_reads_who_looked_one_line_a_day(world: World) -> None:
    case = at(report(world, secret=True), world.dinas_pu)
    for hour in (1, 2, 3):
        privacy.view_of(case, world.joko, now=later(hours=hour))
    privacy.view_of(case, world.wati, identity=True, now=later(days=1))
    privacy.view_of(case, world.ratna, reason="Diminta pelapor.", now=later(days=2))
    lines = privacy.who_looked(case)
    assert [(line.office, str(line.what)) for line in lines] == [
        ("Pusat", "membaca laporan rahasia Anda"),
        ("Pemkab Sukamaju", "membaca laporan rahasia Anda"),
        ("Pemkab Sukamaju", "melihat nama dan kontak Anda"),
        ("Dinas PU", "membaca laporan rahasia Anda"),
    ]
    assert lines[0].reason == "Diminta pelapor."
    assert lines[-1].at == later(hours=1)


def test_a_list_shows_no_secret_title(world: World) -> None:
    case = at(report(world, secret=True), world.dinas_pu)
    assert str(privacy.row_title(case, world.joko)) == "Laporan rahasia"
    assert privacy.row_title(case, Actor.reporter(world.sari)) == case.title


def test_contacts_lie_sealed_and_an_address_that_changes_is_unconfirmed_again(world: World) -> None:
    reporter = report(world).reporter
    assert reporter.is_reachable
    stored = Reporter.objects.filter(pk=reporter.pk).values().get()
    assert "sari" not in str(stored).lower()
    privacy.set_contacts(reporter, "Sari", "Sari@Contoh.test ", "62 812 0000 7700")
    assert reporter.is_reachable
    privacy.set_contacts(reporter, "Sari", "baru@contoh.test", "0812 0000 7700")
    assert not Reporter.objects.get(pk=reporter.pk).is_reachable
    assert privacy.address_of(reporter, privacy.EMAIL) == "baru@contoh.test"


def test_an_erased_reporter_leaves_a_whole_case_without_a_name(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    privacy.erase(case.reporter, NOW)
    view = privacy.view_of(Complaint.objects.get(pk=case.pk), world.joko, identity=True)
    assert view.identity == privacy.Identity()
    assert view.title == case.title
    assert privacy.address_of(Reporter.objects.get(complaint=case), privacy.EMAIL) == ""


def test_a_name_whose_key_is_gone_reads_as_empty(world: World, settings: Any) -> None:
    from cryptography.fernet import Fernet

    case = at(report(world), world.dinas_pu)
    settings.LAPOR_FIELD_KEYS = [Fernet.generate_key().decode()]
    view = privacy.view_of(case, world.joko, identity=True)
    assert view.identity == privacy.Identity()


@pytest.mark.parametrize("typed", ["0812-0000-7700", "+62 812 0000 7700", "62812.0000.7700", "812 0000 7700"])
def test_one_number_however_typed(typed: str) -> None:
    assert privacy.plain_phone(typed) == "+6281200007700"


def test_once_means_once_even_for_the_day_after(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    reporter = case.reporter
    assert not privacy.confirm_email(reporter, NOW + datetime.timedelta(days=1))
