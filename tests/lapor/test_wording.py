"""Numbers, dates and hours as people read them, in both languages and all three zones."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from lapor.kit import wording
from lapor.kit.weeks import weeks

AT = datetime(2026, 5, 25, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "written"),
    [(1240, "1.240"), (18_204_000, "18.204.000"), (2.4, "2,4"), (0, "0"), (None, "–")],
)
def test_numbers_have_indonesian_points(value: float | None, written: str) -> None:
    assert wording.number(value) == written


def test_numbers_are_rounded_and_not_cut_off() -> None:
    assert [wording.number(69.75, 1), wording.number(4.19, 1), wording.number(Decimal("2.96"), 1)] == [
        "69,8",
        "4,2",
        "3,0",
    ]


def test_an_hour_names_the_zone_of_the_place() -> None:
    assert wording.hour(AT) == "08.12 WIB"
    assert wording.hour(AT, "Asia/Pontianak") == "08.12 WIB"
    assert wording.hour(AT, "Asia/Makassar") == "09.12 WITA"
    assert wording.hour(AT, "Asia/Jayapura") == "10.12 WIT"


def test_the_day_of_an_instant_is_the_day_at_the_place() -> None:
    late = datetime(2026, 5, 25, 15, 30, tzinfo=UTC)
    assert wording.long_day(late) == "Senin, 25 Mei 2026"
    assert wording.long_day(late, "Asia/Jayapura") == "Selasa, 26 Mei 2026"


def test_dates_are_words() -> None:
    assert wording.long_day(date(2026, 6, 4)) == "Kamis, 4 Juni 2026"
    assert wording.week_day(date(2026, 6, 4)) == "Kamis, 4 Juni"
    assert wording.moment(AT) == "Senin, 25 Mei 2026, 08.12 WIB"
    assert wording.short_moment(AT) == "25 Mei, 08.12 WIB"


def test_english_readers_get_english_words() -> None:
    with override("en"):
        assert wording.long_day(date(2026, 6, 4)) == "Thursday, 4 June 2026"
        assert wording.number(1240) == "1,240"
        assert wording.hour(AT) == "08:12 WIB"


@pytest.mark.parametrize(("size", "written"), [(340_000, "340 KB"), (12, "1 KB"), (2_410_000, "2,4 MB")])
def test_files_have_a_size_people_know(size: int, written: str) -> None:
    assert wording.file_size(size) == written


def test_the_promise_calendar_counts_five_days_past_two_holidays() -> None:
    calendar = weeks(
        date(2026, 5, 25),
        date(2026, 6, 4),
        {
            date(2026, 5, 27): "Iduladha",
            date(2026, 5, 28): "Cuti bersama Iduladha",
            date(2026, 6, 1): "Hari Lahir Pancasila",
        },
    )
    kinds = [[cell.kind for cell in row] for row in calendar.rows]
    assert kinds == [
        ["from", "on", "off", "off", "on", "off", "off"],
        ["off", "on", "on", "due", "", "", ""],
    ]
    assert calendar.names == [(27, "Iduladha"), (28, "Cuti bersama Iduladha"), (1, "Hari Lahir Pancasila")]
