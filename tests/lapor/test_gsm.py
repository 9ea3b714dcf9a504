"""What fits into an SMS, counted as phones and networks count it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapor.kit import gsm

TEXTS = st.text(max_size=400)
PLAIN = st.text(sorted(gsm.BASIC | gsm.EXTENSION), max_size=400)


def test_the_alphabet_has_128_places_of_which_one_is_the_escape() -> None:
    assert len(gsm.BASIC) == 127
    assert len(gsm.EXTENSION) == 10
    assert not gsm.BASIC & gsm.EXTENSION


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        # 153 is odd: a character of two septets does not straddle the seam.
        ("€" * 153, 3),
        ("a" * 152 + "€" + "a" * 10, 2),
        ("é" * 160, 1),
        ("ê", 1),
        ("ê" + "a" * 69, 1),
        ("ê" + "a" * 70, 2),
        ("🕳" * 35, 1),
        ("🕳" * 36, 2),
    ],
)
def test_parts_are_counted_as_a_network_makes_them(text: str, count: int) -> None:
    assert gsm.parts(text) == count


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“Jalan” – rusak…", '"Jalan" - rusak...'),
        ("Café Ñandú ça", "Café Ñandu ca"),
        ("hujan 💧💧 lebat", "hujan  lebat"),
        ("👩‍👩‍👧", ""),
        ("ꦗꦭꦤ꧀ rusak", "? rusak"),
        ("Jalan 日本語 7", "Jalan ? 7"),
        ("½ ﬁnal Ⅳ", "1/2 final IV"),
        ("a\u00a0b\u200bc\x00d", "a bcd"),
        ("baris\r\nbaru", "baris\nbaru"),
        ("{[~]}", "{[~]}"),
        ("apa?? kenapa", "apa?? kenapa"),
    ],
)
def test_what_the_alphabet_lacks_is_written_with_what_it_has(text: str, plain: str) -> None:
    assert gsm.plain(text) == plain


@given(TEXTS)
def test_plain_is_plain_and_stays_so(text: str) -> None:
    once = gsm.plain(text)
    assert gsm.is_plain(once)
    assert gsm.plain(once) == once


@given(st.text(sorted(gsm.BASIC | gsm.EXTENSION - {"\f"} - {"\r"}), max_size=100))
def test_a_plain_text_is_left_alone(text: str) -> None:
    assert gsm.plain(text.replace("\r", "")) == text.replace("\r", "")


@given(PLAIN, st.integers(3, 200))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, limit: int) -> None:
    short = gsm.cut(text, limit)
    assert gsm.septets(short) <= limit
    assert short == text or short.endswith("...")


@given(st.lists(TEXTS, max_size=4), st.integers(3, 160))
def test_whatever_is_offered_something_fits(texts: list[str], limit: int) -> None:
    short = gsm.first_fitting(texts, limit)
    assert gsm.is_plain(short)
    assert gsm.septets(short) <= limit


def test_the_first_that_fits_is_taken() -> None:
    assert gsm.first_fitting(["a" * 161, "b" * 160, "c"]) == "b" * 160
    assert gsm.first_fitting(["kata " * 50]) == "kata " * 30 + "kata..."


@given(PLAIN)
def test_split_keeps_every_character_in_as_many_parts_as_are_counted(text: str) -> None:
    found = gsm.split(text)
    assert "".join(found) == text
    assert len(found) == gsm.parts(text)
    assert all(gsm.septets(part) <= (gsm.ONE if len(found) == 1 else gsm.EACH) for part in found)
