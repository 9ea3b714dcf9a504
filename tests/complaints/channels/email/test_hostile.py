"""Letters made to break what reads them: whatever the bytes, they are kept, something is read, and nothing raises."""

from __future__ import annotations

import base64
import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.channels.email import machines, mime
from complaints.channels.email.collect import SIZE_LIMIT, keep_letter
from complaints.channels.email.inbound import wishes_of
from complaints.models import Arrival
from tests.complaints.cases import NOW, later
from tests.complaints.channels.email.post import SAMPLES, Post
from tests.complaints.files import photo

HEAD = b"From: rudi@contoh.test\r\nTo: lapor@kanal.test\r\nSubject: Uji\r\nMessage-ID: <uji@contoh.test>\r\n"
PLAIN = [path.read_bytes() for path in sorted(SAMPLES.glob("*.eml"))]


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_letter(raw: bytes) -> None:
    mail = mime.read(raw)
    machines.sign_of(mail, mail.text, answers_us=True)
    assert mime.name_of(raw)
    assert mail.recipients is not None


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(PLAIN), st.data())
def test_a_real_letter_with_some_bytes_changed_is_one_too(raw: bytes, data: st.DataObject) -> None:
    broken = bytearray(raw)
    for _n in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(broken) - 1))
        broken[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
    mail = mime.read(bytes(broken))
    machines.sign_of(mail, mail.text, answers_us=False)
    assert isinstance(mail.text, str)
    assert "\x00" not in mail.text
    assert all(sign.isprintable() for _name, value in mail.headers for sign in value)


@given(st.text(max_size=400))
def test_any_subject_has_a_title_that_fits(subject: str) -> None:
    assert len(wishes_of(subject).title) <= 160


def nested(depth: int) -> bytes:
    opening = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return HEAD + opening + b"Content-Type: text/plain\r\n\r\nDi dasar.\r\n"


@pytest.mark.parametrize("depth", [30, 3000])
@pytest.mark.django_db
def test_parts_within_parts_without_end_are_held_if_not_read(post: Post, depth: int) -> None:
    arrival = post.take(nested(depth))
    if depth < 100:
        assert arrival.complaint is not None
        assert arrival.complaint.body == "Di dasar."
    else:
        assert (arrival.outcome, arrival.tries) == ("HELD", 1)


@pytest.mark.django_db
def test_thousands_of_parts_are_read_as_far_as_anybody_would(post: Post) -> None:
    part = b"--b\r\nContent-Type: image/png; name=x.png\r\n\r\nbukan gambar\r\n"
    raw = (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nBanyak sekali.\r\n'
        + part * 5000
        + b"--b--\r\n"
    )
    arrival = post.take(raw)
    assert arrival.complaint is not None
    assert arrival.complaint.body == "Banyak sekali."
    assert arrival.complaint.attachments.count() <= 10


@pytest.mark.slow
@pytest.mark.django_db
def test_thirty_megabytes_are_one_report_with_its_photo(post: Post) -> None:
    film = base64.encodebytes(b"\x00\x00\x00 ftypmp42" + b"film" * 5_400_000)
    picture = base64.encodebytes(photo(800, 600))
    raw = b"".join(
        [
            HEAD,
            b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nFilm dan foto terlampir.\r\n',
            b"--b\r\nContent-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            film,
            b"\r\n--b\r\nContent-Type: image/jpeg; name=foto.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            picture,
            b"\r\n--b--\r\n",
        ]
    )
    assert 28_000_000 < len(raw) < SIZE_LIMIT
    arrival = post.take(raw)
    assert arrival.raw_sealed == "", "it lies on the disk"
    assert arrival.complaint is not None
    states = {file.name: file.state for file in arrival.complaint.attachments.all()}
    assert states == {"film.mp4": "REFUSED", "foto.jpg": "RECEIVED"}


@pytest.mark.django_db
def test_a_header_without_end_is_cut_and_not_the_letter(post: Post) -> None:
    arrival = post.take(
        HEAD + b"X-Panjang: " + b"a" * 500_000 + b"\r\nReferences: " + b"<x@y> " * 50_000 + b"\r\n\r\nIsi.\r\n"
    )
    assert arrival.complaint is not None
    assert arrival.complaint.body == "Isi."


# --- The same letter twice, and two letters by one name ---


@pytest.mark.django_db
def test_the_same_letter_by_two_ways_is_one() -> None:
    raw = HEAD + b"Date: Mon, 25 May 2026 08:00:00 +0700\r\n\r\nIsi.\r\n"
    first, _new = keep_letter(raw, now=NOW)
    again, new = keep_letter(
        b"Received: by another.test\r\nDelivered-To: lapor@kanal.test\r\n" + raw, now=later(hours=5)
    )
    assert (again, new) == (first, False)


@pytest.mark.django_db
def test_a_program_that_gives_every_letter_the_same_id_loses_none() -> None:
    same = b"From: %s\r\nMessage-ID: <selalu@sama.test>\r\nDate: Mon, 25 May 2026 08:%02d:00 +0700\r\n\r\nIsi %d.\r\n"
    letters = [same % (b"rudi@contoh.test", n, n) for n in range(3)] + [same % (b"lain@contoh.test", 0, 0)]
    for raw in letters + letters:
        keep_letter(raw, now=NOW)
    assert Arrival.objects.count() == 4


@pytest.mark.django_db
def test_without_an_id_the_same_bytes_are_one_letter_for_ever() -> None:
    raw = b"From: rudi@contoh.test\r\nSubject: Uji\r\n\r\nIsi.\r\n"
    first, _new = keep_letter(raw, now=NOW)
    assert keep_letter(raw, now=later(days=30)) == (first, False)
    assert keep_letter(raw + b" ", now=NOW)[1]


@pytest.mark.parametrize("name", [b"<" + b"x" * 900 + b"@y>", b"<\x00@y>", b"<\xed\xa0\x80@y>", b"<a b@c>", b"", b"x"])
@pytest.mark.django_db
def test_whatever_the_id_it_names_one_letter(name: bytes) -> None:
    raw = b"From: rudi@contoh.test\r\nMessage-ID: " + name + b"\r\n\r\nIsi.\r\n"
    first, new = keep_letter(raw, now=NOW)
    assert keep_letter(raw, now=later(days=2)) == (first, False)
    assert new


@pytest.mark.parametrize(
    ("arrived", "counts"),
    [
        (NOW - datetime.timedelta(days=2), NOW - datetime.timedelta(days=2)),
        (NOW - datetime.timedelta(days=900), NOW),
        (NOW + datetime.timedelta(days=1), NOW),
        (None, NOW),
    ],
)
@pytest.mark.django_db
def test_the_day_it_reached_the_mailbox_counts_within_reason(arrived: Any, counts: Any) -> None:
    arrival, _new = keep_letter(HEAD + b"\r\nIsi.\r\n", arrived_at=arrived, now=NOW)
    assert arrival.received_at == counts
