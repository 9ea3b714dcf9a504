"""Before the Ombudsman: one act and consent of the reporter; nobody else learns who it was, or that it is there."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Kind, Role
from complaints import privacy
from complaints.models import Complaint, Event, Notification, Recommendation, Referral, Reporter
from complaints.transitions import Incomplete, NotAllowed
from routing import before_ombudsman
from tests.filing import SARI, answered, days, filed, missed
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
NAME = "Sari Puspita"
LIST = "/pengawasan/ombudsman/"


@pytest.fixture(autouse=True)
def _twenty_days_later() -> Any:
    with time_machine.travel(days(20), tick=False):
        yield


@pytest.fixture
def body(world: World) -> Agency:
    return Agency.objects.create(
        name="Ombudsman Republik Indonesia", short_name="ORI", code="L43", kind=Kind.LEMBAGA, parent=world.root
    )


@pytest.fixture
def intan(world: World, body: Agency) -> Actor:
    return world.officer("Intan", body, Role.OBSERVER)


def late(world: World, **more: Any) -> Complaint:
    story = f"Jalan berlubang. Saya {NAME}, 0812 3456 7890."
    case = filed(world, more.pop("body", story), name=NAME, email="sari@contoh.test", **more)
    return missed(case, at=20)


def put(case: Complaint, **more: Any) -> Referral:
    case.refer(by=SARI, consent=True, **more)
    return Referral.objects.get(complaint=case, withdrawn_at=None)


def page(who: Actor, row: Referral) -> str:
    response = client_of(who).get(f"{LIST}{row.pk}/")
    assert response.status_code == HTTPStatus.OK
    return response.content.decode()


def test_only_with_consent_and_only_after_a_promise_was_missed(world: World, body: Agency) -> None:
    case = filed(world)
    with pytest.raises(NotAllowed):
        case.refer(by=SARI, consent=True)
    missed(case, at=20)
    with pytest.raises(Incomplete):
        case.refer(by=SARI, consent=False)
    with pytest.raises(NotAllowed):
        case.refer(by=world.joko, consent=True)
    row = put(case)
    assert row.due_on.isoformat() == "2026-07-08"
    with pytest.raises(NotAllowed):
        case.refer(by=SARI, consent=True)
    # What an office cannot answer by archiving it goes there as well.
    other = late(world, at=0.1)
    other.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas.")
    assert put(other).state == Referral.State.RECEIVED


def test_the_ombudsman_itself_is_no_judge_of_its_own_case(world: World, body: Agency) -> None:
    case = late(world, not_for=body, about_conduct=True)
    with pytest.raises(NotAllowed):
        case.refer(by=SARI, consent=True)


def test_without_the_name_everything_is_masked_and_with_it_the_reporter_reads_who_looked(
    world: World, body: Agency, intan: Actor
) -> None:
    case = answered(late(world, anonymous=True), world.joko, at=20)
    case.reply(f"Tolong, {NAME}.", by=SARI, now=days(20))
    row = put(case, note=f"Saya takut. {NAME}")
    shown = page(intan, row)
    assert "Jalan berlubang" in shown
    assert NAME not in shown
    assert "0812" not in shown
    assert "sari@contoh.test" not in shown
    taken = client_of(intan).get(f"{LIST}{row.pk}/berkas/?bentuk=json")
    said = json.loads(taken.content)
    assert said["reporter"] is None
    assert NAME not in taken.content.decode()
    assert {one["promise"] for one in said["promises"]} >= {"jawaban pertama"}
    looks = [str(look.what) for look in privacy.who_looked(case)]
    assert looks == ["mengunduh laporan yang Anda teruskan", "membaca laporan yang Anda teruskan"]
    case.unrefer(by=SARI)
    row = put(case, with_identity=True)
    assert NAME in page(intan, row)
    assert "melihat nama dan kontak Anda" in [str(look.what) for look in privacy.who_looked(case)]


def test_a_secret_case_put_there_is_there_for_nobody_else(world: World, body: Agency, intan: Actor) -> None:
    case = late(world, secret=True)
    row = put(case, with_identity=True)
    assert NAME in page(intan, row)
    outsiders = [world.bayu, world.wati, world.joko, world.ratna, world.tono]
    outsiders.append(world.officer("Lurah Ombudsman", body, Role.LIAISON))
    for who in outsiders:
        client = client_of(who)
        for address in (LIST, f"{LIST}{row.pk}/", f"{LIST}{row.pk}/berkas/"):
            assert client.get(address).status_code == HTTPStatus.NOT_FOUND, (who.user, address)
        assert client.post(f"{LIST}{row.pk}/", {"act": "langkah"}).status_code == HTTPStatus.NOT_FOUND
    # The examiner's seat opens what was put there, and nothing more of the case.
    assert client_of(intan).get(f"/meja/{case.number}/").status_code == HTTPStatus.NOT_FOUND
    # Who sits in the body and is named in the case does not find it either.
    case.not_seen_by.add(intan.user)  # type: ignore[arg-type]
    assert client_of(intan).get(f"{LIST}{row.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert case.shown_number not in client_of(intan).get(LIST).content.decode()


def test_the_office_learns_that_it_was_put_there_and_nothing_else(world: World, body: Agency, intan: Actor) -> None:
    case = late(world, anonymous=True, body="Jalan berlubang di depan rumah.")
    row = put(case, with_identity=True, note="Kepala dinasnya mengenal saya.")
    case.examine(row, Referral.State.EXAMINED, f"Halo {NAME}, kami periksa.", by=intan)
    desk = client_of(world.joko).get(f"/meja/{case.number}/").content.decode()
    assert "Diteruskan pelapor ke Ombudsman" in desk
    assert "Ombudsman memeriksa laporan ini" in desk
    for hidden in (NAME, "mengenal saya", "sari@contoh.test"):
        assert hidden not in desk
    told = json.dumps([event.particulars for event in Event.objects.filter(complaint=case)])
    assert NAME not in told
    assert "mengenal" not in told
    assert "identity" not in told
    letters = Notification.objects.filter(event__complaint=case, letter="officer_referred", medium="EMAIL")
    assert world.joko.user in {letter.user for letter in letters}
    to_seat = Notification.objects.get(letter=f"officer_referral:{row.pk}")
    assert to_seat.user == intan.user


def test_consent_taken_back_ends_the_reading(world: World, body: Agency, intan: Actor) -> None:
    case = late(world)
    row = put(case)
    page(intan, row)
    case.unrefer(by=SARI)
    assert client_of(intan).get(f"{LIST}{row.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert case.shown_number not in client_of(intan).get(LIST).content.decode()
    with pytest.raises(NotAllowed):
        case.examine(row, Referral.State.EXAMINED, "", by=intan)
    with pytest.raises(NotAllowed):
        case.unrefer(by=SARI)


def test_recommended_answered_and_weighed(world: World, body: Agency, intan: Actor) -> None:
    case = late(world)
    row = put(case)
    client, hana = client_of(intan), client_of(world.hana)
    here = f"{LIST}{row.pk}/"
    assert client.post(here, {"act": "langkah", "state": "FINISHED"}).status_code == HTTPStatus.BAD_REQUEST
    client.post(here, {"act": "langkah", "state": "EXAMINED", "text": "Kami periksa."})
    said = {"act": "rekomendasi", "agency": world.dinas_pu.pk, "body": "Tambal dalam sebulan.", "days": 20}
    assert client.post(here, said | {"agency": world.dinas_kesehatan.pk}).status_code == HTTPStatus.BAD_REQUEST
    client.post(here, said)
    asked = Recommendation.objects.get()
    assert asked.due_on.isoformat() == "2026-07-16"
    assert Notification.objects.filter(letter=f"officer_recommended:{asked.pk}").count() == 2, "head and coordinator"
    # Too early to be weighed; nobody but head and coordinator answers.
    with pytest.raises(NotAllowed):
        case.weigh(asked, Recommendation.Verdict.NOT, by=intan)
    assert client_of(world.joko).get("/meja/rekomendasi/").status_code == HTTPStatus.NOT_FOUND
    for who, has in ((world.hana, True), (world.wati, True), (world.tono, False), (world.joko, False)):
        assert ("Rekomendasi Ombudsman" in client_of(who).get("/meja/").content.decode()) is has
    assert "Tambal" not in client_of(world.tono).get("/meja/rekomendasi/").content.decode()
    elsewhere = client_of(world.tono).post("/meja/rekomendasi/", {"rekomendasi": asked.pk, "answer": "Sudah beres."})
    assert elsewhere.status_code == HTTPStatus.NOT_FOUND
    assert "Tambal dalam sebulan." in hana.get("/meja/rekomendasi/").content.decode()
    empty = hana.post("/meja/rekomendasi/", {"rekomendasi": asked.pk, "answer": ""})
    assert empty.status_code == 400
    assert f'<li><a href="#jawab-{asked.pk}-answer">' in empty.content.decode(), "the list of mistakes leads there"
    hana.post("/meja/rekomendasi/", {"rekomendasi": asked.pk, "answer": "Sudah ditambal kemarin."})
    assert "Sudah ditambal kemarin." in page(intan, row)
    client.post(here, {"act": "nilai", "rekomendasi": asked.pk, "hasil": "HEEDED"})
    client.post(here, {"act": "langkah", "state": "FINISHED", "text": "Terima kasih."})
    asked.refresh_from_db()
    assert asked.verdict == Recommendation.Verdict.HEEDED
    verbs = list(Event.objects.filter(complaint=case, pk__gt=0).values_list("verb", flat=True))[-6:]
    assert verbs == ["refer", "examine", "recommend", "heed", "weigh", "examine"]
    letters = Notification.objects.filter(event__complaint=case, letter="referral", medium="EMAIL")
    assert letters.count() == 5, "each step of the Ombudsman and of the office, not the reporter's own"
    ((pemda, sums),), whole = before_ombudsman.who_heeds(case.today())
    assert (pemda, sums.given, sums.heeded, whole.given) == (world.pemkab, 1, 1, 1)
    assert before_ombudsman.in_public(case.today()) == ([], None), "one could be recognised"


def test_a_recommendation_never_reaches_whom_the_case_is_kept_from(world: World, body: Agency, intan: Actor) -> None:
    case = late(world, not_for=world.dinas_pu, about_conduct=True)
    row = put(case)
    case.examine(row, Referral.State.EXAMINED, "", by=intan)
    assert world.dinas_pu not in case.may_be_recommended_to()
    with pytest.raises(Incomplete):
        case.recommend(row, world.dinas_pu, "Periksa.", by=intan)


def test_the_reporters_page_says_what_can_be_done_and_does_it(world: World, body: Agency, intan: Actor) -> None:
    client = client_of(world.sari)
    case = late(world)
    Reporter.objects.filter(complaint=case).update(account_fingerprint=world.sari.fingerprint)
    shown = client.get(f"/laporan/{case.number}/").content.decode()
    assert "Teruskan ke Ombudsman" in shown
    assert "UU 25/2009 Pasal 46" in shown
    here = f"/laporan/{case.number}/ombudsman/"
    said = {"version": case.version, "note": "Tolong dibantu."}
    assert "Centang dulu" in client.post(here, said).content.decode()
    assert not Referral.objects.exists()
    assert client.post(here, said | {"consent": "on", "version": 999}).status_code == HTTPStatus.CONFLICT
    client.post(here, said | {"consent": "on"})
    row = Referral.objects.get()
    assert (row.with_identity, row.note) == (False, "Tolong dibantu.")
    assert "Laporan Anda di Ombudsman" in client.get(here).content.decode()
    assert client_of(world.rudi).get(here).status_code == HTTPStatus.NOT_FOUND
    client.post(here, {"version": case.version, "act": "tarik"})
    row.refresh_from_db()
    assert row.withdrawn_at is not None


@pytest.mark.slow
def test_opening_is_logged_once_and_costs_the_same(world: World, body: Agency, intan: Actor) -> None:
    row = put(late(world))
    client = client_of(intan)
    client.get(f"{LIST}{row.pk}/")
    entries = AuditEntry.objects.filter(what="look").count()
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for n in range(4):
        put(late(world, at=n / 100))
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(few) == len(many) <= 12
    assert AuditEntry.objects.filter(what="look").count() == entries == 1
    with CaptureQueriesContext(connection) as one:
        client.get(f"{LIST}{row.pk}/")
    assert len(one) <= 30


def test_an_observer_there_reads_the_country_masked_and_is_seen(world: World, body: Agency, intan: Actor) -> None:
    case = filed(world, f"Jalan berlubang. Saya {NAME}, 0812 3456 7890.", name=NAME, title="Jalan berlubang")
    secret = filed(world, "Uang pungutan diminta.", title="Pungutan", secret=True)
    client = client_of(intan)
    assert client.get(LIST, {"nomor": case.shown_number})["Location"] == f"/meja/{case.number}/"
    shown = client.get(f"/meja/{case.number}/").content.decode()
    assert "teks yang disamarkan" in shown
    for hidden in (NAME, "3456", "Tindakan lain", "Lihat nama dan kontak"):
        assert hidden not in shown, hidden
    looked = privacy.who_looked(case)
    assert [(one.who, str(one.what)) for one in looked] == [
        ("Intan", "membaca laporan Anda dengan nama dan nomor tersamar")
    ]
    # A secret one is not there, by number, with a reason, in a list or in its count.
    assert "Nomor itu tidak ada" in client.get(LIST, {"nomor": secret.shown_number}).content.decode()
    for answer in (
        client.get(f"/meja/{secret.number}/"),
        client.post(f"/meja/{secret.number}/", {"alasan": "Periksa"}),
    ):
        assert answer.status_code == HTTPStatus.NOT_FOUND
    country = client.get("/pengawasan/").content.decode()
    assert "Pengawasan seluruh Indonesia" in country
    listed = client.get(f"/pengawasan/{world.dinas_pu.pk}/laporan/").content.decode()
    assert case.number in listed
    assert secret.number not in listed
    assert "Ingatkan" not in listed
    assert client.get(f"/pengawasan/{world.pemkab.pk}/").context["view"].open == 1
    # It gives no desk, no act, and nothing to the head of the body or to an observer elsewhere.
    assert client.get("/meja/").status_code == HTTPStatus.FORBIDDEN
    assert client.post(f"/pengawasan/{world.dinas_pu.pk}/pengingat/", {"reason": "x"}).status_code in (403, 404)
    head = client_of(world.officer("Pimpinan", body, Role.HEAD))
    assert head.get(f"/meja/{case.number}/").status_code == HTTPStatus.NOT_FOUND
    assert head.get(f"/pengawasan/{world.pemkab.pk}/").status_code == HTTPStatus.NOT_FOUND
    own = filed(world, "Petugas lambat.", not_for=body, about_conduct=True)
    assert client.get(f"/meja/{own.number}/").status_code == HTTPStatus.NOT_FOUND
