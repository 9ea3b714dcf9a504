"""X, against a stand-in that keeps the API's contract: posts become reports once, answers stand under them, and nothing
about a person is made more public by us."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest

from complaints import arrivals
from complaints.channels.x.channel import CHANNEL
from complaints.channels.x.inbound import pull, story_of
from complaints.models import Arrival, Complaint, Notification, PullCursor
from complaints.notifications import delivery
from tests.complaints.cases import NOW, at, later
from tests.complaints.channels.stand_in import Answer, XPeer
from tests.complaints.files import photo
from tests.conftest import Nudges
from tests.world import World

pytestmark = pytest.mark.django_db
POST = "#LAPOR lampu merah di simpang pasar mati sejak pagi @LAPOR1708"


@pytest.fixture
def peer(settings: Any, nudges: Nudges) -> Iterator[XPeer]:
    with XPeer().running() as found:
        assert isinstance(found, XPeer)
        settings.X_URL, settings.X_TOKEN, settings.X_USER_TOKEN = found.url, found.read_token, found.user_token
        settings.X_USER_ID = found.user_id
        yield found


def run(nudges: Nudges, now: datetime.datetime = NOW) -> int:
    came = pull(now)
    for arrival in Arrival.objects.waiting().order_by("pk"):
        arrivals.understand(arrival.pk, now=now)
    delivery.send_due(medium="X", now=later(days=3650))
    return came


def test_a_post_becomes_a_report_once_and_its_number_stands_under_it(world: World, peer: XPeer, nudges: Nudges) -> None:
    post = peer.post(POST, attachments={"media_keys": ["3_1"]})
    peer.media["3_1"] = photo()
    assert run(nudges) == 1
    assert run(nudges) == 0

    case = Complaint.objects.get()
    assert case.body == "lampu merah di simpang pasar mati sejak pagi"
    assert case.attachments.count() == 1
    (reply,) = peer.replies
    assert reply["reply"]["in_reply_to_tweet_id"] == post["id"]
    assert case.shown_number in reply["text"]


def test_danger_in_a_post_is_answered_with_whom_to_call_and_taken(world: World, peer: XPeer, nudges: Nudges) -> None:
    first = peer.post("#LAPOR kebakaran di pasar lama, api makin besar @LAPOR1708")
    run(nudges)
    peer.post("#LAPOR Pak Budi Santoso bawa parang mengamuk di loket sekarang @LAPOR1708", author="502")
    peer.post("tolong, ada yang pingsan juga @LAPOR1708", conversation_id=first["id"])
    run(nudges)
    assert Complaint.objects.count() == 2
    assert Complaint.objects.get(secret=False).messages.count() == 1
    assert len(peer.replies) == 3
    for reply in peer.replies:
        assert reply["text"].startswith("Darurat? Telepon 112 (polisi 110, api 113, medis 119).")
        assert len(reply["text"]) <= 280


def test_what_came_while_we_slept_is_read_in_pages(world: World, peer: XPeer, nudges: Nudges) -> None:
    peer.page = 5
    for nr in range(12):
        peer.post(f"#LAPOR lubang nomor {nr} di jalan besar @LAPOR1708", author="501" if nr % 2 else "502")
    assert pull(NOW) == 12
    assert PullCursor.objects.get().position == peer.posts[-1]["id"]
    assert "since_id" not in peer.seen[0].query
    pull(NOW)
    assert peer.seen[-1].query["since_id"] == [peer.posts[-1]["id"]]


def test_told_to_wait_we_wait(world: World, peer: XPeer, nudges: Nudges) -> None:
    peer.post(POST)
    reset = int((NOW + datetime.timedelta(minutes=15)).timestamp())
    peer.faults = [Answer(429, {"title": "Too Many Requests"}, {"x-rate-limit-reset": str(reset)})]
    assert pull(NOW) == 0
    rests = PullCursor.objects.get().rests_until
    assert rests is not None
    asked = len(peer.seen)
    assert pull(NOW) == 0
    assert len(peer.seen) == asked, "nobody asks before the time is over"
    assert pull(rests + datetime.timedelta(seconds=1)) == 1


def test_a_run_that_breaks_in_the_middle_skips_nothing(world: World, peer: XPeer, nudges: Nudges) -> None:
    peer.page = 5
    for nr in range(9):
        peer.post(f"#LAPOR lubang nomor {nr} @LAPOR1708")
    answer = peer.answer
    calls: list[int] = []

    def once(asked: Any) -> Answer:
        calls.append(1)
        return Answer(503, {}) if len(calls) == 2 else answer(asked)

    peer.answer = once  # type: ignore[method-assign]
    assert pull(NOW) == 5
    assert pull(later(minutes=5)) == 4
    assert Arrival.objects.count() == 9


@pytest.mark.parametrize(
    ("text", "more", "reason"),
    [
        ("Halo @LAPOR1708 apa kabar?", {}, "tanpa #LAPOR"),
        ("#LAPORAN tahunan @LAPOR1708", {}, "tanpa #LAPOR"),
        (POST, {"author": "1708"}, "kiriman kami sendiri"),
        (POST, {"referenced_tweets": [{"type": "retweeted", "id": "1"}]}, "kiriman ulang"),
    ],
)
def test_what_is_no_report_is_refused_with_its_reason(
    world: World, peer: XPeer, nudges: Nudges, text: str, more: dict[str, Any], reason: str
) -> None:
    peer.post(text, **more)
    run(nudges)
    assert Arrival.objects.get().reason == reason
    assert not Complaint.objects.exists()
    assert not peer.replies


@pytest.mark.parametrize(
    "words",
    ["Pak Budi Santoso minta uang di loket", "hubungi saya 0812-3456-7890, lampu mati", "plat BM 1234 XY parkir liar"],
)
def test_a_post_that_names_somebody_is_kept_closed_and_its_author_invited(
    world: World, peer: XPeer, nudges: Nudges, words: str
) -> None:
    peer.post(f"#LAPOR {words} @LAPOR1708")
    run(nudges)

    case = Complaint.objects.get()
    assert case.secret
    (reply,) = peer.replies
    assert "/lapor/" in reply["text"]
    assert case.shown_number not in reply["text"]
    at(case, world.dinas_pu)
    delivery.send_due(medium="X", now=later(days=3650))
    assert len(peer.replies) == 1, "nothing more of it is said in the open"


def test_what_an_office_says_is_never_said_in_the_open(world: World, peer: XPeer, nudges: Nudges) -> None:
    """An answer for the reporter alone, and one that would be masked where it is published, name whom they like."""
    peer.post(POST)
    run(nudges)
    case = at(Complaint.objects.get(), world.dinas_pu)
    case.ask("Benarkah ini rumah Ibu Sari?", by=world.joko, now=later(minutes=1))
    case.unask(by=world.joko, now=later(minutes=2))
    case.answer("Kami ke rumah Ibu Sari besok.", by=world.joko, audience="PARTIES", now=later(minutes=3))
    case.resolve("Ibu Sari sudah kami temui.", by=world.joko, outcome="REFUSED", now=later(minutes=4))
    delivery.send_due(medium="X", now=later(days=3650))
    assert len(peer.replies) > 3
    assert not [reply["text"] for reply in peer.replies if "Sari" in reply["text"] or "temui" in reply["text"]]
    assert all(case.shown_number in reply["text"] for reply in peer.replies)


def test_the_same_words_twice_close_no_door(world: World, peer: XPeer, nudges: Nudges) -> None:
    """Two answers are told in the same words, and X takes no text twice."""
    peer.post(POST)
    run(nudges)
    case = at(Complaint.objects.get(), world.dinas_pu)
    delivery.send_due(medium="X", now=later(minutes=1))
    detail = "You are not allowed to create a Tweet with duplicate content."
    peer.faults = [Answer(403, {"title": "Forbidden", "detail": detail})]
    case.answer("Besok kami periksa.", by=world.joko, now=later(minutes=2))
    delivery.send_due(medium="X", now=later(days=3650))
    assert not Notification.objects.filter(medium="X", state="FAILED").exists()
    case.reporter.refresh_from_db()
    assert case.reporter.door_closed_at is None


@pytest.mark.parametrize("closing", ["anonymous", "secret"])
def test_a_reply_that_waited_is_not_given_once_the_case_is_closed_to_all(
    world: World, peer: XPeer, nudges: Nudges, closing: str
) -> None:
    peer.post(POST)
    run(nudges)
    case = at(Complaint.objects.get(), world.dinas_pu)
    before = len(peer.replies)
    case.tighten(by=world.joko, now=later(minutes=1), **{closing: True})
    delivery.send_due(medium="X", now=later(days=3650))
    assert len(peer.replies) == before


def test_the_author_s_reply_in_the_thread_is_added_and_another_s_is_not(
    world: World, peer: XPeer, nudges: Nudges
) -> None:
    first = peer.post(POST)
    run(nudges)
    peer.post("@LAPOR1708 sekarang sudah dua hari", conversation_id=first["id"])
    peer.post("@LAPOR1708 setuju!", author="502", conversation_id=first["id"])
    run(nudges, later(minutes=5))

    case = Complaint.objects.get()
    assert [message.body for message in case.messages.all()] == ["sekarang sudah dua hari"]


def test_a_post_that_is_gone_is_given_up(world: World, peer: XPeer, nudges: Nudges) -> None:
    peer.post(POST)
    pull(NOW)
    for arrival in Arrival.objects.waiting():
        arrivals.understand(arrival.pk, now=NOW)
    peer.posts.clear()
    delivery.send_due(medium="X", now=later(days=3650))
    assert Notification.objects.get(medium="X").state == "FAILED"


@pytest.mark.parametrize(
    ("text", "story"),
    [
        (POST, "lampu merah di simpang pasar mati sejak pagi"),
        ("@LAPOR1708 #lapor! air keruh", "air keruh"),
        ("#LAPOR", ""),
        ("surel ke a@b.id #LAPOR", "surel ke a@b.id"),
    ],
)
def test_the_story_is_what_stays_without_tag_and_names(text: str, story: str) -> None:
    assert story_of(text) == story


def test_without_its_tokens_the_channel_is_off(settings: Any) -> None:
    settings.X_TOKEN = settings.X_USER_TOKEN = settings.X_USER_ID = ""
    assert not CHANNEL.is_on
    assert list(CHANNEL.missing()) == ["LAPOR_X_TOKEN", "LAPOR_X_USER_TOKEN", "LAPOR_X_USER_ID"]
