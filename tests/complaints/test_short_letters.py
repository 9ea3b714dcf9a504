"""Every letter in one SMS: it fits, it says where and by when, and on a shared phone it tells nothing of a secret."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies import prefixes
from agencies.models import Agency
from complaints import privacy, short_links
from complaints.channels.contract import LINK, Channel
from complaints.channels.registry import CHANNELS
from complaints.models import Complaint, Event, Notification
from complaints.notifications import delivery, send, short, to_reporter
from lapor.kit import gsm
from routing import dispatch
from tests.complaints.cases import NOW, SWEEP, at, later, report
from tests.complaints.test_arrivals import ME, Drum
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def drum(monkeypatch: pytest.MonkeyPatch) -> type[Drum]:
    Drum.heard, Drum.fault = [], None
    monkeypatch.setitem(CHANNELS, "drum", Channel("drum", "kentongan", medium="DRUM", door=Drum, narrow=True))
    return Drum


def told(world: World, **fields: Any) -> Complaint:
    """A case whose reporter is told by the drum."""
    return report(world, **{"email": "", "channel": "drum", "door": ("DRUM", ME), "confirmed": False, **fields})


def every_letter(world: World, *, aloud: bool = False, **fields: Any) -> list[tuple[str, str, Complaint]]:
    """A life with everything in it; each letter its reporter got, as it would have gone out at that moment."""
    case = told(world, **fields)
    acts: list[Callable[[], object]] = [
        lambda: at(case, world.dinas_kesehatan),
        lambda: case.move(world.dinas_pu, by=world.wati, reason="Ini soal jalan.", now=NOW),
        lambda: case.hand_back(world.pemkab, by=world.joko, ground="NOT_OURS", reason="Jalan provinsi.", now=NOW),
        lambda: case.move(world.dinas_pu, by=world.wati, reason="Tetap di sini.", now=NOW),
        lambda: case.start(by=world.joko, now=NOW),
        lambda: case.ask("Di depan rumah nomor berapa?", by=world.joko, now=NOW),
        lambda: case.remind(case.clocks.get(kind="REPORTER"), by=SWEEP, days=5, now=NOW),
        lambda: case.unask(by=world.joko, now=NOW),
        lambda: case.answer("Kami periksa besok pagi.", by=world.joko, now=NOW),
        lambda: case.note_overdue(case.clocks.get(kind="RESOLVE"), by=SWEEP, missed_by=world.dinas_pu, now=late),
        lambda: case.resolve("Ditambal.", by=world.joko, outcome="DONE", done_on=NOW.date(), unit="UPT", now=NOW),
        lambda: case.lapse(by=SWEEP, now=later(days=60)),
        lambda: case.reopen(by=world.wati, reason="Belum beres.", now=later(days=61)),
        lambda: case.archive(by=world.wati, ground="IN_COURT", text="Diperiksa pengadilan.", now=later(days=62)),
        lambda: privacy.reveal(case, by=world.ratna, reason="Ditanya kantor.", now=NOW),
    ]
    late, found, seen = later(days=40), [], 0
    for act in [lambda: None, *acts]:
        act()
        new = Notification.objects.filter(event__complaint=case, user__isnull=True, medium="DRUM", pk__gt=seen)
        for row in new.order_by("pk"):
            seen = row.pk
            found.append((row.letter, in_short(row.letter, delivery._event_of(row), case, aloud=aloud), case))
    return found


def in_short(letter: str, event: Event, case: Complaint, *, aloud: bool = False) -> str:
    written = to_reporter.write(letter, event, case.reporter, aloud=aloud)
    return written.short if written is not None else ""


@pytest.fixture(params=["id", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


def test_every_letter_has_its_sentences() -> None:
    assert set(short.OPEN) - {"placed"} == set(to_reporter.LETTERS)
    assert set(short.GUARDED) - {""} < set(short.OPEN)


@pytest.mark.parametrize("long_names", [False, True])
@pytest.mark.sampled
def test_every_letter_fits_whatever_the_office_is_called(world: World, language: str, long_names: bool) -> None:
    if long_names:
        for office in Agency.objects.exclude(pk=world.root.pk):
            Agency.objects.filter(pk=office.pk).update(name=f"Badan “Pembinaan” – {office.pk} " + "Umum " * 20)
    seen = set()
    for letter, words, case in every_letter(world):
        seen.add(letter)
        # As long as the link that is put there, with an address as long as the state's.
        shown = words.replace(LINK, "https://www.lapor.go.id/s/0123456789ABC")
        whole = words.replace(LINK, "L" * short_links.length())
        assert gsm.is_plain(words), letter
        assert gsm.septets(whole) <= 160, letter
        assert len(shown) <= 170, letter
        assert "%(" not in words, letter
        assert case.shown_number in words, letter
    assert len(seen) >= 14


@pytest.mark.parametrize("flags", [{"anonymous": True}, {"secret": True}, {"anonymous": True, "secret": True}])
@pytest.mark.sampled
def test_on_a_shared_phone_a_guarded_report_is_a_number(world: World, language: str, flags: dict[str, bool]) -> None:
    for letter, words, case in every_letter(world, **flags):
        assert case.shown_number in words, letter
        assert LINK not in words, letter
        for word in ("Dinas", "PU", "Pemkab", "Lubang", "tambal", "nomor berapa", "besok", "http", "Sari"):
            assert word not in words.replace("PURA", ""), letter
        assert gsm.septets(words) <= 160, letter


@pytest.mark.parametrize("secret", [False, True])
def test_where_everybody_reads_nobody_is_told_to_type_a_command(world: World, secret: bool) -> None:
    assert set(short.ALOUD) < set(short.OPEN)
    for letter, words, case in every_letter(world, aloud=True, secret=secret):
        assert case.shown_number in words, letter
        for command in ("BALAS", "SELESAI", "BELUM", "STATUS", "etik", "Di depan rumah", "Ditambal"):
            assert command not in words, letter


def test_a_question_is_asked_in_full_where_it_fits_and_by_link_where_not(world: World) -> None:
    case = at(told(world), world.dinas_pu)
    case.ask("Nomor rumah?", by=world.joko, now=NOW)
    event = case.events.get(verb="ask")
    assert in_short("asked", event, case) == (
        f"Dinas Pekerjaan Umum dan Penataan Ruang bertanya tentang laporan {case.shown_number}: Nomor rumah? "
        f"Jawab: BALAS {case.shown_number} isi jawaban"
    )
    case.unask(by=world.joko, now=NOW)
    case.ask("Di depan rumah nomor berapa? " * 9, by=world.joko, now=NOW)
    words = in_short("asked", case.events.filter(verb="ask").latest("pk"), case)
    assert "bertanya tentang laporan Anda. Baca: " + LINK in words
    assert words.endswith(f"Jawab: BALAS {case.shown_number} isi jawaban")


def test_an_offices_signs_are_written_with_what_a_phone_has(world: World) -> None:
    case = at(told(world), world.dinas_pu)
    case.answer("“Besok” – kami datang… 🙏", by=world.joko, now=NOW)
    words = in_short("answered", case.events.get(verb="answer"), case)
    assert words.endswith("menjawab laporan " + case.shown_number + ': "Besok" - kami datang...')


@given(text=st.text(max_size=300))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_an_office_writes_it_fits(text: str) -> None:
    facts = short._Facts(
        {"number": "7K4M-9QXD-2TB", "quote": text, "link": "L" * 40, "respond": "4 Juni", "verify": "4 Juni"},
        dict.fromkeys(("office", "actor", "missed"), ("Dinas " + text[:90], "Dinas")),
    )
    for sentences in (*short.OPEN.values(), *short.GUARDED.values()):
        words = gsm.first_fitting(facts.fill(sentences))
        assert gsm.septets(words) <= 160


# --- The first letter ---


def first_words(case: Complaint) -> list[str]:
    delivery.send_due(now=later(minutes=2))
    return [parcel.short for parcel in Drum.heard]


def test_the_first_message_says_where_it_went_and_by_when(world: World, nudges: Nudges) -> None:
    case = told(world, addressed_to=world.dinas_pu)
    assert not nudges.named("send_notification"), "it waits for the worker"
    dispatch.forward_by_itself(case.pk, now=later(seconds=1))
    row = Notification.objects.get(medium="DRUM")
    assert nudges.named("send_notification") == [(row.pk, "DRUM")]
    (words,) = first_words(case)
    link = words.rpartition(" ")[2]
    assert words == (
        f"Laporan {case.shown_number} diteruskan ke Dinas Pekerjaan Umum dan Penataan Ruang. "
        f"Dijawab paling lambat 4 Juni. Lihat: {link}"
    )
    assert link.startswith("http://127.0.0.1:8000/s/")
    assert gsm.septets(words) <= 160


def test_where_it_stays_at_a_desk_the_desk_is_named(world: World, nudges: Nudges) -> None:
    case = told(world, place=world.sukasari, title="Pelayanan lambat", body="Pelayanan lambat sekali.")
    dispatch.forward_by_itself(case.pk, now=later(seconds=1))
    (words,) = first_words(case)
    assert words.startswith(f"Laporan {case.shown_number} diperiksa Pemerintah Kabupaten Sukamaju, diteruskan paling")


def test_where_nobody_weighs_it_the_letter_goes_after_a_minute(world: World, nudges: Nudges) -> None:
    case = told(world)
    assert delivery.send_due(now=later(seconds=59)) == 0
    assert delivery.send_due(now=later(seconds=60)) == 1
    assert Drum.heard[0].short.startswith(f"Laporan {case.shown_number} kami terima. Diteruskan ke kantor")
    # And what comes of it later is told later.
    dispatch.forward_by_itself(case.pk, now=later(minutes=5))
    assert Notification.objects.filter(medium="DRUM", letter="forwarded").count() in (0, 1)


def test_a_misspelt_prefix_is_told_as_it_was_read(world: World, nudges: Nudges, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    prefixes.add(world.pemkab, "MAJU", by=world.wati)
    case = told(world, addressed_to=world.pemkab, addressed_by="PREFIX", addressed_text="MAJO")
    dispatch.forward_by_itself(case.pk, now=later(seconds=1))
    assert first_words(case)[0].startswith("MAJO kami baca MAJU. Laporan ")


def test_words_of_danger_are_answered_with_whom_to_call(world: World, nudges: Nudges) -> None:
    told(world, title="Tolong", body="Tolong, rumah tetangga kebakaran sekarang, api besar sekali")
    delivery.send_due(now=later(minutes=2))
    assert Drum.heard[0].alert == "Darurat? Telepon 112 (polisi 110, api 113, medis 119)."
    Drum.heard.clear()
    told(world)
    delivery.send_due(now=later(minutes=2))
    assert Drum.heard[0].alert == ""


def test_by_email_everything_is_as_it_was(world: World, nudges: Nudges) -> None:
    case = report(world)
    assert len(nudges.named("send_notification")) == 1
    at(case, world.dinas_pu)
    assert set(Notification.objects.filter(user__isnull=True).values_list("letter", flat=True)) == {
        "submitted",
        "forwarded",
    }


def test_the_sentences_know_no_word_only_officers_know() -> None:
    said = " ".join(
        str(sentence) for table in (short.OPEN, short.GUARDED) for row in table.values() for sentence in row
    )
    for word in ("OPD", "SKPD", "SLA", "verifikasi", "disposisi", "SMS", "HP", "URL", "ID "):
        assert word not in said


def test_the_first_word_is_sent_by_no_other_event() -> None:
    assert send.TO_REPORTER["submit"] == "submitted"
    assert datetime.timedelta(seconds=30) <= send.PATIENCE <= datetime.timedelta(minutes=2)
