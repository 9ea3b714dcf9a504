"""Links that expire and open only what they were made for."""

import datetime

import pytest
import time_machine

from lapor.kit import signing

DAY = datetime.timedelta(days=1)


def test_a_link_says_what_was_put_in() -> None:
    assert signing.read("track", signing.sign("track", 7, "ab12"), DAY) == ["7", "ab12"]


def test_a_link_for_one_purpose_opens_no_other() -> None:
    assert signing.read("confirm", signing.sign("track", 7), DAY) is None


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "8" + t[1:], lambda t: "", lambda t: t + "\x00"])
def test_a_forged_link_opens_nothing(spoil: "object") -> None:
    assert callable(spoil)
    assert signing.read("track", spoil(signing.sign("track", 7)), DAY) is None


def test_a_link_ends() -> None:
    with time_machine.travel("2026-05-25T08:00:00+07:00", tick=False):
        token = signing.sign("track", 7)
    with time_machine.travel("2026-05-26T08:00:00+07:00", tick=False):
        assert signing.read("track", token, DAY) == ["7"]
    with time_machine.travel("2026-05-26T08:00:01+07:00", tick=False):
        assert signing.read("track", token, DAY) is None
