"""Kabar lewat email: asked for and confirmed, told once what everybody may read, found out by nobody, forgotten."""

from __future__ import annotations

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.actor import Actor
from complaints import alerts, appearances, privacy
from complaints.alerts import Wish
from complaints.models import Alert, Appearance, Complaint, Notification, Publication, Subscriber
from complaints.models.lifecycle.acting import PublicText
from complaints.notifications import delivery, letters
from complaints.search import Wanted
from routing import dispatch
from tests.filing import days, filed, published
from tests.scenes import once
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]

RUDI = "rudi.warga@contoh.test"
# Sunday 31 May 2026, noon in Jakarta; the next morning is a Monday's.
SUNDAY = days(2)
MONDAY, TUESDAY = days(2.8), days(3.8)


@once()
def case(world: World) -> Complaint:
    return published(world, email="sari@contoh.test", at=1)


def path_of(url: str) -> str:
    return urlsplit(url).path


def told(rhythm: str = "DAILY", email: str = RUDI, at: datetime.datetime = SUNDAY, **wanted: Any) -> Alert:
    """Asked for and confirmed."""
    kind = {name: wanted.pop(name) for name in ("reports", "answers") if name in wanted}
    alerts.ask(Wish(Wanted(**wanted), rhythm=rhythm, **kind), email, language="id", now=at)
    alert = Alert.objects.order_by("-pk")[0]
    assert alerts.confirm(alert, at)
    alert.refresh_from_db()
    return alert


def written(now: datetime.datetime) -> list[Any]:
    """The parcels of news that go out on this morning."""
    alerts.put_out(now)
    found = []
    for row in Notification.objects.filter(alert__isnull=False, letter__startswith="alert:", state="PENDING"):
        parcel = delivery._write(row, now)
        delivery._silence(row)
        found += [parcel.parcel] if parcel else []
    return found


# --- Asking ---


def test_a_guest_is_told_nothing_before_the_letter_was_answered(world: World, case: Complaint, client: Client) -> None:
    asked = f"?q=lubang&instansi={world.dinas_pu.pk}"
    listed = client.get(f"/laporan/{asked}&status=belum&urut=terlambat").content.decode()
    assert f'href="/langganan/{asked.replace("&", "&amp;")}"' in listed
    page = client.get(f"/langganan/{asked}").content.decode()
    assert "“lubang”" in page
    said = client.post(f"/langganan/{asked}", {"email": RUDI, "what": "BOTH", "rhythm": "WEEKLY"}, follow=True)
    assert "buka surat kami di r•••@contoh.test" in said.content.decode()
    alert, subscriber = Alert.objects.get(), Subscriber.objects.get()
    assert (alert.words, alert.office, alert.next_at, alert.confirmed_at) == ("lubang", world.dinas_pu, None, None)
    assert RUDI not in subscriber.email_sealed
    question = delivery._write(Notification.objects.get(alert=alert), timezone.now())
    assert question is not None
    assert question.parcel.address == RUDI
    assert world.dinas_pu.name in question.parcel.text
    assert "lubang" not in question.parcel.text, "not a word that somebody typed: it may be another's mailbox"
    link = path_of(letters.alert_url(alert))
    assert "Ya, kabari saya" in client.get(link).content.decode()
    assert not Alert.objects.confirmed().exists(), "looking changes nothing"
    answer = client.post(link, follow=True)
    assert "Tersimpan" in answer.content.decode()
    assert "“lubang”" in answer.content.decode(), "and leads to the page where it can be changed"
    assert client.post(link).status_code == 404, "it opens once"
    assert delivery._write(Notification.objects.get(alert=alert), timezone.now()) is None


