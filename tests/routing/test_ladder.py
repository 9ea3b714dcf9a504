"""What an office lets lie climbs: LIAISON and HEAD, then COORDINATOR, then NATIONAL and the word of the Ombudsman."""

from __future__ import annotations

import datetime

import pytest

from agencies.models import Holiday, Role
from complaints.models import Complaint, Notification
from complaints.views import telling
from routing import dispatch, escalation, history
from routing.models import Escalation
from tests.routing.turns import SARI, at, at_office, clock, events, filed, fresh, letters, sweep
from tests.world import World

pytestmark = pytest.mark.django_db


def told(letter: str = "officer_late") -> list[str]:
    rows = Notification.objects.filter(letter=letter).order_by("pk")
    return [row.user.email.partition("@")[0] for row in rows.select_related("user") if row.user]


def levels(case: Complaint) -> list[int]:
    return list(Escalation.objects.filter(clock__complaint=case).order_by("pk").values_list("level", flat=True))


def test_the_day_after_the_office_itself(world: World) -> None:
    case = at_office(world)
    sweep(at(9, hour=8))
    assert levels(case) == [1]
    assert sorted(told()) == ["hana", "joko"]


@pytest.mark.slow
def test_step_by_step_once_each(world: World) -> None:
    case = at_office(world)
    for day in (9, 10, 11, 12, 13, 14, 15):
        for hour in (9, 10):
            sweep(at(day, hour=hour))
    assert levels(case) == [1, 2, 3]
    assert sorted(told()[:2]) == ["hana", "joko"]
    assert told()[2:] == ["wati", "ratna", "seno"]
    assert [event.particulars["level"] for event in events(case, "escalate")] == [1, 2, 3]
    at_each = list(Escalation.objects.order_by("pk").values_list("at", flat=True))
    assert [moment.date().day for moment in at_each] == [9, 10, 15], "1, 2 and 5 working days after the 8th"


def test_each_rung_says_which_promise_was_missed_and_who_was_told(world: World) -> None:
    case = at_office(world)
    for day in (9, 10, 15):
        sweep(at(day))
    assert [history.heading(event) for event in events(case, "overdue")] == ["Lewat batas waktu jawaban pertama"]
    assert [history.heading(event) for event in events(case, "escalate")] == [
        "Lewat batas waktu jawaban pertama: petugas dan pimpinan kantor diberi tahu",
        "Lewat batas waktu jawaban pertama: koordinator di atasnya diberi tahu",
        "Lewat batas waktu jawaban pertama: admin nasional diberi tahu, dan pelapor diingatkan pada Ombudsman",
    ]
    first = events(case, "escalate")[0]
    assert telling.detail(first) == "Karena lewat batas waktu jawaban pertama."
    first.particulars = {"level": 1}
    assert history.heading(first) == "Dinaikkan ke atasan", "as it was kept before the promise was"


def test_only_in_office_hours_of_a_working_day(world: World) -> None:
    case = at_office(world)
    sweep(at(9, hour=7, minute=59))
    sweep(at(9, hour=16))
    assert levels(case) == []
    Holiday.objects.create(date=datetime.date(2026, 6, 10), name="Hari jadi", region=world.sukamaju)
    sweep(at(10))
    sweep(at(13))
    assert levels(case) == []
    sweep(at(11))
    assert levels(case) == [2], "the tenth did not count either: a holiday of the place"


def test_hours_are_those_of_the_office(world: World) -> None:
    world.officer("Pak Yos", world.pemkab_timur, Role.COORDINATOR)
    case = at_office(world, place=world.karang_pagi, addressed_to=None)
    assert case.handler == world.pemkab_timur
    sweep(at(5, hour=5, minute=55))
    assert levels(case) == []
    sweep(at(5, hour=6, minute=3))  # 08.03 in Jayapura
    assert levels(case) == [1]
    assert told() == ["pak.yos"], "a desk has its coordinator where it has no other officer"


def test_after_an_outage_only_the_highest_step(world: World) -> None:
    case = at_office(world)
    sweep(at(18))
    assert levels(case) == [3]
    assert sorted(told()) == ["ratna", "seno"]


def test_an_answer_in_time_or_late_ends_the_climb(world: World) -> None:
    case = at_office(world)
    sweep(at(9))
    case = fresh(case)
    case.answer("Maaf terlambat, petugas datang besok.", by=world.joko, now=at(9, hour=11))
    sweep(at(15))
    assert levels(case) == [1]


def test_a_case_that_waits_for_its_reporter_does_not_climb(world: World) -> None:
    case = at_office(world)
    sweep(at(9))
    fresh(case).ask("Di mana?", by=world.joko, now=at(9, hour=11))
    sweep(at(15))
    assert levels(case) == [1]
    fresh(case).complete("Dekat sekolah.", by=SARI, now=at(15, hour=10))
    sweep(at(15, hour=11))
    assert levels(case) == [1, 3], "overdue with its old date"


def test_history_is_silent(world: World) -> None:
    case = at_office(world, silent=True)
    sweep(at(18))
    assert levels(case) == []
    assert told() == []
    assert len(events(case, "overdue")) == 1, "the register still knows"


def test_nobody_who_may_not_see_the_case_is_told(world: World) -> None:
    case = at_office(world)
    dispatch.exclude(case, by=world.wati, officers=[world.hana.user], now=at(2))  # type: ignore[list-item]
    sweep(at(9))
    assert told() == ["joko"]


def test_a_case_at_the_national_desk(world: World) -> None:
    case = filed(world, place=None)
    dispatch.forward_by_itself(case.pk)
    sweep(at(5))
    assert levels(case) == [1]
    assert sorted(told()) == ["ratna", "seno"]


def test_the_step_belongs_to_whoever_has_it_now(world: World) -> None:
    case = at_office(world)
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Salah.", now=at(9, hour=8, minute=0))
    sweep(at(9))
    assert told() == ["dewi"]
    assert clock(case, "RESPOND").missed_by == world.dinas_pu


# --- the morning letter ---


def test_heads_get_the_new_cases_of_their_office_each_working_morning(world: World) -> None:
    world.officer("Sekretaris Dinas", world.dinas_pu, Role.HEAD, title="Sekretaris")
    at_office(world), at_office(world)  # Friday noon
    morning = at(2, hour=7, minute=0)  # Tuesday; Monday is a holiday
    assert escalation.tell_heads(at(1, hour=7, minute=0)) == 0
    assert escalation.tell_heads(morning) == 2
    assert sorted(told("officer_new")) == ["hana", "hana", "sekretaris.dinas", "sekretaris.dinas"]
    escalation.tell_heads(morning)
    assert len(told("officer_new")) == 4, "twice is once"
    assert escalation.tell_heads(at(3, hour=7, minute=0)) == 0


def test_what_left_again_is_not_in_the_morning_letter(world: World) -> None:
    case = at_office(world)
    dispatch.hand_back(case, by=world.joko, ground="NOT_OURS", reason="Bukan kami.", now=at(1))
    assert escalation.tell_heads(at(2, hour=7, minute=0)) == 0
    assert letters(case, "officer_new") == []
