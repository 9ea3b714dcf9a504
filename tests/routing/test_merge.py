"""Merging: one matter, one answer; undone, a case has the days it had left. What happens when the lead is gone."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from agencies.models import Holiday
from agencies.signals import membership_ended
from complaints.models import Complaint, Notification
from complaints.notifications import delivery, to_reporter
from complaints.transitions import Incomplete, NotAllowed, Stale, Status
from routing import dispatch, groups
from routing.models import Disposition
from tests.routing.turns import SARI, at, at_office, confirmed, events, filed, fresh, letters, sweep
from tests.world import World

pytestmark = pytest.mark.django_db
TEXT = "Sama dengan laporan lain."


def merged(world: World, case: Complaint, lead: Complaint, *, on: datetime.datetime) -> Complaint:
    groups.merge(case, lead, by=world.wati, text=TEXT, now=on)
    return fresh(case)


def parted(world: World, case: Complaint, *, on: datetime.datetime) -> Complaint:
    case.unmerge(by=world.wati, reason="Ternyata jembatan lain.", now=on)
    return fresh(case)


def due(case: Complaint) -> dict[str, datetime.date | None]:
    return dict(case.clocks.filter(stopped_at__isnull=True).values_list("kind", "due_on"))


def june(day: int) -> datetime.date:
    return datetime.date(2026, 6, day)


# --- Undone ---


def test_unmerged_it_has_the_days_it_had_left(world: World) -> None:
    """Merged on Thursday 4 June with 2 and 3 June counted: three days of RESPOND and twelve of RESOLVE are left."""
    lead, case = at_office(world), at_office(world)
    assert due(case) == {"RESPOND": june(8), "RESOLVE": june(22)}
    case = merged(world, case, lead, on=at(4))
    assert (case.status, case.duplicate_of, due(case)) == (Status.ARCHIVED, lead, {})
    case = parted(world, case, on=at(9))
    assert (case.status, case.round, case.duplicate_of, case.archive_ground) == (Status.FORWARDED, 1, None, "")
    assert due(case) == {"RESPOND": june(11), "RESOLVE": june(25)}
    assert case.due_on == june(11)
    assert case.closed_at is None
    stint = Disposition.objects.open().get(complaint=case)
    assert (stint.agency, stint.verb, stint.due_on) == (world.dinas_pu, "unmerge", june(17))


def test_a_holiday_while_merged_moves_nothing_one_after_it_does(world: World) -> None:
    lead, case, other = at_office(world), at_office(world), at_office(world)
    case, other = merged(world, case, lead, on=at(4)), merged(world, other, lead, on=at(4))
    Holiday.objects.create(date=june(5), name="Hari tambahan")
    assert due(parted(world, case, on=at(9)))["RESPOND"] == june(11)
    Holiday.objects.create(date=june(10), name="Hari tambahan lagi")
    assert due(parted(world, other, on=at(9)))["RESPOND"] == june(12)


def test_on_the_same_day_nothing_is_lost_and_nothing_gained(world: World) -> None:
    lead, case = at_office(world), at_office(world)
    case = parted(world, merged(world, case, lead, on=at(4)), on=at(4, hour=15))
    assert due(case) == {"RESPOND": june(8), "RESOLVE": june(22)}
    assert not case.pauses.exists()


def test_what_was_late_stays_late_with_its_old_date_and_is_noted_once(world: World) -> None:
    lead, case = at_office(world), at_office(world)
    sweep(at(9))
    case = merged(world, fresh(case), lead, on=at(10))
    case = parted(world, case, on=at(17))
    assert due(case)["RESPOND"] == june(8)
    sweep(at(18))
    assert len(events(case, "overdue")) == 1


def test_a_question_is_not_asked_again_and_its_wait_is_not_counted(world: World) -> None:
    lead, case = at_office(world), at_office(world)
    case.ask("Di mana?", by=world.joko, now=at(3))
    case = merged(world, fresh(case), lead, on=at(5))
    case = parted(world, case, on=at(9))
    assert (case.status, case.returns_to) == (Status.FORWARDED, "")
    # Only 2 June was counted: four days are left from the 9th.
    assert due(case) == {"RESPOND": june(12), "RESOLVE": june(26)}


def test_answered_before_only_the_last_promise_goes_on(world: World) -> None:
    lead, case = at_office(world), at_office(world)
    case.answer("Kami periksa.", by=world.joko, now=at(2))
    case = parted(world, merged(world, fresh(case), lead, on=at(4)), on=at(9))
    assert due(case) == {"RESOLVE": june(25)}


def test_before_it_was_forwarded_the_check_goes_on(world: World) -> None:
    lead, case = at_office(world), filed(world)
    groups.merge(case, lead, by=world.ratna, text=TEXT, now=at(2))
    case.unmerge(by=world.ratna, reason="Masalah lain.", now=at(8))
    # Due on 4 June; 2, 3 and 4 June lay in the wait.
    assert (fresh(case).status, due(case)) == (Status.SUBMITTED, {"VERIFY": june(10)})


def test_who_was_bound_still_is_and_the_decision_is_still_due(world: World) -> None:
    lead, case = at_office(world), at_office(world)
    dispatch.hand_back(case, by=world.joko, ground="NOT_OURS", reason="Bukan kami.", now=at(2))
    dispatch.move(case, world.dinas_kesehatan, by=world.wati, reason="Coba sini.", now=at(2))
    dispatch.hand_back(case, by=world.dewi, ground="NOT_OURS", reason="Bukan kami.", now=at(3))
    assert "DECIDE" in due(case)
    case = parted(world, merged(world, fresh(case), lead, on=at(3)), on=at(5))
    assert Disposition.objects.open().get(complaint=case).bound
    assert due(case)["DECIDE"] == june(5)
    with pytest.raises(NotAllowed):
        dispatch.hand_back(case, by=world.wati, ground="NOT_OURS", reason="Tetap bukan.", now=at(5))


def test_it_lands_where_somebody_works(world: World) -> None:
    lead, case = at_office(world), at_office(world, addressed_to=world.dinas_kesehatan)
    case = merged(world, case, lead, on=at(4))
    seat = world.dewi.membership
    assert seat is not None
    seat.ends_on = june(5)
    seat.save()
    with time_machine.travel(at(8), tick=False):
        membership_ended.send(sender=type(seat), membership=seat, by=world.wati, day=june(5))
        assert parted(world, case, on=at(8)).handler == world.pemkab


def test_its_reporter_is_told_when_it_is_merged_and_when_it_is_parted(world: World) -> None:
    lead, case = at_office(world, title="Jembatan ambruk"), confirmed(at_office(world, email="rudi@contoh.test"))
    case = merged(world, case, lead, on=at(4))
    assert len(letters(case, "archived")) == 1
    lead.answer("Besok kami ganti papannya.", by=world.joko, now=at(5))
    told = Notification.objects.get(event__complaint=lead, letter="answered", reporter=case.reporter)
    letter = to_reporter.write("answered", told.event, case.reporter)  # type: ignore[arg-type]
    assert letter is not None
    assert "papannya" not in str(letter)
    assert "ambruk" not in str(letter)
    assert delivery._write(told, at(9)) is not None
    case = parted(world, case, on=at(9))
    assert delivery._write(Notification.objects.get(pk=told.pk), at(9)) is None, "what waited is not sent any more"
    (row,) = letters(case, "reopened")
    said = str(to_reporter.write("reopened", row.event, case.reporter))  # type: ignore[arg-type]
    assert "ditangani tersendiri lagi" in said
    assert "Ternyata jembatan lain." in said
    fresh(lead).answer("Sudah kami ganti.", by=world.joko, now=at(10))
    later = Notification.objects.filter(event__complaint=lead, letter="answered", reporter=case.reporter)
    assert later.count() == 1, "parted, it hears nothing of the other any more"


def test_who_may_not_part_and_what_was_read_before(world: World) -> None:
    lead, case = at_office(world), at_office(world)
    case = merged(world, case, lead, on=at(4))
    for by in (world.joko, world.tono, world.bayu, SARI):
        with pytest.raises(NotAllowed):
            case.unmerge(by=by, reason="Bukan.", now=at(5))
    with pytest.raises(Stale):
        case.unmerge(by=world.wati, reason="Bukan.", version=case.version - 1, now=at(5))
    with pytest.raises(Incomplete, match="Tulis mengapa"):
        case.unmerge(by=world.wati, reason=" ", now=at(5))
    other = at_office(world)
    other.archive(by=world.wati, ground="UNCLEAR", text="Tidak jelas.", now=at(4))
    with pytest.raises(Incomplete):
        other.unmerge(by=world.wati, reason="Bukan.", now=at(5))
    assert fresh(case).status == Status.ARCHIVED


# --- Into what ---


def test_a_lead_is_open_no_duplicate_equally_secret_and_seen(world: World) -> None:
    case, secret = at_office(world), at_office(world, secret=True)
    kept = at_office(world, addressed_to=world.inspektorat, not_for=world.dinas_kesehatan, about_conduct=True)
    ended, far = at_office(world), at_office(world, addressed_to=world.dinas_pu_tetangga, place=world.batu_belah)
    ended.withdraw(by=SARI, now=at(2))
    for lead in (case, secret, kept, ended, far):
        with pytest.raises(Incomplete):
            groups.merge(fresh(case), fresh(lead), by=world.wati, text=TEXT, now=at(3))
    # The centre may act on every case, but of a secret one elsewhere it reads nothing without a reason.
    with pytest.raises(Incomplete, match="tidak ditemukan"):
        groups.merge(at_office(world, secret=True), secret, by=world.ratna, text=TEXT, now=at(3))
    assert merged(world, case, at_office(world), on=at(3)).status == Status.ARCHIVED


def test_a_group_comes_along_and_its_count_leaves_out_what_is_hidden(world: World) -> None:
    old, new = at_office(world), at_office(world)
    plain = merged(world, at_office(world), old, on=at(2))
    kept = at_office(world, addressed_to=world.inspektorat, not_for=world.dinas_pu)
    groups.merge(kept, old, by=world.wati, text=TEXT, now=at(2))
    merged(world, old, new, on=at(3))
    assert fresh(plain).duplicate_of == fresh(kept).duplicate_of == new
    assert groups.gathered(new, world.wati).count() == 3
    assert set(groups.gathered(new, world.joko)) == {plain, old}, "the one about this office does not exist for it"
    assert groups.lead_of(fresh(plain), world.joko) == new
    assert groups.lead_of(fresh(plain), world.dewi) is None


def test_hiding_the_name_alone_keeps_the_group_together(world: World) -> None:
    lead, case = at_office(world), at_office(world)
    case = merged(world, case, lead, on=at(2))
    fresh(lead).tighten(by=SARI, anonymous=True, now=at(3))
    assert fresh(case).duplicate_of == lead
    fresh(lead).tighten(by=SARI, secret=True, now=at(3))
    assert (fresh(case).duplicate_of, fresh(case).status) == (None, Status.FORWARDED)


# --- Proposed from below ---


def test_an_office_proposes_and_the_desk_above_sees_the_lead(world: World) -> None:
    lead, case = at_office(world), at_office(world)
    groups.propose(case, lead, by=world.joko, reason="Jembatan yang sama.", now=at(3))
    case = fresh(case)
    assert case.handler == world.pemkab
    history = list(case.events.order_by("pk"))
    assert groups.proposed(case, history, world.wati) == lead
    assert groups.proposed(case, history, world.joko) is None
    with pytest.raises(Incomplete, match="tidak ditemukan"):
        groups.propose(fresh(lead), case, by=world.dewi, reason="Bukan punya kami.", now=at(3))
    dispatch.move(case, world.dinas_pu, by=world.wati, reason="Bukan sama.", now=at(4))
    assert groups.proposed(fresh(case), list(case.events.order_by("pk")), world.wati) is None, "it was decided"


def test_a_lead_that_is_gone_is_proposed_no_more(world: World) -> None:
    lead, case = at_office(world), at_office(world)
    groups.propose(case, lead, by=world.joko, reason="Jembatan yang sama.", now=at(3))
    fresh(lead).tighten(by=SARI, secret=True, now=at(3))
    assert groups.proposed(fresh(case), list(case.events.order_by("pk")), world.wati) is None