def test_the_pages_of_an_office_and_a_place_lead_to_feed_and_alerts(client: Client, world: World) -> None:
    office, place = f"instansi={world.dinas_pu.pk}", f"wilayah={world.sukamaju.pk}"
    for target, asked in (
        (f"/instansi/{world.dinas_pu.pk}/", office),
        (f"/statistik/instansi/{world.dinas_pu.pk}/", office),
        (f"/statistik/daerah/{world.sukamaju.pk}/", ""),
        (f"/laporan/?{place}", place),
    ):
        page = client.get(target).content.decode()
        assert re.search(rf'href="/langganan/\?{asked}', page), target
        assert re.search(rf'rel="alternate" type="application/atom\+xml"[^>]*href="/laporan/umpan.atom\?{asked}', page)


def test_what_is_wrong_is_said_beside_the_field(client: Client, world: World) -> None:
    page = client.post("/langganan/", {"email": "rudi@", "what": "X", "rhythm": "HOURLY"}).content.decode()
    for said in ("Alamat email ini belum lengkap", "Pilih salah satu dari tiga", "Pilih salah satu dari dua", "rudi@"):
        assert said in page
    assert "terlalu umum" in client.get("/langganan/?q=yang").content.decode()
    client.post("/langganan/?q=yang", {"email": RUDI, "what": "BOTH", "rhythm": "DAILY"})
    unclear = client.get("/langganan/?wilayah=antah+berantah")
    assert (unclear.status_code, unclear["Location"]) == (302, "/laporan/?")
    assert not Subscriber.objects.exists()


def test_the_answer_is_the_same_whoever_the_address_belongs_to(case: Complaint, client: Client) -> None:
    told(place=case.place)
    pages = set()
    for target in (f"/langganan/?wilayah={case.place_id}", "/langganan/", "/langganan/tautan/"):
        for email in (RUDI, "tidak-ada@contoh.test"):
            data = {"email": email, "what": "BOTH", "rhythm": "DAILY"}
            page = client.post(target, data, follow=True).content.decode()
            pages.add((target, re.sub(r'(nonce|value)="[^"]*"|[rt]•••@', "", page)))
    assert len(pages) == 3


def test_who_has_it_already_is_sent_the_way_to_their_page(case: Complaint) -> None:
    alert = told(place=case.place)
    alerts.ask(Wish(Wanted(place=case.place)), RUDI.upper(), language="id", now=SUNDAY)
    assert Alert.objects.count() == 1
    row = Notification.objects.get(alert=alert, letter__startswith="alert_link")
    letter = delivery._write(row, SUNDAY)
    assert letter is not None
    assert "/langganan/" in letter.parcel.text
    alert.refresh_from_db()
    assert alert.rhythm == "DAILY", "a stranger changes nothing"


def test_a_mailbox_is_asked_three_times_a_day_at_most(world: World) -> None:
    for n in range(5):
        alerts.ask(Wish(Wanted(words=f"pipa {n}")), RUDI, language="id", now=SUNDAY)
    assert Notification.objects.filter(letter__startswith="alert_ask").count() == 3
    alerts.ask(Wish(Wanted(words="pipa 0")), RUDI, language="id", now=SUNDAY + datetime.timedelta(days=1))
    assert Notification.objects.filter(letter__startswith="alert_ask").count() == 4


def test_one_network_asks_only_so_often(settings: Any, world: World) -> None:
    settings.PRODUCTION = True
    client = Client(REMOTE_ADDR="203.0.113.78")
    data = {"what": "BOTH", "rhythm": "WEEKLY"}
    codes = [client.post("/langganan/", data | {"email": f"a{n}@contoh.test"}).status_code for n in range(11)]
    assert codes == [302] * 10 + [429]
    assert client.post("/langganan/tautan/", {"email": RUDI}).status_code == 429


def test_an_account_with_a_proved_address_is_told_at_once(world: World) -> None:
    EmailAddress.objects.create(user=world.rudi, email=world.rudi.email, verified=True, primary=True)
    rudi = client_of(world.rudi)
    answer = rudi.post("/langganan/?q=lampu", {"what": "REPORTS", "rhythm": "DAILY"}, follow=True)
    assert "alamat akun Anda" in answer.content.decode()
    assert "/langganan/" in rudi.get("/langganan/tautan/")["Location"]
    assert not Notification.objects.filter(alert__isnull=False).exists()
    privacy.erase_account(world.rudi, timezone.now())
    assert not Subscriber.objects.exists(), "an erased account is told of nothing"


