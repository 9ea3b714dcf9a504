"""The public number and the key: what they hold, and what survives being read aloud and typed again."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.number import ALPHABET, hash_key, new_key, new_number, read_number, shown_key, shown_number


def number_of(bits: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(secrets, "randbits", lambda _count: bits)
    return new_number()


def test_a_number_holds_50_random_bits_and_a_key_80(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def randbits(count: int) -> int:
        asked.append(count)
        return 1

    monkeypatch.setattr(secrets, "randbits", randbits)
    assert (new_number(), new_key()) == ("00000000011", "0000000000000001")
    assert asked == [50, 80]


def test_the_largest_number_fits_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # Its check is a digit, the only one.
    largest = next(bits for bits in range(2**50 - 1, 0, -1) if bits % 37 < 10)
    assert read_number(number_of(largest, monkeypatch)) is not None


def test_a_number_without_a_digit_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message by telephone would take it for a word."""
    letters = next(bits for bits in range(2**50 - 1, 0, -1) if 10 <= bits % 37 < len(ALPHABET))
    drawn = iter([letters, 1])
    monkeypatch.setattr(secrets, "randbits", lambda _count: next(drawn))
    assert new_number() == "00000000011"


@given(st.data())
def test_one_wrong_letter_or_two_exchanged_are_always_noticed(data: st.DataObject) -> None:
    number = new_number()
    place = data.draw(st.integers(0, 10))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(number[place], "")))
    assert read_number(number[:place] + wrong + number[place + 1 :]) is None
    place = data.draw(st.integers(0, 9))
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (read_number(swapped) is None) == (swapped != number)


def test_it_is_read_as_it_was_meant() -> None:
    number = new_number()
    shown = shown_number(number)
    assert len(shown) == 13
    assert not set(number) & set("ILOU")
    for typed in (
        shown,
        shown.lower(),
        shown.replace("-", " "),
        f" {shown}. ",
        shown.replace("0", "O").replace("1", "l"),
    ):
        assert read_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "7K4M", "x" * 40, "\x00" * 11, "７Ｋ４Ｍ９ＱＸＤ２ＴＢ!", "ÄÄÄÄÄÄÄÄÄÄÄ", "UUUUUUUUUUU"]
)
def test_what_is_none_is_none(typed: str) -> None:
    assert read_number(typed) is None


def test_a_key_is_the_same_however_it_is_typed() -> None:
    key = new_key()
    assert hash_key(key) == hash_key(shown_key(key)) == hash_key(shown_key(key).lower().replace("-", " "))
    assert hash_key(key) != hash_key(new_key())
