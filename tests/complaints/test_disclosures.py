"""The lane of disclosures: whose team gets one, its talk and dates, and a name that two persons open."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client

from agencies import members, teams
from agencies.actor import Actor
from agencies.models import Agency, AuditEntry, Holiday, Membership, Role, TeamMember
from agencies.signals import calendar_changed
from complaints import disclosures
from complaints.models import (
    Attachment,
    Complaint,
    Disclosure,
    DisclosureEvent,
    DisclosureWord,
    Notification,
    Publication,
)
from complaints.notifications import delivery
from complaints.transitions import Incomplete, NotAllowed, Stale, WrongStatus
from routing import desk_acts
from tests.disclosing import NOW, SECRET, Teams, decree_of, seat, staffed, told
from tests.routing.turns import at_office
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def team(world: World) -> Teams:
    return staffed(world)


def anew(case: Disclosure) -> Disclosure:
    return Disclosure.objects.get(pk=case.pk)


# --- Where it goes ---


def test_it_goes_to_the_inspectorates_team_and_is_no_complaint(world: World, team: Teams) -> None:
    case, key = told(world)
    assert (case.team, case.state, len(key)) == (world.inspektorat, Disclosure.State.RECEIVED, 16)
    assert disclosures.by_key(case.number, key) == case
    assert disclosures.by_key(case.number, "0" * 16) is None
    assert not Complaint.objects.exists()
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("office", "wanted"),
    [("dinas_pu", "inspektorat"), ("inspektorat", "root"), ("pemkab", "root"), ("kominfo", "root"), ("bumn", "root")],
)
def test_never_to_those_it_is_about(world: World, team: Teams, office: str, wanted: str) -> None:
    case, _key = told(world, accused=getattr(world, office))
    assert case.team == getattr(world, wanted)


def test_a_team_of_one_is_none(world: World) -> None:
    for name in ("Ina", "Gita", "Made"):
        seat(world.officer(name, world.inspektorat if name == "Ina" else world.root, Role.OBSERVER))
    assert told(world)[0].team == world.root


def test_without_any_team_it_is_not_offered_and_what_came_waits_unread_with_an_alarm(world: World) -> None:
    assert not disclosures.is_offered(world.dinas_pu, world.sukasari, NOW)
    case, _key = told(world)
    assert case.team == world.root
    assert disclosures.lacks_readers(NOW)
    disclosures.watch(NOW)
    disclosures.watch(NOW)
    told_of = Notification.objects.filter(letter__startswith="officer_wbs_team:")
    assert {row.user for row in told_of} == {world.ratna.user, world.seno.user}
    assert told_of.count() == 2


@pytest.mark.parametrize("name", ["Ina Kartika", "ina kartika", "Kartika, Ina"])
def test_a_member_named_in_it_does_not_see_it_and_one_reader_is_too_few(world: World, team: Teams, name: str) -> None:
    case, _key = told(world, f"Yang meminta uang itu {name} sendiri.")
    assert case.team == world.root
    case, _key = told(world, "Yang meminta uang itu kepala bidang, namanya Made Wirawan.", accused=world.pemkab)
    assert not Disclosure.objects.readable_by(team.made).filter(pk=case.pk).exists()


def test_who_sits_in_the_office_it_is_about_does_not_see_it(world: World, team: Teams) -> None:
    third = world.officer("Bambang", world.inspektorat)
    seat(third)
    assert third.user is not None
    world.membership(third.user, world.bidang_jalan, Role.LIAISON)
    case, _key = told(world)
    assert not Disclosure.objects.readable_by(third).filter(pk=case.pk).exists()
    assert Disclosure.objects.readable_by(team.ina).filter(pk=case.pk).exists()


def test_a_draft_sent_twice_is_one_disclosure(world: World, team: Teams) -> None:
    first, key = told(world)
    again, none = told(world, token=first.token)
    assert (again, none) == (first, "")
    assert key


# --- At rest ---


def test_no_table_holds_a_word_of_it_in_the_open(world: World, team: Teams) -> None:
    case, _key = told(world)
    disclosures.write(case, f"{SECRET}jawab", by=team.ina, now=NOW)
    disclosures.reply(case, f"{SECRET}balas", now=NOW)
    disclosures.ask_identity(case, by=team.ina, reason=f"{SECRET}alasan", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{name}" t WHERE t::text ILIKE %s', [f"%{SECRET}%"])
            assert cursor.fetchone()[0] == 0, name


@pytest.mark.parametrize("table", ["complaints_disclosureword", "complaints_disclosureevent"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_said_and_done_is_append_only(world: World, team: Teams, table: str, act: str) -> None:
    case, _key = told(world)
    disclosures.reply(case, "Tambahan.", now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


# --- The talk and its dates ---


def test_nobodys_turn_is_without_a_date(world: World, team: Teams) -> None:
    case, _key = told(world)
    first, whole = case.first_due_on, case.end_due_on
    assert case.due_on == first < whole
    case = disclosures.write(case, "Kami mulai memeriksa.", by=team.ina, now=NOW + DAY)
    assert (case.state, case.due_on) == (Disclosure.State.EXAMINED, whole)
    case = disclosures.write(case, "Ada buktinya?", by=team.umar, asks=True, now=NOW + 2 * DAY)
    assert case.asked_on is not None
    assert case.due_on is not None
    case = disclosures.reply(case, "Ada, di buku biru.", now=NOW + 9 * DAY)
    assert case.asked_on is None
    assert case.due_on is not None
    assert case.due_on > whole, "the days of waiting do not count"
    case = disclosures.finish(case, "Terbukti.", finding="PROVEN", by=team.ina, now=NOW + 20 * DAY)
    assert (case.state, case.due_on) == (Disclosure.State.ENDED, None)
    case = disclosures.reply(case, "Masih berlanjut.", now=NOW + 60 * DAY)
    assert case.state == Disclosure.State.EXAMINED
    assert case.due_on is not None
    assert [said.own for said in disclosures.talk(case, reporter=True)] == [False, False, True, False, True]


def test_a_silent_reporter_closes_nothing(world: World, team: Teams) -> None:
    case, _key = told(world)
    case = disclosures.write(case, "Ada buktinya?", by=team.ina, asks=True, now=NOW)
    later = NOW + 120 * DAY
    assert disclosures.watch(later)["returned"] == 1
    case = anew(case)
    assert case.is_open
    assert case.asked_on is None


def test_a_missed_date_is_noted_once_and_climbs_to_the_centre(world: World, team: Teams) -> None:
    case, _key = told(world)
    after = datetime.datetime.combine(case.first_due_on + DAY, datetime.time(3), datetime.UTC)
    assert disclosures.watch(after)["missed"] == 1
    assert disclosures.watch(after)["missed"] == 0
    much = after + 12 * DAY
    assert disclosures.watch(much)["climbed"] == 1
    assert anew(case).team == world.root
    assert anew(case).due_on == case.first_due_on, "what was promised runs on"
    assert Disclosure.objects.readable_by(team.gita).exists()
    assert not Disclosure.objects.readable_by(team.ina).exists()


def test_when_a_reader_leaves_it_goes_to_the_centre(world: World, team: Teams) -> None:
    case, _key = told(world)
    assert team.ina.membership is not None
    Membership.objects.filter(pk=team.ina.membership.pk).update(ends_on=NOW.date())
    assert disclosures.watch(NOW)["moved"] == 1
    assert anew(case).team == world.root


def test_a_member_found_to_be_involved_is_shut_out(world: World, team: Teams) -> None:
    case, _key = told(world)
    assert team.umar.user is not None
    disclosures.keep_from(case, team.umar.user, by=team.ina, now=NOW)
    assert not Disclosure.objects.readable_by(team.umar).exists()
    assert anew(case).team == world.root, "one reader is too few"


def test_a_stale_form_and_an_ended_case_change_nothing(world: World, team: Teams) -> None:
    case, _key = told(world)
    with pytest.raises(Stale):
        disclosures.write(case, "Halo.", by=team.ina, version=case.version + 7, now=NOW)
    disclosures.withdraw(case, now=NOW)
    with pytest.raises(WrongStatus):
        disclosures.write(case, "Halo.", by=team.ina, now=NOW)
    with pytest.raises(WrongStatus):
        disclosures.reply(case, "Halo.", now=NOW)
    assert not DisclosureWord.objects.exists()
    assert not disclosures.has_identity(anew(case)), "who withdraws is forgotten"


# --- Letters ---


def test_letters_go_to_the_team_alone_and_tell_nothing(world: World, team: Teams) -> None:
    case, _key = told(world)
    disclosures.reply(case, "Tambahan.", now=NOW)
    delivery.send_due()
    assert {one.to[0] for one in mail.outbox} == {"ina.kartika@contoh.test", "umar.bakri@contoh.test"}
    assert len(mail.outbox) == 2, "one a day, however much there is"
    for letter in mail.outbox:
        text = f"{letter.subject} {letter.body}"
        assert SECRET not in text
        assert case.number not in text
        assert case.shown_number not in text
        assert "pelanggaran" not in text.lower()


# --- Who it was ---


def test_a_name_takes_two_members_and_the_reporter_sees_it_all(world: World, team: Teams) -> None:
    case, _key = told(world)
    with pytest.raises(NotAllowed):
        disclosures.identity(case, by=team.ina, now=NOW)
    with pytest.raises(Incomplete):
        disclosures.ask_identity(case, by=team.ina, reason=" ", now=NOW)
    look = disclosures.ask_identity(case, by=team.ina, reason="Harus ditemui.", now=NOW)
    with pytest.raises(NotAllowed):
        disclosures.approve_identity(case, by=team.ina, look=look.pk, now=NOW)
    with pytest.raises(NotAllowed):
        disclosures.identity(case, by=team.ina, now=NOW)
    disclosures.approve_identity(case, by=team.umar, look=look.pk, now=NOW + DAY / 2)
    with pytest.raises(NotAllowed):
        disclosures.identity(case, by=team.umar, now=NOW + DAY / 2)
    assert disclosures.identity(case, by=team.ina, now=NOW + DAY).name == f"{SECRET}nama Wulan"
    with pytest.raises(NotAllowed):
        disclosures.identity(case, by=team.ina, now=NOW + 2 * DAY)
    seen = [(look.who, str(look.what), look.reason) for look in disclosures.who_looked(case)]
    assert seen == [
        ("Ina Kartika", "melihat nama Anda", "Harus ditemui."),
        ("Umar Bakri", "menyetujui pembukaan nama Anda", "Harus ditemui."),
        ("Ina Kartika", "meminta membuka nama Anda", "Harus ditemui."),
    ]


def test_a_request_lapses_after_a_day_and_strangers_grant_none(world: World, team: Teams) -> None:
    case, _key = told(world)
    look = disclosures.ask_identity(case, by=team.ina, reason="Harus ditemui.", now=NOW)
    for stranger in (world.ratna, world.agus, world.wati, team.made, team.gita):
        with pytest.raises(NotAllowed):
            disclosures.approve_identity(case, by=stranger, look=look.pk, now=NOW)
    with pytest.raises(NotAllowed):
        disclosures.approve_identity(case, by=team.umar, look=look.pk, now=NOW + DAY + DAY / 24)


def test_a_request_for_one_opens_no_other(world: World, team: Teams) -> None:
    mine, other = told(world)[0], told(world)[0]
    look = disclosures.ask_identity(mine, by=team.ina, reason="Harus ditemui.", now=NOW)
    with pytest.raises(NotAllowed):
        disclosures.approve_identity(other, by=team.umar, look=look.pk, now=NOW)
    disclosures.approve_identity(mine, by=team.umar, look=look.pk, now=NOW)
    with pytest.raises(NotAllowed):
        disclosures.identity(other, by=team.ina, now=NOW)


def test_who_left_the_team_opens_nothing_that_was_granted(world: World, team: Teams) -> None:
    case, _key = told(world)
    look = disclosures.ask_identity(case, by=team.ina, reason="Harus ditemui.", now=NOW)
    disclosures.approve_identity(case, by=team.umar, look=look.pk, now=NOW)
    TeamMember.objects.filter(user=team.ina.user).update(ends_on=NOW.date())
    with pytest.raises(NotAllowed):
        disclosures.identity(case, by=team.ina, now=NOW)


# --- Everybody else ---


def test_whoever_is_no_member_reads_none_and_may_do_nothing(world: World, team: Teams) -> None:
    case, _key = told(world)
    head = world.officer("Kepala Inspektorat", world.inspektorat, Role.HEAD)
    acts: list[Callable[..., object]] = [
        lambda who: disclosures.read(case, by=who, now=NOW),
        lambda who: disclosures.write(case, "Halo.", by=who, now=NOW),
        lambda who: disclosures.finish(case, "Selesai.", finding="PROVEN", by=who, now=NOW),
        lambda who: disclosures.hand_up(case, by=who, now=NOW),
        lambda who: disclosures.ask_identity(case, by=who, reason="Ingin tahu.", now=NOW),
    ]
    before = DisclosureEvent.objects.count()
    for who in (world.ratna, world.seno, world.bayu, world.wati, world.joko, world.hana, world.agus, head, team.gita):
        assert not Disclosure.objects.readable_by(who).exists(), who
        for act in acts:
            with pytest.raises(NotAllowed):
                act(who)
    assert DisclosureEvent.objects.count() == before
    assert not AuditEntry.objects.filter(subject_kind="disclosure").exists()


def test_a_member_reads_only_while_acting_for_that_office(world: World, team: Teams) -> None:
    told(world)
    assert team.ina.user is not None
    elsewhere = Membership.objects.create(
        user=team.ina.user, agency=world.kominfo, role=Role.LIAISON, starts_on=NOW.date()
    )
    assert not Disclosure.objects.readable_by(type(team.ina).officer(elsewhere)).exists()


def test_totals_tell_nothing_below_five(world: World, team: Teams) -> None:
    now = NOW + 40 * DAY
    for n in range(4):
        told(world, f"Cerita {n}.")
    assert disclosures.totals(now) == disclosures.Totals(None, None, None)
    made = [told(world, f"Cerita {n}.")[0] for n in range(4, 13)]
    for one in made[:4]:
        disclosures.withdraw(one, now=NOW)
    assert disclosures.totals(now) == disclosures.Totals(received=10, ended=None, open=None), "4 ended tell of 9 open"
    disclosures.withdraw(made[4], now=NOW)
    assert disclosures.totals(now) == disclosures.Totals(received=10, ended=5, open=5)
    assert disclosures.totals(NOW).received is None, "this month is not told yet"


# --- The teams ---


def test_the_centre_and_the_head_appoint_and_nobody_themselves(world: World) -> None:
    head = world.officer("Kepala Inspektorat", world.inspektorat, Role.HEAD)
    decree = decree_of(world.inspektorat)
    agus = world.agus.user
    assert agus is not None
    made = teams.appoint(by=head, agency=world.inspektorat, user=agus, decree=decree, now=NOW)
    assert made.starts_on == NOW.date()
    for by, user in ((head, head.user), (world.wati, agus), (world.agus, agus), (world.joko, agus)):
        assert user is not None
        with pytest.raises(members.Refused):
            teams.appoint(by=by, agency=world.inspektorat, user=user, decree=decree, now=NOW)
    with pytest.raises(members.Refused):
        teams.appoint(by=world.ratna, agency=world.dinas_pu, user=agus, decree=decree, now=NOW)
    assert AuditEntry.objects.filter(what="appoint_team_member", who=head.user).count() == 1


def test_a_third_member_begins_tomorrow_and_a_sixth_never(world: World, team: Teams) -> None:
    decree = decree_of(world.inspektorat)
    for n in range(4):
        user = world.officer(f"Anggota {n}", world.inspektorat).user
        assert user is not None
        if n == 3:
            with pytest.raises(members.Refused):
                teams.appoint(by=world.ratna, agency=world.inspektorat, user=user, decree=decree, now=NOW)
            continue
        made = teams.appoint(by=world.ratna, agency=world.inspektorat, user=user, decree=decree, now=NOW)
        assert made.starts_on == NOW.date() + DAY
    assert TeamMember.objects.current(NOW.date()).filter(agency=world.inspektorat).count() == 2


def test_without_a_seat_at_the_office_the_team_seat_is_worth_nothing(world: World, team: Teams) -> None:
    assert team.ina.membership is not None
    Membership.objects.filter(pk=team.ina.membership.pk).update(ends_on=NOW.date())
    assert teams.seat_of(team.ina, NOW.date()) is None
    assert Agency.objects.root() != world.inspektorat


def test_two_persons_change_a_team_that_has_been_one_and_the_others_are_told_first(world: World, team: Teams) -> None:
    agus, decree = world.agus.user, decree_of(world.inspektorat)
    assert agus is not None
    asked = teams.appoint(by=world.ratna, agency=world.inspektorat, user=agus, decree=decree, now=NOW)
    disclosures.tell_of_member(asked, NOW)
    assert asked.asked_for == TeamMember.Asked.SEAT
    later = NOW.date() + 5 * DAY
    assert TeamMember.objects.current(later).filter(agency=world.inspektorat).count() == 2, "nothing holds yet"
    assert {row.user for row in Notification.objects.filter(letter__startswith="officer_wbs_change")} == {
        team.ina.user,
        team.umar.user,
    }
    for by in (world.ratna, world.wati, team.ina, Actor.officer(membership_of(world.agus))):
        with pytest.raises(members.Refused):
            teams.approve(asked, by=by, now=NOW)
    made = teams.approve(asked, by=world.seno, now=NOW)
    assert (made.starts_on, made.approved_by) == (NOW.date() + DAY, world.seno.user)
    assert TeamMember.objects.current(later).filter(agency=world.inspektorat).count() == 3
    with pytest.raises(members.Refused):
        teams.approve(made, by=world.seno, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        TeamMember.objects.filter(pk=made.pk).update(approved_by=world.ratna.user)


def membership_of(who: Actor) -> Membership:
    assert who.membership is not None
    return who.membership


def test_who_ends_a_team_is_not_alone_with_whom_comes_next(world: World, team: Teams) -> None:
    """Neither by asking, nor by ending what they hold at the office."""
    seats = list(TeamMember.objects.filter(agency=world.inspektorat))
    for one in seats:
        teams.end(one, by=world.ratna, reason="Diganti.", now=NOW)
        with pytest.raises(members.Refused):
            teams.approve(one, by=world.ratna, now=NOW)
    assert TeamMember.objects.current(NOW.date()).filter(agency=world.inspektorat).count() == 2
    one = teams.call_off(seats[0], by=world.seno, now=NOW)
    assert (one.asked_for, one.ends_on) == ("", None)
    assert teams.approve(seats[1], by=world.seno, now=NOW).ends_on == NOW.date()
    Membership.objects.filter(agency=world.inspektorat).exclude(user=world.agus.user).update(ends_on=NOW.date())
    assert not TeamMember.objects.current(NOW.date()).filter(agency=world.inspektorat).exists()
    agus = world.agus.user
    assert agus is not None
    friend = teams.appoint(
        by=world.ratna, agency=world.inspektorat, user=agus, decree=decree_of(world.inspektorat), now=NOW
    )
    assert friend.asked_for == TeamMember.Asked.SEAT
    assert teams.call_off(friend, by=world.ratna, now=NOW).ends_on == friend.starts_on
    assert teams.has_been_one(world.inspektorat)


# --- Files, and the calendar ---


def sent_file(name: str) -> Attachment:
    return Attachment.objects.create(name=name, size=4, state="CLEAN", sniffed_type="image/jpeg", file="lampiran/x")


def test_files_come_later_from_both_sides_without_their_names(world: World, team: Teams) -> None:
    case, _key = told(world, files=[sent_file(f"{SECRET}satu.jpg")])
    disclosures.write(case, "Ada buktinya?", by=team.ina, files=[sent_file(f"{SECRET}surat.pdf")], now=NOW)
    disclosures.reply(case, "Ini.", files=[sent_file(f"{SECRET}buku.jpg"), sent_file(f"{SECRET}dua.jpg")], now=NOW)
    assert [file.name for file in disclosures.files_of(case)] == ["Berkas 1"]
    assert [[file.name for file in said.files] for said in disclosures.talk(case, reporter=True)] == [
        ["Berkas 2"],
        ["Berkas 3", "Berkas 4"],
    ]
    taken = Attachment.objects.filter(disclosure=case).first()
    assert taken is not None
    other, _key = told(world)
    disclosures.reply(other, "Ambil alih.", files=[taken], now=NOW)
    assert Attachment.objects.filter(disclosure=case).count() == 4, "what belongs to one goes to no other"


def test_a_new_holiday_moves_what_was_promised_and_none_brings_it_nearer(world: World, team: Teams) -> None:
    case, _key = told(world)
    first, whole = case.first_due_on, case.end_due_on
    day = first
    Holiday.objects.create(date=day, name="Hari tambahan")
    calendar_changed.send(sender=Holiday, years={day.year}, region=None)
    case = anew(case)
    assert first < case.first_due_on == case.due_on
    assert case.end_due_on > whole
    assert case.events.last().verb == "redate"  # type: ignore[union-attr]
    told_so = (case.first_due_on, case.end_due_on, case.version)
    Holiday.objects.filter(date=day).delete()
    calendar_changed.send(sender=Holiday, years={day.year}, region=None)
    case = anew(case)
    assert (case.first_due_on, case.end_due_on, case.version) == told_so
    waiting = disclosures.write(case, "Ada buktinya?", by=team.ina, asks=True, now=NOW)
    back = disclosures.reply(waiting, "Ada.", now=NOW + 9 * DAY)
    assert back.end_days > 60
    before = back.end_due_on
    disclosures.redate(NOW)
    assert anew(back).end_due_on == before, "the days of waiting are kept"


# --- The offer to a reporter who chose the ordinary way ---


def test_the_lane_is_offered_where_the_reporter_alone_reads_it_once_and_nothing_moves(
    world: World, team: Teams
) -> None:
    case = at_office(world, about_conduct=True, not_for=world.dinas_pu, addressed_to=None)
    letters = Notification.objects.count()
    assert "offer_lane" in {act.verb for act in desk_acts.offered(case, world.agus)}
    with pytest.raises(NotAllowed):
        case.offer_lane(by=world.joko)
    before = (case.handler, case.status, case.version, case.due_on)
    case.offer_lane(by=world.agus)
    message = case.messages.get(verb="offer_lane")
    assert (message.audience, "/pengungkapan/" in message.body) == ("PARTIES", True)
    case = Complaint.objects.get(pk=case.pk)
    assert (case.handler, case.status, case.version, case.due_on) == before
    assert Notification.objects.count() == letters, "a letter is what gives people away"
    assert not Disclosure.objects.exists()
    assert "offer_lane" not in {act.verb for act in desk_acts.offered(case, world.agus)}
    with pytest.raises(NotAllowed):
        case.offer_lane(by=world.wati)
    plain = at_office(world)
    assert "offer_lane" not in {act.verb for act in desk_acts.offered(plain, world.joko)}
    with pytest.raises(NotAllowed):
        plain.offer_lane(by=world.joko)


def test_the_key_that_is_needed_is_not_called_optional() -> None:
    page = Client().get("/pengungkapan/buka/").content.decode()
    assert "(boleh kosong)" not in page
    assert "Tulis kuncinya" in Client().post("/pengungkapan/buka/", {"number": "7K4M-9QXD-2TB"}).content.decode()


def test_without_a_team_the_lane_is_not_offered(world: World) -> None:
    case = at_office(world, about_conduct=True, not_for=world.dinas_pu, addressed_to=None)
    assert "offer_lane" not in {act.verb for act in desk_acts.offered(case, world.agus)}