# --- What is told ---


def test_news_is_what_the_list_shows_and_is_told_once(world: World, case: Complaint) -> None:
    alert = told(place=world.sukasari)
    published(world, "Lampu jalan mati", at=2.1)
    published(world, "Bukan di sini", at=2.1, place=world.cibuni)
    filed(world, title="Rahasia warga", secret=True, at=2.1)
    (parcel,) = written(MONDAY)
    assert parcel.subject.startswith("1 laporan baru · ")
    for part in ("Lampu jalan mati", "/laporan/", world.dinas_pu.shown_name, "/langganan/"):
        assert part in parcel.text
        assert part in parcel.html
    for hidden in ("berlubang", "Bukan di sini", "Rahasia", "sari@"):
        assert hidden not in parcel.text, "only what appeared since, there, and for everybody"
    assert parcel.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert written(MONDAY) == [], "it was not its turn again"
    assert written(TUESDAY) == [], "nothing new, no letter"
    published(world, "Pipa bocor", at=3.9)
    (parcel,) = written(days(4.8))
    assert "Pipa bocor" in parcel.text
    assert "Lampu" not in parcel.text
    alert.refresh_from_db()
    assert alert.seen == Appearance.objects.order_by("-number")[0].number


def test_what_was_closed_to_everybody_before_it_went_out_is_not_told(world: World) -> None:
    told()
    gone, stays = published(world, "Jalan amblas", at=2.1), published(world, "Lampu mati", at=2.1)
    alerts.put_out(MONDAY)
    (row,) = Notification.objects.filter(letter__startswith="alert:")
    gone.tighten(by=Actor.reporter(), secret=True, now=days(2.85))
    parcel = delivery._write(row, MONDAY)
    assert parcel is not None
    assert "Jalan amblas" not in parcel.parcel.text
    assert parcel.parcel.subject.startswith("1 laporan baru")
    stays.withdraw(by=Actor.reporter(), now=days(2.85))
    assert delivery._write(row, MONDAY) is None


def test_an_answer_for_everybody_is_told_and_one_for_the_reporter_is_not(world: World, case: Complaint) -> None:
    told(office=world.dinas_pu, reports=False)
    case.answer("Untuk Anda saja: datang ke loket 3.", by=world.joko, audience="PARTIES", now=days(2.1))
    assert written(MONDAY) == []
    case.answer("Besok kami tambal dengan aspal.", by=world.joko, now=days(3))
    (parcel,) = written(TUESDAY)
    assert parcel.subject.startswith("1 laporan dijawab · ")
    assert "Besok kami tambal dengan aspal." in parcel.text
    assert "loket 3" not in parcel.text


def test_what_was_answered_at_once_stands_once_in_a_letter(world: World) -> None:
    told()
    published(world, "Lampu mati", at=2.1).answer("Sudah kami ganti.", by=world.joko, now=days(2.2))
    (parcel,) = written(MONDAY)
    assert parcel.text.count("Lampu mati") == 1
    assert "Sudah kami ganti." in parcel.text


def test_what_moved_to_an_office_is_told_once_to_who_follows_it(world: World, case: Complaint) -> None:
    office = told(office=world.dinas_kesehatan)
    told(office=world.pemkab, email="kabupaten@contoh.test")
    told(place=world.sukamaju, email="tempat@contoh.test")
    told(office=world.dinas_kesehatan, reports=False, email="jawaban@contoh.test")
    told(office=world.dinas_kesehatan, place=world.cibuni, email="sana@contoh.test")
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Soal kesehatan.", now=days(2.1))
    (parcel,) = written(MONDAY)
    assert parcel.address == RUDI, "the district had it already, and the place too"
    assert parcel.subject.startswith("1 laporan pindah ke sini · ")
    assert "Jalan berlubang" in parcel.text
    assert "Soal kesehatan" not in parcel.text
    dispatch.move(case, world.dinas_pu, by=world.wati, reason="Soal jalan.", now=days(3))
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Ternyata kesehatan.", now=days(3.1))
    assert written(TUESDAY) == [], "neither office is new to it"
    assert Appearance.objects.filter(offices__contains=[office.office_id]).count() == 1


