"""An officer is away: who stands in, by what right, for how long, and who hears that nobody will be there."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from agencies import leaves, members, offices
from agencies.actor import Actor
from agencies.members import NotAllowed, Refused
from agencies.models import AuditEntry, Leave, Membership, Role, User
from complaints.models import Complaint
from complaints.notifications import delivery, send
from routing import away, history
from tests.complaints.cases import report
from tests.world import World, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
TODAY = datetime.date(2026, 11, 18)  # a Wednesday
WEEK = datetime.timedelta(days=7)


def user(who: Actor) -> User:
    assert who.user is not None
    return who.user


def seat(who: Actor) -> Membership:
    assert who.membership is not None
    return who.membership


def enter(who: Actor, *, by: Actor | None = None, deputy: Actor | None = None, **days: Any) -> Leave:
    usual = {"starts_on": TODAY, "last_day": TODAY + WEEK} | days
    return leaves.enter(seat(who), by=by or who, deputy=user(deputy) if deputy else None, **usual)


def lent(leave: Leave) -> Membership:
    leave.refresh_from_db()
    assert leave.lent is not None
    return leave.lent


def at_dinas(world: World) -> Complaint:
    case = report(world, addressed_to=world.dinas_pu)
    case.forward(world.dinas_pu, by=Actor.system("worker"), reason="aturan")
    return case


# --- who stands in ---


def test_a_colleague_stands_in_at_once_through_a_membership_with_these_days(world: World) -> None:
    leave = enter(world.hana, deputy=world.joko)
    row = lent(leave)
    assert (row.user, row.agency, row.role) == (user(world.joko), world.dinas_pu, Role.HEAD)
    assert (row.starts_on, row.ends_on, row.acting_for) == (leave.starts_on, leave.ends_on, seat(world.hana))
    assert row.shown_role == "Plh. Kepala Dinas"
    assert row in Membership.objects.current(TODAY + WEEK)
    assert row not in Membership.objects.current(leave.ends_on), "it ends by itself"
    entry: Any = AuditEntry.objects.get(what="deputise")
    assert (entry.who, entry.after["acting_for"]) == (user(world.hana), seat(world.hana).pk)
    assert seat(world.hana) in Membership.objects.current(TODAY), "nobody changed the own membership"


def test_somebody_of_another_office_waits_for_the_coordinator(world: World) -> None:
    leave = enter(world.joko, deputy=world.dewi)
    assert leave.waits
    assert not Membership.objects.filter(acting_for__isnull=False).exists()
    for other in (world.hana, world.tono, world.dewi, world.joko):
        with pytest.raises(NotAllowed):
            leaves.approve(leave, by=other)
    leaves.approve(leave, by=world.wati)
    assert lent(leave).user == user(world.dewi)
    with pytest.raises(Refused):
        leaves.approve(leave, by=world.wati)


def test_what_the_coordinator_names_needs_nobody_else(world: World) -> None:
    leave = enter(world.joko, by=world.wati, deputy=world.dewi)
    assert lent(leave).user == user(world.dewi)


def test_a_coordinator_is_replaced_by_another_or_with_the_word_of_the_centre(world: World) -> None:
    leave = enter(world.wati, deputy=world.joko)
    assert leave.waits
    with pytest.raises(NotAllowed):
        leaves.approve(leave, by=world.wati)
    leaves.approve(leave, by=world.ratna)
    stands_in = Actor.officer(lent(leave))
    assert members.may_manage(stands_in, world.dinas_pu, Role.LIAISON)
    with pytest.raises(NotAllowed):
        leaves.approve(leave, by=stands_in)


def test_nobody_is_named_who_has_no_office_there_or_names_themselves(world: World) -> None:
    leave = enter(world.joko)
    for deputy in (world.sari, user(world.yanto), user(world.bayu), user(world.joko)):
        with pytest.raises(Refused):
            leaves.name_deputy(leave, deputy, by=world.wati)
    with pytest.raises(Refused, match="diri sendiri"):
        leaves.name_deputy(leave, user(world.wati), by=world.wati)
    for stranger in (world.dewi, world.tono, world.bayu):
        with pytest.raises(NotAllowed):
            leaves.name_deputy(leave, user(world.hana), by=stranger)
    leaves.enter(seat(world.hana), by=world.hana, starts_on=TODAY + WEEK, last_day=TODAY + WEEK)
    with pytest.raises(Refused, match="juga cuti"):
        leaves.name_deputy(leave, user(world.hana), by=world.joko)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, 3, "starts_on"), (400, 401, "starts_on"), (3, 2, "last_day"), (0, 180, "last_day")],
)
def test_days_that_cannot_be_are_refused(world: World, first: int, last: int, field: str) -> None:
    with pytest.raises(Refused) as refused:
        enter(
            world.joko,
            starts_on=TODAY + datetime.timedelta(days=first),
            last_day=TODAY + datetime.timedelta(days=last),
        )
    assert refused.value.field == field


def test_the_same_days_are_entered_once_and_a_deputy_takes_no_leave_of_it(world: World) -> None:
    leave = enter(world.hana, deputy=world.joko)
    with pytest.raises(Refused):
        enter(world.hana)
    with pytest.raises(Refused):
        leaves.enter(lent(leave), by=world.joko, starts_on=TODAY, last_day=TODAY)


# --- how it ends ---


def test_cut_short_the_deputy_stops_too_and_another_may_be_named(world: World) -> None:
    leave = enter(world.hana, deputy=world.joko)
    first = lent(leave)
    budi = world.officer("Budi", world.dinas_pu)
    leaves.name_deputy(leave, user(budi), by=world.hana)
    first.refresh_from_db()
    assert first.ends_on == TODAY
    second = lent(leave)
    leaves.cut_short(leave, by=world.hana)
    second.refresh_from_db()
    leave.refresh_from_db()
    assert (second.ends_on, leave.ends_on, leave.lent) == (TODAY, TODAY, None)
    with pytest.raises(Refused):
        leaves.cut_short(leave, by=world.hana)


def test_a_deputy_goes_with_whom_they_stand_in_for_and_with_their_own_appointment(world: World) -> None:
    first, second = enter(world.hana, deputy=world.joko), enter(world.agus, by=world.wati, deputy=world.dewi)
    members.end(seat(world.hana), by=world.wati, reason="Pensiun")
    members.end(seat(world.dewi), by=world.wati, reason="Pindah")
    for leave in (first, second):
        assert lent(leave).ends_on == TODAY


def test_whoever_stands_in_elsewhere_stops_when_their_own_office_ends(world: World) -> None:
    leave = enter(world.agus, by=world.wati, deputy=world.dewi)
    office = seat(world.dewi).agency
    offices.end(office, by=world.wati, successor=world.dinas_sosial, reason="Digabung")
    assert lent(leave).ends_on == TODAY


def test_a_deputy_is_no_successor_of_the_last_coordinator(world: World) -> None:
    leave = enter(world.wati, deputy=world.joko)
    leaves.approve(leave, by=world.ratna)
    with pytest.raises(Refused, match="satu-satunya"):
        members.end(seat(world.wati), by=world.ratna)
    members.end(lent(leave), by=world.ratna, reason="Tidak perlu lagi")
    assert members.appoint(by=world.ratna, agency=world.pemkab, role=Role.COORDINATOR, email=user(world.joko).email), (
        "a deputy may be appointed in earnest"
    )


# --- what they do, and what they hear ---


def test_the_deputy_acts_under_the_own_name_and_for_whom(world: World) -> None:
    case = at_dinas(world)
    stands_in = Actor.officer(lent(enter(world.hana, deputy=world.joko)))
    case.start(by=stands_in)
    event = case.events.get(verb="start")
    assert (event.actor, event.acting_role) == (user(world.joko), Role.HEAD)
    assert event.particulars["acting_for"] == user(world.hana).pk
    [line] = history.lines(case, [event])
    assert "Joko Prasetyo menggantikan Hana Permata, Dinas PU" in line.when


def test_letters_go_to_the_deputy_and_not_to_who_is_away(world: World) -> None:
    case = at_dinas(world)
    leave = enter(world.joko, by=world.wati, deputy=world.dewi)
    told = {one.user for one in send.officers_of(case)}
    assert told == {user(world.dewi), user(world.hana)}
    leaves.cut_short(leave, by=world.joko)
    assert {one.user for one in send.officers_of(case)} == {user(world.joko), user(world.hana)}


def test_the_deputy_learns_it_by_letter(world: World) -> None:
    enter(world.hana, deputy=world.joko)
    delivery.send_due()
    [letter] = mail.outbox
    assert letter.to == [user(world.joko).email]
    assert letter.subject == "Anda menggantikan Hana Permata selama cuti"


def test_who_a_case_is_kept_from_does_not_read_it_as_a_deputy(world: World) -> None:
    case = report(world, addressed_to=None)
    case.exclude(world.dinas_pu, by=world.ratna)
    case.move(world.inspektorat, by=Actor.system("sweep"), reason="x", cause="NOT_FOR")
    stands_in = Actor.officer(lent(enter(world.agus, by=world.wati, deputy=world.joko)))
    assert not Complaint.objects.visible_to(stands_in, on_request=True).exists()


# --- nobody there ---


def test_the_only_officer_away_still_staffs_the_office_and_alarms_once(world: World) -> None:
    leave = enter(world.dewi, starts_on=TODAY + datetime.timedelta(days=2))
    assert world.dinas_kesehatan.is_staffed(TODAY + datetime.timedelta(days=3))
    assert leaves.unmanned([leave], TODAY) == [leave]
    assert [away.warn(timezone.now(), TODAY) for _ in range(2)] == [1, 0]
    delivery.send_due()
    assert {address for letter in mail.outbox for address in letter.to} == {
        user(world.dewi).email,
        user(world.wati).email,
    }
    assert {letter.subject for letter in mail.outbox} == {"Belum ada pengganti di Dinas Kesehatan"}
    page = client_of(world.wati).get("/pengawasan/").content.decode()
    assert "Tidak ada orang selama cuti" in page
    assert "1 kantor akan kosong" in client_of(world.wati).get("/petugas/").content.decode()


def test_with_a_deputy_or_a_colleague_there_is_no_alarm(world: World) -> None:
    first = enter(world.dewi, by=world.wati, deputy=world.joko)
    assert leaves.unmanned([first], TODAY) == []
    second = enter(world.joko)
    assert leaves.unmanned([first, second], TODAY) == [first], "who stood in is away too; Bu Hana is still there"
    third = enter(world.hana)
    assert leaves.unmanned([third], TODAY) == [third], "both are away"
    far = enter(world.agus, starts_on=TODAY + 4 * WEEK, last_day=TODAY + 5 * WEEK)
    assert far not in leaves.to_warn(TODAY), "told nearer to the day"


# --- pages ---


def typed(first: datetime.date, last: datetime.date, **more: str) -> dict[str, str]:
    form = {"deputy": "-"} | more
    for name, day in (("starts_on", first), ("last_day", last)):
        form |= {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}
    return form


def test_my_own_leave_on_the_page(world: World) -> None:
    client = client_of(world.joko)
    page = client.post("/akun/cuti/", typed(TODAY, TODAY + WEEK, deputy="lain", email="siapa@contoh.test"))
    assert page.status_code == 400
    assert "Tidak ada petugas dengan alamat itu" in page.content.decode()
    form = typed(TODAY, TODAY + WEEK, deputy="lain", email=user(world.dewi).email)
    assert "menunggu persetujuan" in client.post("/akun/cuti/", form, follow=True).content.decode()
    leave = Leave.objects.get()
    wati = client_of(world.wati)
    assert "1 pengganti menunggu" in wati.get("/petugas/cuti/").content.decode()
    assert wati.post(f"/petugas/cuti/{leave.pk}/persetujuan/").status_code == 302
    assert lent(leave).user == user(world.dewi)
    assert "Plh. Pejabat Penghubung" in client_of(world.dewi).get("/akun/").content.decode()
    assert client.post(f"/petugas/cuti/{leave.pk}/", {"deputy": str(user(world.hana).pk)}).status_code == 302
    assert lent(leave).user == user(world.hana)
    assert client.post(f"/petugas/cuti/{leave.pk}/akhir/").status_code == 302
    assert not leaves.of_user(user(world.joko), TODAY).exists()


def test_whoever_is_not_concerned_does_not_find_it(world: World) -> None:
    leave = enter(world.joko, deputy=world.dewi)
    for stranger in (world.dewi, world.tono, world.yanto, world.bayu):
        client = client_of(stranger)
        assert client.get(f"/petugas/cuti/{leave.pk}/").status_code in (403, 404)
        for noun in ("persetujuan", "akhir"):
            assert client.post(f"/petugas/cuti/{leave.pk}/{noun}/").status_code in (403, 404)
    head = client_of(world.hana)
    assert head.get(f"/petugas/cuti/{leave.pk}/").status_code == 200
    assert head.post(f"/petugas/cuti/{leave.pk}/akhir/").status_code == 403
    assert head.post(f"/petugas/cuti/{leave.pk}/persetujuan/").status_code == 403
    assert client_of(world.joko).get("/petugas/cuti/").status_code == 403
    assert client_of(world.sari).get("/akun/cuti/").status_code == 403
    assert "tidak memegang laporan" in client_of(world.bayu).get("/akun/cuti/").content.decode()


def test_a_coordinator_enters_it_for_somebody_who_fell_ill(world: World) -> None:
    client, path = client_of(world.wati), f"/petugas/{seat(world.joko).pk}/cuti/"
    assert "Tulis hari pertamanya" in client.post(path, {"deputy": "-"}).content.decode()
    form = typed(TODAY, TODAY + WEEK, deputy=str(user(world.hana).pk))
    assert client.post(path, form).status_code == 302
    assert lent(Leave.objects.get()).user == user(world.hana)
    assert client_of(world.hana).get(path).status_code == 403
    assert client_of(world.tono).get(path).status_code == 404
