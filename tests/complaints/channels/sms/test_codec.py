"""From a gateway's bytes to text: whatever charset was declared, whatever came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.channels.sms import codec
from complaints.channels.sms.codec import Part

WORDS = "Jalan berlubang di depan pasar – “dalam” 🕳"


@pytest.mark.parametrize(
    ("data", "charset", "coding"),
    [
        (WORDS.encode(), "UTF-8", "0"),
        (WORDS.encode("utf-16-be"), "UTF-16BE", "2"),
        (WORDS.encode("utf-16-be"), "", "2"),
        (WORDS.encode("utf-16-be"), "ucs-2", ""),
        (WORDS.encode("utf-16-le"), "UTF-16LE", ""),
        ("\ufeff".encode("utf-16-be") + WORDS.encode("utf-16-be"), "UTF-16", ""),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), "UTF-16BE", "2"),
        # Declared wrongly.
        (WORDS.encode(), "ISO-8859-1", "0"),
        (WORDS.encode("utf-16-be"), "UTF-8", "0"),
        (WORDS.encode("utf-16-be"), "", ""),
        (b"\xef\xbb\xbf" + WORDS.encode(), "UTF-8", ""),
    ],
)
def test_the_same_words_out_of_every_charset(data: bytes, charset: str, coding: str) -> None:
    assert codec.mend(codec.decode(data, charset, coding)) == WORDS


@pytest.mark.parametrize(
    ("data", "charset", "coding", "text"),
    [
        (b"Caf\xe9 tutup", "UTF-8", "0", "Café tutup"),
        (b"Caf\xe9 tutup", "ISO-8859-1", "0", "Café tutup"),
        (b"\x93dalam\x94", "ISO-8859-1", "0", "“dalam”"),
        (b"Lampu mati", "UTF-16BE", "2", "Lampu mati"),
        (b"Lampu matii", "UTF-16BE", "2", "Lampu matii"),
        (b"\x00\x01\x02\x40 \x1b\x65", "GSM-7", "", "@£$¡ €"),
        (b"a\x00b", "UTF-8", "0", "ab"),
        ("ab\ud83dcd".encode("utf-16-be", "surrogatepass"), "UTF-16BE", "2", "ab�cd"),
        (b"\xed\xa0\xbd", "UTF-8", "0", "í\xa0½"),
        (b"", "UTF-8", "0", ""),
        (b"", "UTF-16BE", "2", ""),
        (b"baris\r\nbaru\x07", "", "", "baris\nbaru"),
    ],
)
def test_what_is_broken_is_read_as_far_as_it_goes(data: bytes, charset: str, coding: str, text: str) -> None:
    assert codec.mend(codec.decode(data, charset, coding)) == text


def test_a_pair_cut_in_two_by_the_network_is_whole_again() -> None:
    whole = "lubang 🕳".encode("utf-16-be")
    first, second = codec.decode(whole[:-2], "UTF-16BE"), codec.decode(whole[-2:] + b"\x00!", "UTF-16BE")
    assert codec.mend(first + second) == "lubang 🕳!"


@given(st.binary(max_size=400), st.sampled_from(["", "UTF-8", "UTF-16BE", "ucs2", "GSM-7", "latin1", "\x00", "x" * 99]))
def test_no_bytes_break_it(data: bytes, charset: str) -> None:
    text = codec.mend(codec.decode(data, charset, "2" if len(data) % 3 else "0"))
    text.encode()
    assert "\x00" not in text


@given(st.text(max_size=200))
def test_septets_there_and_back(text: str) -> None:
    from lapor.kit import gsm

    assert codec.decode_gsm(codec.encode_gsm(text)) == gsm.plain(text)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+6281200007700", "+6281200007700"),
        ("6281200007700", "+6281200007700"),
        (" 6281200007700", "+6281200007700"),
        ("0812-0000 7700", "+6281200007700"),
        ("81200007700", "+6281200007700"),
        ("006281200007700", "+6281200007700"),
        ("+60123456789", "+60123456789"),
        ("0060123456789", "+60123456789"),
        ("1708", "1708"),
        ("TELKOMSEL", "TELKOMSEL"),
        ("", ""),
        ("+", "+"),
        ("\x00\ud800", ""),
        ("9" * 400, "9" * 30),
    ],
)
def test_numbers_as_gateways_write_them(typed: str, number: str) -> None:
    assert codec.phone(typed) == number
    assert codec.is_phone(number) == number.startswith(("+62", "+60"))


@given(st.text(max_size=60))
def test_no_sender_breaks_it(typed: str) -> None:
    codec.phone(typed).encode("ascii")


@pytest.mark.parametrize(
    ("udh", "part"),
    [
        (b"\x05\x00\x03\x2a\x03\x02", Part(0x2A, 2, 3)),
        (b"\x06\x08\x04\x01\x2a\x03\x01", Part(0x012A, 1, 3)),
        (b"\x00\x03\x2a\x03\x02", Part(0x2A, 2, 3)),
        (b"\x0b\x05\x04\x0b\x84\x00\x00\x00\x03\x2a\x02\x01", Part(0x2A, 1, 2)),
        (b"\x05\x00\x03\x2a\x01\x01", None),
        (b"\x05\x00\x03\x2a\x03\x00", None),
        (b"\x05\x00\x03\x2a\x03\x04", None),
        (b"\x05\x00", None),
        (b"\xff" * 9, None),
        (b"", None),
    ],
)
def test_headers_of_long_messages(udh: bytes, part: Part | None) -> None:
    assert codec.concatenation(udh) == part


@given(st.binary(max_size=40))
def test_no_header_breaks_it(udh: bytes) -> None:
    codec.concatenation(udh)