def test_what_moved_on_before_the_letter_is_told_where_it_lies(world: World, case: Complaint) -> None:
    told(office=world.dinas_kesehatan)
    told(office=world.inspektorat, email="inspektorat@contoh.test")
    for office in (world.dinas_kesehatan, world.inspektorat):
        dispatch.move(case, office, by=world.wati, reason="Bukan di sini.", now=days(2.1))
    (parcel,) = written(MONDAY)
    assert parcel.address == "inspektorat@contoh.test"


def test_what_appeared_and_moved_stands_once_in_the_letters(world: World) -> None:
    """Among the new ones, or, where it came after the letter was due, among those that moved of the next."""
    told(office=world.dinas_kesehatan)
    first, second = (published(world, title, at=2.1) for title in ("Jalan amblas", "Lampu mati"))
    for one in (first, published(world, "Puskesmas tutup", at=2.1)):
        dispatch.move(one, world.dinas_kesehatan, by=world.wati, reason="Soal kesehatan.", now=days(2.2))
    alerts.put_out(MONDAY)
    (row,) = Notification.objects.filter(letter__startswith="alert:")
    dispatch.move(second, world.dinas_kesehatan, by=world.wati, reason="Soal kesehatan.", now=MONDAY)
    parcel = delivery._write(row, MONDAY)
    assert parcel is not None
    assert parcel.parcel.subject.startswith("2 laporan baru · ")
    assert "Lampu mati" not in parcel.parcel.text
    delivery._silence(row)
    (later,) = written(TUESDAY)
    assert later.subject.startswith("1 laporan pindah ke sini · ")
    assert "Lampu mati" in later.text


def test_a_secret_case_that_moves_is_told_to_nobody(world: World, case: Complaint) -> None:
    told(office=world.dinas_kesehatan)
    case.tighten(by=Actor.reporter(), secret=True, now=days(2.1))
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Soal kesehatan.", now=days(2.2))
    assert not Appearance.objects.filter(offices__isnull=False).exists()
    assert written(MONDAY) == []


@pytest.mark.parametrize(
    ("filters", "title"),
    [
        ({"words": "lampu"}, "Lampu jalan mati"),
        ({"words": "lampu", "place": "sukasari"}, ""),
        ({"place": "cibuni"}, "Lampu jalan mati"),
        ({"office": "pemkab"}, "Lampu jalan mati"),
        ({"office": "dinas_kesehatan"}, ""),
        ({"category": "cat_road"}, "Lampu jalan mati"),
        ({"kind": "ASPIRASI"}, ""),
    ],
)
def test_it_follows_each_filter_of_the_list(world: World, filters: dict[str, str], title: str) -> None:
    """And the set-based look at who has news passes nobody over that the letter would tell."""
    wanted: dict[str, Any] = {name: getattr(world, value, value) for name, value in filters.items()}
    alert = told(**wanted)
    published(world, "Lampu jalan mati", at=2.1, place=world.cibuni)
    until = appearances.number_all()
    assert alerts._with_news([alert], until) == ({alert.pk} if title else set())
    assert [title in parcel.text for parcel in written(MONDAY)] == ([True] if title else [])


