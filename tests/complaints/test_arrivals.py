"""From a kept message to what becomes of it, told through a pretend channel whose words say what they mean."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from agencies.models import AuditEntry
from complaints import arrivals
from complaints.arrivals import Decided
from complaints.channels.contract import (
    LINK,
    NUMBER,
    Act,
    Add,
    Channel,
    DoorRefused,
    DoorSilent,
    Hold,
    Hush,
    Incoming,
    Open,
    Parcel,
    Reading,
    Refuse,
    Tell,
    Wait,
)  # fmt: skip
from complaints.channels.registry import CHANNELS
from complaints.intake import Submission, keep
from complaints.models import Arrival, Complaint, Notification
from complaints.notifications import delivery
from complaints.transitions import Incomplete, Status
from tests.complaints.cases import NOW, SWEEP, at, later, report
from tests.complaints.files import photo
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db
ME = "+6281200007700"


class Drum:
    """A door that remembers what it was given; `fault` is raised instead."""

    heard: list[Parcel] = []
    fault: Exception | None = None

    def send(self, parcel: Parcel) -> str:
        if Drum.fault is not None:
            raise Drum.fault
        Drum.heard.append(parcel)
        return f"drum-{len(Drum.heard)}"

    def close(self) -> None:
        return


def read(arrival: Arrival) -> Reading:
    """ "open …", "add NUMBER …", "hold …", "refuse …", "tell …", "crash"."""
    word, _space, rest = arrival.raw().decode("utf-8", "replace").partition(" ")
    match word:
        case "open":
            files = [Incoming("lubang.jpg", photo()), Incoming("virus.exe", b"MZ nothing")] if "foto" in rest else []
            return Open(
                Submission(
                    channel="drum", external_id="", body=rest, phone=arrival.sender, door=("DRUM", arrival.sender)
                ),
                files,
            )
        case "add" | "accept" | "contest":
            number, _space, text = rest.partition(" ")
            case = Complaint.objects.get(number=number)
            return Add(case, text, Act.REPLY if word == "add" else Act(word), reply="Sudah ditambahkan.")
        case "hold":
            return Hold(Arrival.Hold.WHOSE, rest, reply="Petugas akan membacanya.")
        case "refuse":
            return Refuse("surat mesin")
        case "tell":
            return Tell("LAPOR <isi> untuk melapor.")
        case "link":
            return Tell(f"Laporan {NUMBER}: {LINK}", Complaint.objects.get(number=rest))
        case "stop" | "start":
            return Hush("Baik.", resume=word == "start")
        case "half":
            other = (
                Arrival.objects.waiting().exclude(pk=arrival.pk).filter(sender_fingerprint=arrival.sender_fingerprint)
            )
            if not other:
                return Wait(arrival.received_at + datetime.timedelta(minutes=5))
            return Open(Submission(channel="drum", external_id="", body="utuh"), settles=list(other))
        case "mine":
            held = list(Arrival.objects.held().filter(sender_fingerprint=arrival.sender_fingerprint))
            body = " ".join(one.text for one in held)
            submission = Submission(channel="drum", external_id="", body=body, door=("DRUM", arrival.sender))
            return Open(submission, settles=held, reply="Dibuka.")
        case "reopen":
            return Add(Complaint.objects.get(number=rest), "Rusak lagi.", Act.REOPEN, reply="Dibuka lagi.")
    raise ValueError("a message this channel did not expect")


@pytest.fixture(autouse=True)
def drum(monkeypatch: pytest.MonkeyPatch) -> type[Drum]:
    Drum.heard, Drum.fault = [], None
    monkeypatch.setitem(CHANNELS, "drum", Channel("drum", "kentongan", read=read, medium="DRUM", door=Drum))
    return Drum


def send(words: str | bytes, **extra: Any) -> Arrival:
    raw = words if isinstance(words, bytes) else words.encode()
    extra = {"sender": ME, "external_id": f"id-{Arrival.objects.count()}", "now": NOW, **extra}
    return keep("drum", raw, **extra)[0]


def settle(words: str | bytes, **extra: Any) -> Arrival:
    arrival = send(words, **extra)
    assert arrivals.understand(arrival.pk, now=later(seconds=5))
    arrival.refresh_from_db()
    return arrival


# --- Keeping ---


def test_a_message_is_kept_sealed_and_a_worker_is_woken(nudges: Nudges) -> None:
    arrival = send("open Jalan di depan sekolah berlubang")

    assert arrival.raw() == b"open Jalan di depan sekolah berlubang"
    assert "sekolah" not in arrival.raw_sealed
    assert "6281" not in arrival.sender_sealed
    assert nudges.named("receive_arrival") == [(arrival.pk,)]


def test_the_same_id_is_the_same_message() -> None:
    first, new = keep("drum", b"open satu", external_id="gw-1", sender=ME, now=NOW)
    again, newer = keep("drum", b"open satu", external_id="gw-1", sender=ME, now=later(days=3))

    assert (new, newer) == (True, False)
    assert again == first


def test_without_an_id_the_same_words_within_ten_minutes_are_one_message_and_marked() -> None:
    first, _ = keep("drum", b"open satu", sender=ME, now=NOW)
    again, new = keep("drum", b"open satu", sender=ME, now=later(minutes=9))
    other, other_new = keep("drum", b"open satu", sender="+6281299998888", now=later(minutes=1))
    late, late_new = keep("drum", b"open satu", sender=ME, now=later(minutes=11))

    assert (again, new) == (first, False)
    again.refresh_from_db()
    assert again.repeats == 1
    assert other_new
    assert late_new
    assert len({first.pk, other.pk, late.pk}) == 3


def test_a_long_message_lies_sealed_on_the_disk_and_goes_with_the_purge() -> None:
    letter = b"open " + b"Surat yang panjang sekali. " * 4000
    arrival = send(letter)

    arrival.refresh_from_db()
    assert arrival.raw_sealed == ""
    assert arrival.raw() == letter
    with arrival.raw_file.open("rb") as file:
        assert b"panjang" not in file.read()


@pytest.mark.parametrize("raw", [b"", b"\x00\x00", b"\xff\xfe\xed\xa0\x80", "open \U0001f6a7".encode(), b"x" * 200_000])
def test_whatever_the_bytes_they_are_kept(raw: bytes) -> None:
    assert Arrival.objects.get(pk=send(raw).pk).raw() == raw


@pytest.mark.parametrize("name", ["\x00", "\ud800", "x" * 900, "ok\x00"])
def test_whatever_the_id_it_names_one_message(name: str) -> None:
    first, new = keep("drum", b"open satu", external_id=name, now=NOW)
    again, newer = keep("drum", b"open satu", external_id=name, now=NOW)

    assert (new, newer, again.pk) == (True, False, first.pk)


def test_names_that_differ_in_what_no_column_holds_are_two_messages() -> None:
    names = ["ok", "ok\x00", "ok\ud800", " ok", "\x00", "\ud800", "\udc00", "x" * 201, "x" * 202]
    kept = {keep("drum", b"open satu", external_id=name, now=NOW)[0].pk for name in names}
    assert len(kept) == len(names)


# --- What becomes of it ---


def test_a_new_report_is_opened_once_and_answered_by_its_door(world: World, nudges: Nudges) -> None:
    arrival = settle("open Jalan di depan sekolah berlubang besar")
    assert not arrivals.understand(arrival.pk, now=later(minutes=9))

    case = Complaint.objects.get()
    assert (arrival.outcome, arrival.complaint) == ("OPENED", case)
    assert (case.channel, case.received_at) == ("drum", NOW)
    assert case.reporter.is_reachable
    delivery.send_due(now=later(minutes=1))
    (parcel,) = Drum.heard
    assert parcel.address == ME
    assert case.shown_number in parcel.text
    letter = Notification.objects.get(medium="DRUM")
    assert (letter.state, letter.peer_id) == ("SENT", "drum-1")


def test_its_files_are_checked_like_uploads_and_a_refused_one_is_written_down(world: World, nudges: Nudges) -> None:
    arrival = settle("open Lubang, ada foto")

    taken, refused = Complaint.objects.get().attachments.all()
    assert (taken.name, taken.state) == ("lubang.jpg", "RECEIVED")
    # Its reporter reads why on the page of the report.
    assert (refused.name, refused.state, refused.file.name) == ("virus.exe", "REFUSED", "")
    assert "virus.exe" in refused.reason
    assert "virus.exe" in arrival.reason


def test_what_belongs_to_a_case_is_added_and_confirmed(world: World, nudges: Nudges) -> None:
    case = at(report(world), world.dinas_pu)
    arrival = settle(f"add {case.number} Sekarang makin dalam.")

    assert (arrival.outcome, arrival.complaint) == ("APPENDED", case)
    assert case.messages.get(verb="reply").body == "Sekarang makin dalam."
    delivery.send_due(now=later(minutes=1))
    assert [parcel.words for parcel in Drum.heard] == ["Sudah ditambahkan."]
    assert Drum.heard[0].answers == arrival.external_id


def test_an_answer_to_the_question_of_the_office_completes(world: World, nudges: Nudges) -> None:
    case = at(report(world), world.dinas_pu)
    case.ask("Di depan rumah nomor berapa?", by=world.joko, now=NOW)
    settle(f"add {case.number} Di depan nomor 7.")

    case.refresh_from_db()
    assert case.status == Status.FORWARDED


def test_a_message_after_the_final_answer_contests_and_only_an_acceptance_accepts(world: World, nudges: Nudges) -> None:
    first, second = (at(report(world), world.dinas_pu) for _ in range(2))
    for case in (first, second):
        case.resolve("Sudah ditambal.", outcome="DONE", done_on=NOW.date(), unit="UPT", by=world.joko, now=NOW)
    settle(f"add {first.number} Masih berlubang.")
    settle(f"accept {second.number} Terima kasih.")

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.status == Status.IN_PROGRESS
    assert second.status == Status.CLOSED


def test_a_message_that_came_before_the_system_closed_undoes_it(world: World, nudges: Nudges) -> None:
    case = at(report(world), world.dinas_pu)
    case.ask("Di mana?", by=world.joko, now=NOW)
    arrival = send(f"add {case.number} Di depan pasar.", now=later(days=20))
    case.expire(by=SWEEP, now=later(days=21))

    assert arrivals.understand(arrival.pk, now=later(days=22))
    case.refresh_from_db()
    assert case.is_open
    assert case.messages.filter(body="Di depan pasar.").exists()


def test_what_the_case_cannot_take_is_held_and_never_dropped(world: World, nudges: Nudges) -> None:
    case = at(report(world), world.dinas_pu)
    arrival = settle(f"accept {case.number} Beres.")

    assert (arrival.outcome, arrival.hold) == ("HELD", "REFUSED_ACT")
    assert arrival.text == "Beres."
    assert arrival.suggestion == {"complaint": case.pk}
    assert not case.messages.exists()


def test_a_report_without_words_is_held(world: World, nudges: Nudges) -> None:
    arrival = settle("open   ")

    assert (arrival.outcome, arrival.hold) == ("HELD", "INCOMPLETE")
    assert not Complaint.objects.exists()


def test_a_refusal_keeps_its_reason_and_says_nothing_back(world: World, nudges: Nudges) -> None:
    arrival = settle("refuse balasan otomatis")

    assert (arrival.outcome, arrival.reason) == ("REFUSED", "surat mesin")
    assert not Notification.objects.exists()


def test_a_question_is_answered_without_a_case(world: World, nudges: Nudges) -> None:
    arrival = settle("tell BANTU")
    delivery.send_due(now=later(minutes=1))

    assert arrival.outcome == "ANSWERED"
    assert [parcel.short for parcel in Drum.heard] == ["LAPOR <isi> untuk melapor."]
    assert not Complaint.objects.exists()


def test_a_flood_from_one_sender_is_held_for_a_person(world: World, nudges: Nudges) -> None:
    for nr in range(arrivals.HOURLY):
        settle(f"open Laporan nomor {nr}")
    over = settle("open Satu lagi")
    other = settle("open Dari orang lain", sender="+6281299998888")

    assert (over.outcome, over.hold, over.text) == ("HELD", "FLOOD", "Satu lagi")
    assert other.outcome == "OPENED"


# --- What belongs together ---


def test_a_part_waits_for_the_other_and_both_become_one_report(world: World, nudges: Nudges) -> None:
    first = send("half satu")
    assert not arrivals.understand(first.pk, now=later(seconds=5))
    first.refresh_from_db()
    assert (first.outcome, first.tries, first.next_try) == ("", 0, later(minutes=5)), "waiting is no failure"

    whole = settle("half dua")
    first.refresh_from_db()
    assert (whole.outcome, first.outcome) == ("OPENED", "APPENDED")
    assert first.complaint == whole.complaint == Complaint.objects.get()
    assert not arrivals.understand(first.pk, now=later(hours=1))


def test_two_workers_with_a_half_each_open_one_report(
    world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = send("half satu"), send("half dua")
    understood = arrivals._read

    def overtaken(arrival: Arrival) -> Reading:
        """While the first is read and not yet settled, another worker settles the second, and the first with it."""
        reading = understood(arrival)
        monkeypatch.setattr(arrivals, "_read", understood)
        assert arrivals.understand(second.pk, now=later(seconds=5))
        return reading

    monkeypatch.setattr(arrivals, "_read", overtaken)
    assert not arrivals.understand(first.pk, now=later(seconds=5))
    assert Complaint.objects.count() == 1


def test_what_somebody_else_settled_is_read_anew(world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch) -> None:
    held, mine = settle("hold Lampu jalan mati"), send("mine")
    assert world.ratna.membership is not None
    by = world.ratna.membership
    understood = arrivals._read

    def overtaken(arrival: Arrival) -> Reading:
        reading = understood(arrival)
        monkeypatch.setattr(arrivals, "_read", understood)
        arrivals.decide_refuse(held, by=by, reason="Iklan.")
        return reading

    monkeypatch.setattr(arrivals, "_read", overtaken)
    assert arrivals.understand(mine.pk, now=later(minutes=1))
    mine.refresh_from_db()
    # Nothing is left of it that could be a report.
    assert (mine.outcome, mine.hold) == ("HELD", "INCOMPLETE")
    assert not Complaint.objects.exists()


def test_a_held_message_leaves_the_pen_when_its_sender_says_what_it_is(world: World, nudges: Nudges) -> None:
    held = settle("hold Lampu jalan mati")
    said = settle("mine")

    held.refresh_from_db()
    assert (said.outcome, held.outcome) == ("OPENED", "APPENDED")
    assert held.complaint == said.complaint
    assert Complaint.objects.get().body == "Lampu jalan mati"
    assert not Arrival.objects.held().exists()
    delivery.send_due(now=later(minutes=1))
    assert "Dibuka." in [parcel.words for parcel in Drum.heard]


def test_stop_closes_every_door_of_the_sender_and_start_opens_them(world: World, nudges: Nudges) -> None:
    for _n in range(2):
        settle("open Lampu jalan mati")
    settle("open Punya orang lain", sender="+6281299998888")
    stopped = settle("stop")
    assert stopped.outcome == "ANSWERED"
    closed = Complaint.objects.filter(reporter__door_closed_at__isnull=False)
    assert closed.count() == 2
    delivery.send_due(now=later(minutes=1))
    assert [parcel.words for parcel in Drum.heard if parcel.address == ME] == ["Baik."]
    settle("start")
    assert not closed.exists()


def test_a_reply_is_given_number_and_link_when_it_goes_out(world: World, nudges: Nudges) -> None:
    case, secret = at(report(world), world.dinas_pu), report(world, secret=True)
    for one in (case, secret):
        settle(f"link {one.number}")
    delivery.send_due(now=later(minutes=1))

    said = [parcel.words for parcel in Drum.heard]
    assert said[0].startswith(f"Laporan {case.shown_number}: http://127.0.0.1:8000/s/")
    assert said[1] == f"Laporan {secret.shown_number}:"
    assert [parcel.guarded for parcel in Drum.heard] == [False, True]


def test_a_closed_report_is_opened_again_by_its_reporter_once(world: World, nudges: Nudges) -> None:
    case = at(report(world), world.dinas_pu)
    case.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas.", now=NOW)
    assert settle(f"reopen {case.number}").outcome == "APPENDED"
    case.refresh_from_db()
    assert case.is_open


# --- When it goes wrong ---


def test_a_message_that_breaks_its_reader_is_tried_again_and_then_held(world: World, nudges: Nudges) -> None:
    arrival = send("crash")
    now = NOW
    for wait in arrivals.WAITS:
        assert not arrivals.understand(arrival.pk, now=now)
        assert not arrivals.understand(arrival.pk, now=now + wait / 2), "before its time"
        now += wait + datetime.timedelta(seconds=1)
    assert arrivals.understand(arrival.pk, now=now)

    arrival.refresh_from_db()
    assert (arrival.outcome, arrival.hold) == ("HELD", "UNREADABLE")
    assert arrival.raw() == b"crash"


def test_a_lost_nudge_is_found_within_the_minute(world: World, nudges: Nudges) -> None:
    send("open Lampu jalan mati")

    assert arrivals.understand_waiting(now=later(seconds=5)) == 0, "left to the worker that was woken"
    assert arrivals.understand_waiting(now=later(seconds=30)) == 1
    assert Complaint.objects.count() == 1


def test_a_worker_that_died_gives_it_back(world: World, nudges: Nudges) -> None:
    arrival = send("open Lampu jalan mati")
    assert arrivals._take(arrival.pk, NOW) is not None

    assert not arrivals.understand(arrival.pk, now=later(minutes=4))
    assert arrivals.understand(arrival.pk, now=later(minutes=6))


def test_a_silent_peer_delays_its_letters_and_no_other(world: World, nudges: Nudges) -> None:
    settle("open Lampu jalan mati")
    report(world, now=later(seconds=9))
    Drum.fault = DoorSilent("504", after=datetime.timedelta(hours=2))
    delivery.send_due(now=later(minutes=1))

    waiting = Notification.objects.get(medium="DRUM")
    assert (waiting.state, waiting.next_try) == ("PENDING", later(minutes=1) + datetime.timedelta(hours=2))
    assert Notification.objects.filter(medium="EMAIL", state="SENT").exists()


def test_a_number_that_refuses_for_good_closes_the_door(world: World, nudges: Nudges) -> None:
    settle("open Lampu jalan mati")
    Drum.fault = DoorRefused(f"unknown subscriber {ME}", lasting=True)
    delivery.send_due(now=later(minutes=1))

    reporter = Complaint.objects.get().reporter
    assert reporter.door_closed_at is not None
    assert not reporter.is_reachable
    assert Notification.objects.get(medium="DRUM").state == "FAILED"


def test_a_medium_switched_off_keeps_its_letters(world: World, nudges: Nudges, monkeypatch: pytest.MonkeyPatch) -> None:
    settle("open Lampu jalan mati")
    monkeypatch.setitem(
        CHANNELS, "drum", Channel("drum", "kentongan", medium="DRUM", door=Drum, missing=lambda: ["LAPOR_DRUM_KEY"])
    )
    delivery.send_due(now=later(minutes=1))

    assert Notification.objects.get(medium="DRUM").state == "PENDING"


# --- The pen ---


def test_the_pen_opens_a_report_for_the_office_it_chose(world: World, nudges: Nudges) -> None:
    arrival = settle("hold Lampu jalan mati di depan balai desa")
    assert world.ratna.membership is not None
    case = arrivals.decide_open(arrival, by=world.ratna.membership, agency=world.dinas_pu, now=later(hours=1))

    arrival.refresh_from_db()
    assert case.body == "Lampu jalan mati di depan balai desa"
    assert (case.addressed_to, case.received_at) == (world.dinas_pu, NOW)
    assert (arrival.outcome, arrival.complaint, arrival.decided_by) == ("OPENED", case, world.ratna.user)
    assert case.reporter.door == "DRUM"
    assert AuditEntry.objects.filter(what="arrival_opened", subject_id=arrival.pk).exists()
    with pytest.raises(Decided):
        arrivals.decide_open(arrival, by=world.ratna.membership)


def test_the_pen_adds_to_a_case(world: World, nudges: Nudges) -> None:
    case = at(report(world), world.dinas_pu)
    arrival = settle("hold Tambahan: sekarang dua lubang.")
    assert world.ratna.membership is not None
    arrivals.decide_add(arrival, case, by=world.ratna.membership, now=later(hours=1))

    assert case.messages.get().body == "Tambahan: sekarang dua lubang."
    assert not Arrival.objects.held().exists()


def test_the_pen_refuses_with_a_reason_and_tells_the_sender(world: World, nudges: Nudges) -> None:
    arrival = settle("hold Beli pulsa murah")
    assert world.ratna.membership is not None
    with pytest.raises(Incomplete):
        arrivals.decide_refuse(arrival, by=world.ratna.membership, reason=" ")
    arrivals.decide_refuse(
        arrival, by=world.ratna.membership, reason="Iklan.", reply="Ini bukan laporan.", now=later(hours=1)
    )
    delivery.send_due(now=later(hours=2))

    arrival.refresh_from_db()
    assert (arrival.outcome, arrival.reason) == ("REFUSED", "Iklan.")
    assert [parcel.words for parcel in Drum.heard] == ["Petugas akan membacanya.", "Ini bukan laporan."]


# --- The purge ---


def test_what_was_understood_is_forgotten_after_its_time_and_still_known(world: World, nudges: Nudges) -> None:
    done, held = settle("open Lampu jalan mati", external_id="gw-9"), settle("hold Entah apa")
    keeps = CHANNELS["drum"].keeps
    assert arrivals.purge(now=NOW + keeps - datetime.timedelta(hours=1)) == 0
    assert arrivals.purge(now=NOW + keeps + datetime.timedelta(hours=1)) == 1

    done.refresh_from_db()
    held.refresh_from_db()
    assert (done.raw(), done.sender, done.sender_fingerprint) == (b"", "", "")
    assert held.raw() == b"hold Entah apa", "nobody has decided about it yet"
    assert keep("drum", b"open Lampu jalan mati", external_id="gw-9")[1] is False
