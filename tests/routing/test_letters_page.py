"""What the national admins see of letters that did not arrive: the case, the reason, never an address."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from agencies.models import AuditEntry
from complaints.models import Arrival, DeliveryAttempt, Notification, Reporter, Tariff
from complaints.notifications import delivery
from routing import postage
from tests.complaints.cases import NOW, SARI, at, later, report
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
PAGE = "/meja/surat/"


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(later(minutes=10), tick=False)


def given_up(world: World) -> Notification:
    at(report(world), world.dinas_pu)
    row = Notification.objects.get(letter="submitted")
    Notification.objects.filter(pk=row.pk).update(state="FAILED", tries=1)
    Notification.objects.exclude(pk=row.pk).update(state="SENT")
    DeliveryAttempt.objects.create(notification=row, succeeded=False, answer="550 5.1.1 <…>: no such user", at=NOW)
    return row


def test_a_letter_that_was_given_up_is_listed_with_what_the_server_said(world: World) -> None:
    row = given_up(world)
    assert row.event is not None
    page = client_of(world.ratna).get(PAGE).content.decode()
    assert row.event.complaint.shown_number in page
    assert "550 5.1.1 &lt;…&gt;: no such user" in page
    assert "pelapor" in page
    assert SARI not in page
    assert "Sari" not in page


def test_a_number_that_failed_is_shown_masked_and_an_anonymous_one_not_at_all(world: World) -> None:
    for anonymous in (False, True):
        case = report(world, email="", door=("SMS", "+6281200007734"), anonymous=anonymous, confirmed=False)
        assert case.reporter.door == "SMS"
    arrival = Arrival.objects.create(channel="sms", external_id="x", outcome="ANSWERED", received_at=NOW)
    arrival.keep_sender("+6281200005678")
    arrival.save()
    Notification.objects.create(arrival=arrival, medium="SMS", letter="reply", created_at=NOW)
    Notification.objects.update(state="FAILED")
    page = client_of(world.ratna).get(PAGE).content.decode()
    assert page.count("+62•••7734") == 1
    assert page.count("+62•••5678") == 1
    assert "81200007734" not in page


def test_a_case_kept_from_the_officer_is_not_found_by_its_letters(world: World) -> None:
    row = given_up(world)
    assert row.event is not None
    assert world.ratna.user is not None
    case = row.event.complaint
    case.exclude(officers=[world.ratna.user], by=world.wati, now=NOW)
    assert case.shown_number not in client_of(world.ratna).get(PAGE).content.decode()
    assert case.shown_number in client_of(world.seno).get(PAGE).content.decode()


def test_letters_that_wait_too_long_are_counted(world: World, time_machine: Any) -> None:
    report(world)
    assert "1 surat sedang dikirim" in client_of(world.ratna).get(PAGE).content.decode()
    time_machine.move_to(later(hours=2), tick=False)
    assert "1 surat menunggu lebih dari satu jam" in client_of(world.ratna).get(PAGE).content.decode()


def test_where_all_arrived_it_says_so(world: World) -> None:
    page = client_of(world.ratna).get(PAGE).content.decode()
    assert "Tidak ada surat yang menunggu." in page
    assert "Tidak ada surat yang gagal dalam 30 hari" in page


def test_after_thirty_days_it_is_forgotten_here(world: World, time_machine: Any) -> None:
    given_up(world)
    time_machine.move_to(NOW + datetime.timedelta(days=31), tick=False)
    assert "550" not in client_of(world.ratna).get(PAGE).content.decode()


@pytest.mark.parametrize("who", ["joko", "hana", "wati", "bayu"])
def test_it_is_for_the_centre_alone(world: World, who: str) -> None:
    assert client_of(getattr(world, who)).get(PAGE).status_code == 403


def test_fifty_are_listed_in_as_many_statements_as_one(world: World, django_assert_max_num_queries: Any) -> None:
    row = given_up(world)
    Notification.objects.bulk_create(
        Notification(event=row.event, letter=f"x{n}", state="FAILED", created_at=NOW) for n in range(60)
    )
    client = client_of(world.ratna)
    with django_assert_max_num_queries(12):
        page = client.get(PAGE).content.decode()
    assert page.count('<th scope="row">') == 50


# --- Again, and what it cost ---


def test_one_is_sent_again_and_that_is_written_down(world: World) -> None:
    row = given_up(world)
    client_of(world.ratna).post(f"{PAGE}ulang/", {"surat": row.pk})

    row.refresh_from_db()
    assert (row.state, row.tries) == ("PENDING", 0)
    assert AuditEntry.objects.get(what="letters_again").who == world.ratna.user
    assert delivery.send_one(row.pk, now=later(minutes=11))


def test_all_of_a_medium_are_sent_again_and_a_refusing_address_is_asked_once_more(world: World) -> None:
    row = given_up(world)
    assert row.event is not None
    reporter = row.event.complaint.reporter
    Reporter.objects.filter(pk=reporter.pk).update(unreachable_since=NOW)
    page = client_of(world.ratna).post(f"{PAGE}ulang/", {"cara": "EMAIL"}, follow=True).content.decode()

    assert "1 surat dikirim ulang" in page
    reporter.refresh_from_db()
    assert reporter.unreachable_since is None


@pytest.mark.parametrize(
    "data", [{}, {"surat": "0"}, {"surat": "x"}, {"cara": "NONE"}, {"surat": "99999999999999999999"}]
)
@pytest.mark.sampled
def test_nonsense_sends_nothing(world: World, data: dict[str, str]) -> None:
    given_up(world)
    page = client_of(world.ratna).post(f"{PAGE}ulang/", data, follow=True).content.decode()
    assert "Tidak ada surat gagal" in page
    assert Notification.objects.filter(state="FAILED").exists()


@pytest.mark.parametrize("who", ["joko", "wati", "bayu"])
def test_nobody_else_sends_again_or_reads_the_bill(world: World, who: str) -> None:
    row = given_up(world)
    client = client_of(getattr(world, who))
    assert client.post(f"{PAGE}ulang/", {"surat": row.pk}).status_code == 403
    assert client.get(f"{PAGE}biaya/").status_code == 403


def test_the_bill_of_a_month_by_medium_and_agency(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    Notification.objects.filter(event__complaint=case).update(state="SENT", sent_at=NOW, units=2)
    may = NOW.date().replace(day=1)
    assert postage.bill(may).by_medium[0].rupiah is None, "no tariff yet"
    client = client_of(world.ratna)
    day = {"starts_on_day": "1", "starts_on_month": "5", "starts_on_year": "2026"}
    client.post(f"{PAGE}biaya/", {"medium": "EMAIL", "rupiah": "250", **day})

    bill = postage.bill(may)
    (email,) = bill.by_medium
    assert (email.name, email.letters, email.units, email.rupiah) == ("email", 2, 4, Decimal(1000))
    assert sum(item.units for item in bill.by_agency) == 4
    assert world.pemkab.name in {item.name for item in bill.by_agency}
    assert "1.000" in client.get(f"{PAGE}biaya/?bulan=2026-05").content.decode()
    assert postage.bill(datetime.date(2026, 4, 1)).by_medium == []


def test_a_reply_is_paid_for_by_whoever_holds_its_case_and_one_without_a_case_by_nobody(world: World) -> None:
    case = at(report(world, email=""), world.dinas_pu)
    for number, about in enumerate((case, case, None)):
        arrival = Arrival.objects.create(
            channel="sms", external_id=str(number), outcome="ANSWERED", received_at=NOW, complaint=about
        )
        Notification.objects.create(arrival=arrival, medium="SMS", letter="reply", state="SENT", sent_at=NOW)
    bill = postage.bill(NOW.date().replace(day=1))
    assert {item.name: item.letters for item in bill.by_agency} == {world.pemkab.name: 2, "balasan tanpa laporan": 1}


@pytest.mark.parametrize("month", ["", "x", "2026-13", "9999-01", "2031-01"])
def test_a_month_that_is_none_is_this_one(world: World, month: str) -> None:
    assert postage.month_of(month, NOW.date()) == NOW.date().replace(day=1)


def test_a_tariff_without_a_number_says_so(world: World) -> None:
    page = client_of(world.ratna).post(f"{PAGE}biaya/", {"medium": "EMAIL", "rupiah": "mahal"}).content.decode()
    assert "Tulis angka, misalnya 250" in page
    assert not Tariff.objects.exists()


def test_what_a_reporter_was_told_is_read_by_who_reads_the_case(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    url = f"/meja/{case.shown_number}/kabar/"
    page = client_of(world.joko).get(url).content.decode()
    assert "Diteruskan ke kantor" in page
    assert SARI not in page
    assert client_of(world.dewi).get(url).status_code == 404
    assert client_of(world.bayu).get(url).status_code == 404
