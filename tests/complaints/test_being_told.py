"""Who is told when: the reporter's choice, the hours in which no telephone rings, the officer's morning."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from agencies.actor import Actor
from agencies.models import User
from complaints import privacy
from complaints.channels.contract import Channel
from complaints.channels.registry import CHANNELS
from complaints.models import Complaint, News, Notification
from complaints.notifications import delivery, send
from complaints.notifications.log import TOLD, sent_about
from complaints.notifications.quiet import FROM, UNTIL, after_quiet
from complaints.notifications.to_reporter import LETTERS
from tests.complaints.cases import NOW, at, later, report
from tests.world import World, client_of

pytestmark = pytest.mark.django_db
WIT = ZoneInfo("Asia/Jayapura")


# --- The reporter's choice ---


def told(case: Complaint) -> list[str]:
    letters = Notification.objects.filter(event__complaint=case, user=None).order_by("pk")
    return list(letters.values_list("letter", flat=True))


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (News.ALL, ["submitted", "forwarded", "started", "asked"]),
        (News.IMPORTANT, ["submitted", "asked"]),
        (News.NONE, ["submitted"]),
    ],
)
def test_a_reporter_hears_what_they_chose(world: World, news: str, expected: list[str]) -> None:
    case = report(world)
    privacy.set_news(case.reporter, news)
    at(case, world.dinas_pu)
    case.start(by=world.joko, now=NOW)
    case.ask("Di mana?", by=world.joko, now=NOW)
    assert told(case) == expected


def test_who_wants_no_news_has_thirty_days_to_answer(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    privacy.set_news(case.reporter, News.NONE)
    case.ask("Di mana?", by=world.joko, now=NOW)
    assert case.clocks.get(kind="REPORTER").budget == 30


def test_everything_that_asks_something_by_a_date_counts_as_important() -> None:
    assert {"asked", "resolved", "reminder"} <= send.IMPORTANT <= set(LETTERS)
    assert set(LETTERS) <= set(TOLD)


def test_who_left_no_address_is_asked_for_no_choice_about_letters(world: World) -> None:
    case = report(world, email="", phone="")
    page = client_of(world.sari).get(f"/laporan/{case.shown_number}/kabar/").content.decode()
    assert "tidak punya alamat untuk dikabari" in page
    assert 'name="news"' not in page
    assert "Atur kabar di gawai ini" in page, "what is left to them"


def test_they_choose_on_a_page_that_shows_what_was_sent(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    delivery.send_due(now=later(minutes=1))
    client = client_of(world.sari)
    url = f"/laporan/{case.shown_number}/kabar/"
    page = client.get(url).content.decode()
    assert "Laporan diterima" in page
    assert "terkirim" in page

    assert "Pilih salah satu dari tiga" in client.post(url, {"news": "SOME", "version": case.version}).content.decode()
    client.post(url, {"news": "IMPORTANT", "version": case.version})
    case.reporter.refresh_from_db()
    assert case.reporter.news == News.IMPORTANT


def test_a_stranger_finds_no_such_page(world: World) -> None:
    case = report(world)
    assert client_of(world.rudi).get(f"/laporan/{case.shown_number}/kabar/").status_code == 404


# --- Quiet hours ---


@given(
    at=st.integers(0, 60 * 24 * 365).map(lambda minutes: NOW + datetime.timedelta(minutes=minutes)),
    zone=st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
)
def test_after_the_quiet_hours_is_never_in_them_and_at_most_nine_hours_off(at: datetime.datetime, zone: str) -> None:
    moved = after_quiet(at, zone)
    local = moved.astimezone(ZoneInfo(zone)).time()
    assert UNTIL <= local < FROM
    assert datetime.timedelta(0) <= moved - at <= datetime.timedelta(hours=9)


def test_a_telephone_rings_in_the_morning_of_its_own_zone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHANNELS, "bell", Channel("bell", "lonceng", medium="BELL", rings=True))
    late = datetime.datetime(2026, 5, 25, 23, 10, tzinfo=WIT)
    case = report(world, place=world.karang_pagi, door=("BELL", "+6281200007700"), now=late)
    case.forward(world.pemkab, by=Actor.system("worker"), reason="aturan", now=late)

    rows = {row.letter: row for row in Notification.objects.filter(medium="BELL")}
    assert rows["submitted"].next_try == late, "they have just written to us"
    assert rows["forwarded"].next_try == datetime.datetime(2026, 5, 26, 6, tzinfo=WIT)
    assert Notification.objects.get(medium="EMAIL", letter="forwarded").next_try == late, "a mail wakes nobody"


# --- The officer's morning ---


def test_what_can_wait_comes_in_one_letter_next_working_morning_and_the_urgent_at_once(world: World) -> None:
    friday = datetime.datetime(2026, 5, 22, 15, tzinfo=ZoneInfo("Asia/Jakarta"))
    first, second = (at(report(world, now=friday), world.dinas_kesehatan, now=friday) for _n in range(2))
    for case in (first, second):
        case.move(world.dinas_pu, by=world.wati, reason="Soal jalan.", now=friday)
    first.reply("Ada tambahan.", by=Actor.reporter(), now=friday)
    second.nudge(by=world.wati, reason="Tolong dipercepat.", now=friday)

    assert world.joko.user is not None
    address = world.joko.user.email

    def to_joko(now: datetime.datetime) -> list[str]:
        mail.outbox.clear()
        delivery.send_due(now=now)
        return [str(one.subject) for one in mail.outbox if one.to == [address]]

    assert to_joko(friday + datetime.timedelta(minutes=1)) == [
        f"Pemkab Sukamaju mengingatkan laporan {second.shown_number}"
    ]
    assert to_joko(friday + datetime.timedelta(days=2)) == [], "not on a Sunday"
    monday = datetime.datetime(2026, 5, 25, 7, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert to_joko(monday) == ["3 kabar untuk kantor Anda"]


def test_who_asked_for_it_is_told_of_everything_at_once(world: World) -> None:
    assert world.joko.user is not None
    User.objects.filter(pk=world.joko.user.pk).update(tells_at_once=True)
    case = at(report(world), world.dinas_kesehatan)
    case.move(world.dinas_pu, by=world.wati, reason="Soal jalan.", now=NOW)

    tries = dict(Notification.objects.filter(letter="officer_moved").values_list("user__email", "next_try"))
    assert tries[world.joko.user.email] == NOW
    assert all(at > NOW for email, at in tries.items() if email != world.joko.user.email)


# --- The log ---


def test_the_log_says_what_came_of_each_letter_and_no_address(world: World) -> None:
    case = at(report(world), world.dinas_pu)
    delivery.send_due(now=later(minutes=1))
    case.start(by=world.joko, now=later(minutes=2))
    lines = sent_about(case)

    assert [(line.told, line.state) for line in lines] == [
        ("Mulai ditangani", "menunggu"),
        ("Diteruskan ke kantor", "terkirim"),
        ("Laporan diterima", "terkirim"),
    ]
    assert "sari@" not in str(lines)