def test_many_are_counted_and_the_rest_is_a_link(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.notifications.to_subscriber.SHOWN", 2)
    told(place=world.sukasari)
    for n in range(3):
        published(world, f"Pipa bocor {n}", at=2 + n / 100).answer("Besok.", by=world.joko, now=days(2.5))
    for n in range(3):
        published(world, f"Lampu mati {n}", at=2 + n / 100)
    (parcel,) = written(MONDAY)
    assert parcel.subject.startswith("3 laporan baru · 3 laporan dijawab")
    assert parcel.text.count("Dan 1 laporan lagi.") == 2
    assert f"/laporan/?wilayah={world.sukasari.pk}" in parcel.text


@pytest.mark.slow
def test_a_letter_costs_the_same_for_one_and_for_many(world: World) -> None:
    told()
    published(world, "Pipa bocor", at=2.1).answer("Besok.", by=world.joko, now=days(2.2))
    alerts.put_out(MONDAY)
    (row,) = Notification.objects.filter(letter__startswith="alert:")
    with CaptureQueriesContext(connection) as one:
        delivery._write(row, MONDAY)
    for n in range(3):
        published(world, f"Lampu {n}", at=2.3)
        published(world, f"Pipa {n}", at=2.3).answer("Besok.", by=world.joko, now=days(2.4))
    Notification.objects.filter(pk=row.pk).update(letter=f"alert:0.{appearances.number_all()}")
    row.refresh_from_db()
    with CaptureQueriesContext(connection) as many:
        delivery._write(row, MONDAY)
    assert len(many) <= 20
    assert abs(len(many) - len(one)) <= 5, "the first of a sort costs what the tenth does"


# --- When ---


def test_mornings_come_where_the_place_is(world: World) -> None:
    friday = days(0)
    assert alerts.next_morning("Asia/Jakarta", "DAILY", friday) == datetime.datetime(
        2026, 5, 29, 23, tzinfo=datetime.UTC
    )
    assert alerts.next_morning("Asia/Jayapura", "DAILY", friday).hour == 6
    monday = alerts.next_morning("Asia/Jayapura", "WEEKLY", friday)
    assert (monday.weekday(), monday.astimezone(datetime.UTC).hour) == (0, 21)
    assert alerts.next_morning("Asia/Jayapura", "WEEKLY", monday) == monday + datetime.timedelta(days=7)
    weekly = told("WEEKLY", place=world.sukasari, at=days(2.9))
    published(world, "Lampu mati", at=3)
    assert written(TUESDAY) == []
    assert len(written(days(9.9))) == 1
    weekly.refresh_from_db()
    assert weekly.next_at is not None
    assert weekly.next_at > days(16)


def test_after_a_standstill_one_letter_tells_everything(world: World) -> None:
    told()
    for n in range(3):
        published(world, f"Lampu mati {n}", at=3 + n)
    (parcel,) = written(days(9))
    assert parcel.subject.startswith("3 laporan baru")


def test_imported_history_is_silent_and_what_comes_back_is_news_again(world: World, case: Complaint) -> None:
    old = filed(world, title="Dari arsip")
    Complaint.objects.filter(pk=old.pk).update(silent=True)
    old.refresh_from_db()
    old.start(by=world.joko, public=PublicText("Dari arsip", "Lama."), now=days(2))
    assert Publication.objects.filter(complaint=old).exists()
    assert not Appearance.objects.filter(complaint=old).exists()
    case.tighten(by=Actor.reporter(), secret=True, now=days(2))
    case.loosen(by=Actor.reporter(), secret=True, now=days(2))
    told()
    case.answer("Besok.", by=world.joko, public=PublicText("Jalan berlubang", "Lubang."), now=days(2.1))
    (parcel,) = written(MONDAY)
    assert "Jalan berlubang" in parcel.text


# --- Changing, ending, forgetting ---


def test_the_page_of_a_mailbox_changes_and_ends_what_it_has(world: World, client: Client) -> None:
    first, second = told(words="lampu"), told(words="pipa")
    other = told(words="lampu", email="lain@contoh.test")
    assert first.subscriber is not None
    page = path_of(letters.alerts_url(first.subscriber))
    shown = client.get(page).content.decode()
    assert "r•••@contoh.test" in shown
    assert RUDI not in shown
    changed = {
        "act": "simpan",
        "kabar": first.pk,
        f"kabar{first.pk}-what": "ANSWERS",
        f"kabar{first.pk}-rhythm": "WEEKLY",
    }
    client.post(page, changed)
    first.refresh_from_db()
    assert (first.reports, first.answers, first.rhythm) == (False, True, "WEEKLY")
    client.post(page, changed | {f"kabar{first.pk}-rhythm": "HOURLY"})
    client.post(page, {"act": "henti", "kabar": other.pk})
    other.refresh_from_db()
    assert other.ended_at is None, "another mailbox's"
    client.post(page, {"act": "henti", "kabar": first.pk})
    assert Alert.objects.confirmed().filter(subscriber=first.subscriber).get() == second
    assert "alamat Anda sudah kami hapus" in client.post(page, {"act": "semua"}, follow=True).content.decode()
    assert client.get(page).status_code == 404
    assert Subscriber.objects.get() == other.subscriber
    first.refresh_from_db()
    assert [first.words, first.subscriber_id] == ["", None], "nothing of the wish is left"


def test_one_press_of_the_mail_programs_button_ends_it_and_deletes_the_address(world: World) -> None:
    alert = told(words="lampu")
    assert alert.subscriber is not None
    link = path_of(letters.alert_stop_url(alert, alert.subscriber))
    published(world, "Lampu mati", at=2.1)
    alerts.put_out(MONDAY)
    browser = Client(enforce_csrf_checks=True)
    assert "Berhenti dikabari?" in browser.get(link).content.decode()
    assert Alert.objects.confirmed().exists(), "looking changes nothing"
    page = browser.post(link, {"List-Unsubscribe": "One-Click"})
    assert page.status_code == 200
    assert "Alamat Anda sudah kami hapus" in page.content.decode()
    assert not Subscriber.objects.exists()
    row = Notification.objects.get(letter__startswith="alert:")
    assert delivery._write(row, MONDAY) is None, "what waited is not sent"
    assert browser.get(link).status_code == 404
    later = timezone.now() + datetime.timedelta(days=2)
    alerts.forget(later)
    assert not Alert.objects.exists(), "the empty row goes too, with its letters"
    assert not Notification.objects.filter(alert__isnull=False).exists()


def test_a_link_of_one_sort_opens_nothing_else(world: World, client: Client) -> None:
    alert = told(words="lampu")
    alerts.ask(Wish(Wanted(words="pipa")), RUDI, language="id", now=SUNDAY)
    waiting = Alert.objects.get(words="pipa")
    assert alert.subscriber is not None
    stop = path_of(letters.alert_stop_url(waiting, alert.subscriber)).split("/")[2]
    page = path_of(letters.alerts_url(alert.subscriber)).split("/")[2]
    for target in (f"{stop}/alamat/", f"{page}/alamat/", f"{stop}/", f"{page}/henti/"):
        assert client.post(f"/langganan/{target}").status_code == 404
    assert Alert.objects.confirmed().count() == 1


def test_what_nobody_confirmed_is_forgotten_after_thirty_days(world: World) -> None:
    now = timezone.now()
    alerts.ask(Wish(Wanted(words="lampu")), RUDI, language="id", now=now)
    assert alerts.forget(now + datetime.timedelta(days=29)) == 0
    assert alerts.forget(now + datetime.timedelta(days=31)) == 1
    assert not Subscriber.objects.exists()


def test_a_mailbox_that_is_not_there_is_forgotten(world: World) -> None:
    told(words="lampu")
    published(world, "Lampu mati", at=2.1)
    alerts.put_out(MONDAY)
    Notification.objects.filter(letter__startswith="alert:").update(message_id="<a@b>", state="SENT")
    assert delivery.came_back("<a@b>", "550 no such user", lasting=True, now=MONDAY) == 1
    assert not Subscriber.objects.exists()
