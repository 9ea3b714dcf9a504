"""Saya juga mengalami: counted once a mailbox, told what everybody may read, and found out by nobody."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from agencies.actor import Actor
from complaints import privacy, support
from complaints.models import Complaint, Notification, Publication, Supporter
from complaints.models.supporter import mailbox_of, mark_of
from complaints.notifications import delivery, letters
from complaints.notifications.log import sent_about
from routing import groups
from tests.conftest import Nudges
from tests.filing import days, filed, published
from tests.scenes import once
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nudges")]

RUDI = "rudi.warga@contoh.test"


@once()
def case(world: World) -> Complaint:
    return published(world, email="sari@contoh.test")


def page_of(case: Complaint) -> str:
    return f"/laporan/{case.shown_number}/dukungan/"


def asked(client: Client, case: Complaint, email: str = RUDI) -> Any:
    return client.post(page_of(case), {"email": email}, follow=True)


def path_of(url: str) -> str:
    return urlsplit(url).path


def joined(case: Complaint, email: str = RUDI) -> Supporter:
    """Asked for and confirmed, as by two clicks."""
    support.ask(case, email, language="id", now=timezone.now())
    row = Supporter.objects.get(complaint=case, fingerprint=mark_of(email))
    assert Client().post(path_of(letters.support_url(row))).status_code == 302
    row.refresh_from_db()
    return row


def letters_to(case: Complaint) -> list[Notification]:
    return list(Notification.objects.filter(supporter__isnull=False, event__complaint=case).order_by("pk"))


def test_a_guest_counts_after_the_letter_was_answered_and_not_before(case: Complaint, client: Client) -> None:
    said = asked(client, case).content.decode()
    assert "buka surat kami di r•••@contoh.test" in said
    row = Supporter.objects.get()
    assert (row.confirmed_at, support.count_of(case)) == (None, 0)
    assert RUDI not in row.email_sealed
    letter = Notification.objects.get(supporter=row)
    written = delivery._write(letter, timezone.now())
    assert written is not None
    assert written.parcel.address == RUDI
    assert case.shown_number not in written.parcel.text
    assert "berlubang" not in written.parcel.text, "not a word of the case before the address answered"
    link = path_of(letters.support_url(row))
    client.get(link)
    assert support.count_of(case) == 0, "looking changes nothing"
    for _twice in range(2):
        page = client.post(link, follow=True).content.decode()
        assert "Anda sudah dihitung" in page
        assert "1 orang juga mengalami" in page
    assert delivery._write(Notification.objects.get(supporter=row), timezone.now()) is None, "the question is answered"


def test_an_account_with_a_proved_address_counts_at_once_and_takes_it_back(world: World, case: Complaint) -> None:
    EmailAddress.objects.create(user=world.rudi, email=world.rudi.email, verified=True, primary=True)
    rudi = client_of(world.rudi)
    for _twice in range(2):
        assert "Anda sudah dihitung" in rudi.post(page_of(case), follow=True).content.decode()
    assert support.count_of(case) == 1
    assert "Cabut dukungan saya" in rudi.get(page_of(case)).content.decode()
    rudi.post(page_of(case), {"act": "cabut"})
    row = Supporter.objects.get()
    assert (support.count_of(case), row.fingerprint, row.email_sealed) == (0, "", "")


def test_an_account_that_has_proved_nothing_is_a_guest(world: World, case: Complaint) -> None:
    client_of(world.rudi).post(page_of(case))
    assert not Supporter.objects.exists()


def test_one_mailbox_counts_once_however_it_is_spelt(case: Complaint) -> None:
    for spelt in (RUDI, "RUDI.warga@contoh.test", "rudi.warga+dua@contoh.test"):
        support.ask(case, spelt, language="id", now=timezone.now())
    joined(case)
    assert Supporter.objects.count() == 1
    assert mailbox_of("A.b+c@Gmail.com") == mailbox_of("ab@googlemail.com") == "ab@gmail.com"
    assert mailbox_of("a.b@contoh.test") != mailbox_of("ab@contoh.test")


def test_the_reporter_is_no_second_person(world: World, case: Complaint) -> None:
    privacy.confirm_email(case.reporter, timezone.now())
    support.ask(case, "Sari+lagi@contoh.test", language="id", now=timezone.now())
    answer = Client().post(path_of(letters.support_url(Supporter.objects.get())), follow=True)
    assert "Ini laporan Anda sendiri" in answer.content.decode()
    assert support.count_of(case) == 0


def test_the_answer_is_the_same_whoever_the_address_belongs_to(world: World, case: Complaint, client: Client) -> None:
    """An oracle for "does she follow this?" or "is it hers?" would be one page that differs."""
    joined(case)
    case.reporter.keep(email="sari@contoh.test")
    case.reporter.save()
    pages = set()
    for email in (RUDI, "sari@contoh.test", "tidak-ada@contoh.test"):
        page = asked(client, case, email).content.decode()
        pages.add(page.split('<main id="isi"')[1].replace(email[0], "x", 1).count("buka surat kami"))
    assert pages == {1}


def test_an_address_is_asked_three_times_a_day_at_most(world: World) -> None:
    for n in range(5):
        support.ask(published(world, f"Lubang nomor {n}"), RUDI, language="id", now=timezone.now())
    assert Notification.objects.filter(letter="support").count() == 3


def test_one_network_asks_only_so_often(case: Complaint, settings: Any) -> None:
    settings.PRODUCTION = True
    client = Client(REMOTE_ADDR="203.0.113.77")
    codes = [client.post(page_of(case), {"email": f"a{n}@contoh.test"}).status_code for n in range(11)]
    assert codes[:10] == [302] * 10
    assert codes[10] == 429


def test_what_is_wrong_is_said_beside_the_field(case: Complaint, client: Client) -> None:
    page = client.post(page_of(case), {"email": "rudi@"}).content.decode()
    assert "Alamat email ini belum lengkap" in page
    assert "rudi@" in page
    assert not Supporter.objects.exists()


def test_of_a_case_that_is_not_public_there_is_nothing(world: World, client: Client) -> None:
    for case in (filed(world, secret=True), filed(world)):
        assert client.get(page_of(case)).status_code == 404
        assert client.post(page_of(case), {"email": RUDI}).status_code == 404
    assert not Supporter.objects.exists()


def test_the_number_ends_with_the_public_copy_and_no_letter_goes_out(world: World, case: Complaint) -> None:
    row = joined(case)
    case.answer("Besok kami tambal.", by=world.joko, now=days(1))
    waiting = letters_to(case)
    assert len(waiting) == 1
    case.tighten(by=Actor.reporter(), secret=True, now=days(1))
    assert not Publication.objects.filter(complaint=case).exists()
    assert support.count_of(case) == 0
    assert [delivery._write(one, days(1)) for one in waiting] == [None]
    # Their own links tell as little: the way out works, the way in leads nowhere.
    assert Client().get(path_of(letters.support_stop_url(row))).status_code == 200
    assert Client().post(path_of(letters.support_url(row))).status_code == 404


def test_an_answer_for_everybody_is_told_and_one_for_the_reporter_is_not(world: World, case: Complaint) -> None:
    joined(case)
    case.answer("Untuk Anda saja: datang ke loket 3.", by=world.joko, audience="PARTIES", now=days(1))
    assert letters_to(case) == []
    case.answer("Besok kami tambal.", by=world.joko, now=days(2))
    (row,) = letters_to(case)
    written = delivery._write(row, days(2))
    assert written is not None
    assert "Jalan berlubang di depan pasar" in written.parcel.text
    assert f"/laporan/{case.number}/" in written.parcel.text
    for hidden in ("sari", "Sari", "loket 3", "/lacak/"):
        assert hidden not in written.parcel.text
    assert written.parcel.reply_to == ""
    assert "/dukungan/henti/" in written.parcel.headers["List-Unsubscribe"]


def test_a_letter_stops_by_its_link_and_the_count_stays_until_it_is_taken_back(world: World, case: Complaint) -> None:
    row = joined(case)
    link = path_of(letters.support_stop_url(row))
    browser = Client(enforce_csrf_checks=True)
    assert "Berhenti dikabari?" in browser.get(link).content.decode()
    assert browser.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    case.answer("Besok kami tambal.", by=world.joko, now=days(1))
    assert (letters_to(case), support.count_of(case)) == ([], 1)
    assert "sudah dicabut" in browser.post(link, {"act": "cabut"}).content.decode()
    assert support.count_of(case) == 0
    assert browser.get(link).status_code == 404


def test_supporters_of_a_merged_case_follow_the_lead_and_are_counted_once(world: World, case: Complaint) -> None:
    lead = published(world, "Jalan rusak di pasar")
    joined(case)
    joined(case, "lain@contoh.test")
    joined(lead)
    event = groups.merge(case, lead, by=world.wati, text="Sama dengan laporan lain.", now=days(1))
    assert event is not None
    assert support.count_of(lead) == 2
    lead.answer("Besok kami tambal.", by=world.joko, now=days(2))
    told = letters_to(lead)
    assert len(told) == 3
    said = [written.parcel.text for row in told if (written := delivery._write(row, days(2)))]
    assert sum("digabung ke laporan ini" in text for text in said) == 2
    case.unmerge(by=world.wati, reason="Tempatnya lain.", now=days(3))
    assert support.count_of(lead) == 1


def test_no_officer_reads_who_they_are(world: World, case: Complaint) -> None:
    joined(case)
    case.answer("Besok kami tambal.", by=world.joko, now=days(1))
    page = client_of(world.joko).get(f"/meja/{case.number}/").content.decode()
    assert "Juga mengalami" in page
    assert "1 orang" in page
    assert RUDI not in page
    (row,) = letters_to(case)
    assert privacy.masked_address(row) == ""
    assert [one.told for one in sent_about(case)].count("followed") == 0
    assert not any(one.told == "" for one in sent_about(case))
    # A letter that came back is not the desk's business either, and nobody writes there again.
    delivery._fail(row, "550 no such user", days(1))
    assert not case.events.filter(verb="undeliverable").exists()
    assert Supporter.objects.get().stopped_at is not None


def test_what_nobody_confirmed_is_forgotten(case: Complaint) -> None:
    support.ask(case, RUDI, language="id", now=timezone.now())
    assert support.forget_unconfirmed(timezone.now() + datetime.timedelta(days=13)) == 0
    assert support.forget_unconfirmed(timezone.now() + datetime.timedelta(days=15)) == 1
    row = Supporter.objects.get()
    assert (row.email_sealed, row.fingerprint) == ("", "")


def test_an_erased_account_follows_nothing(world: World, case: Complaint) -> None:
    EmailAddress.objects.create(user=world.rudi, email=world.rudi.email, verified=True, primary=True)
    support.add(case, world.rudi, now=timezone.now())
    privacy.erase_account(world.rudi, timezone.now())
    assert support.count_of(case) == 0
    assert not Supporter.objects.exclude(fingerprint="").exists()


def test_a_closed_case_is_not_offered(world: World, case: Complaint, client: Client) -> None:
    Complaint.objects.filter(pk=case.pk).update(status="closed")
    assert "Saya juga mengalami" not in client.get(f"/laporan/{case.shown_number}/").content.decode()
    assert "sudah ditutup" in asked(client, case).content.decode()
    assert not Supporter.objects.exists()


def test_a_link_for_stopping_confirms_nothing(case: Complaint, client: Client) -> None:
    support.ask(case, RUDI, language="id", now=timezone.now())
    token = path_of(letters.support_stop_url(Supporter.objects.get())).split("/")[2]
    assert client.post(f"/kabar/{token}/dukungan/").status_code == 404
    assert client.post("/kabar/1:abc~x~y/dukungan/").status_code == 404
    assert support.count_of(case) == 0


def test_many_followers_wake_nobody_at_once(world: World, case: Complaint, nudges: Nudges) -> None:
    now = timezone.now()
    Supporter.objects.bulk_create(Supporter(complaint=case, fingerprint=f"{n}", confirmed_at=now) for n in range(50))
    before = len(nudges.sent)
    case.answer("Besok kami tambal.", by=world.joko, now=days(1))
    assert len(letters_to(case)) == 50
    assert len(nudges.sent) - before < 10, "the sweep finds them"
