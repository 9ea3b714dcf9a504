"""Who hears of which event, on which medium. Writes outbox rows in the event's transaction; nothing is sent here."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from agencies import calendar, ombudsman
from agencies.actor import Side
from agencies.models import Agency, Holiday, Membership, Role
from complaints.channels.registry import dialling, is_public, narrow_media, public_media, ringing_media, rings
from complaints.models import (
    Alert,
    ClockKind,
    Complaint,
    Event,
    Message,
    News,
    Notification,
    Recommendation,
    Referral,
    Reporter,
    Supporter,
)
from complaints.notifications import devices, phones
from complaints.notifications.quiet import AFTER_QUIET, after_quiet
from lapor.kit.compiled import Among, Blank, Compiled
from lapor.kit.nudge import nudge
from lapor.kit.rows import spelt, write

# What the reporter hears of, and in which letter. Their own acts are not told back to them.
TO_REPORTER = {
    "submit": "submitted",
    "forward": "forwarded",
    "move": "moved",
    "pass_on": "moved",
    "hand_back": "handed_back",
    "start": "started",
    "ask": "asked",
    "unask": "unasked",
    "answer": "answered",
    "resolve": "resolved",
    "lapse": "lapsed",
    "expire": "expired",
    "archive": "archived",
    "reopen": "reopened",
    "unmerge": "reopened",
    "reclassify": "redated",
    "recompute": "redated",
    "overdue": "late",
    "overdue_withdrawn": "corrected",
    "remind": "reminder",
    "escalate": "ombudsman",
    "reveal": "revealed",
    "examine": "referral",
    "recommend": "referral",
    "heed": "referral",
    "weigh": "referral",
}
FIRST = TO_REPORTER["submit"]
# What the office hears of at once. New cases come in the morning letter, lateness by the ladder: both from above.
TO_OFFICE = {
    "move": "officer_moved",
    "pass_on": "officer_moved",
    "hand_back": "officer_moved",
    "reopen": "officer_moved",
    "unmerge": "officer_moved",
    "contest": "officer_contested",
    "complete": "officer_replied",
    "reply": "officer_replied",
    "remind": "officer_due_soon",
    "nudge": "officer_nudged",
    "summon": "officer_summoned",
    "propose": "officer_proposed",
    "return": "officer_returned",
    "refer": "officer_referred",
}
# What those hear of whose case was merged into this one (case.md section 5, merge).
TO_MERGED = frozenset({"forward", "move", "start", "answer", "resolve", "lapse", "overdue"})
# What those hear of who follow a published case ("saya juga mengalami"): what everybody may read, and no more.
TO_SUPPORTERS = frozenset({"start", "answer", "resolve", "move", "accept", "lapse", "archive", "reopen"})
# The names of their letters: news, and the one that asks whether an address is theirs.
FOLLOWED, SUPPORT = "followed", "support"
Medium = Notification.Medium

# What a reporter hears who wants only the important: what asks something of them, answers, or ends.
IMPORTANT = frozenset(
    {
        "submitted", "asked", "answered", "resolved", "lapsed", "expired", "archived", "reopened", "reminder",
        "corrected", "ombudsman", "referral", "revealed",
    }
)  # fmt: skip
# What an officer hears at once; the rest waits for the morning, unless they chose otherwise.
URGENT = frozenset(
    {
        "officer_contested", "officer_due_soon", "officer_nudged", "officer_late", "officer_reveal", "officer_decide",
        "officer_help_due", "officer_summoned", "officer_account_due", "officer_proposed", "officer_returned",
    }
)  # fmt: skip
# A case comes to an office: its letter waits for the morning, a call does not.
ARRIVES = frozenset({"forward", "place"})
NEW = "officer_new"
DECIDE = "officer_decide"
# When the morning letter goes out where the office is.
MORNING = datetime.time(7)
# How long the first letter of a narrow medium waits for the worker to say where the report went.
PATIENCE = datetime.timedelta(seconds=60)
# The last rung of the ladder, where the reporter hears of the Ombudsman (case.md section 4).
LAST_RUNG = 3


def notify(event: Event, complaint: Complaint) -> list[int]:
    """The outbox rows of one event; their ids, each already nudged for after the commit.

    Imported history is silent, and so is a reporter without an address.
    """
    if complaint.silent:
        return []
    made: list[int] = []
    letter = _for_reporter(event)
    if letter:
        made += _call_reporters(event, complaint, letter)
        narrow = narrow_media()
        for medium in ways_to(complaint, letter):
            if medium in narrow and event.verb == "forward" and release(complaint, medium, now=event.recorded_at):
                # The first letter has not gone out yet: it tells of this too.
                continue
            at = first_try_of(event, medium)
            row = Notification(event=event, medium=medium, letter=letter, next_try=at, created_at=at)
            if medium in narrow and event.verb == "submit" and medium == complaint.reporter.door:
                row.next_try += PATIENCE
            write(row)
            made.append(row.pk)
            if row.next_try == at:
                _wake(row)
    if letter and event.verb in TO_MERGED:
        made += _notify_merged(event, complaint, letter)
    if event.verb in TO_SUPPORTERS and not complaint.secret:
        _notify_supporters(event, complaint)
    if event.verb == "reveal" and event.particulars.get("step") == "asked":
        nationals = Membership.objects.current().filter(role=Role.NATIONAL).exclude(user=event.actor_id)
        made += notify_officers(event, nationals, "officer_reveal")
    letter = _for_office(event)
    if letter:
        made += notify_officers(event, _concerned(event, officers_of(complaint, but=event.actor_id)), letter)
    elif event.verb in ARRIVES:
        # By letter it comes with the morning's; who wants to be called hears of it now.
        made += _call_officers(event, [one.user_id for one in officers_of(complaint, but=event.actor_id)], NEW)
    return made


# What `notify` does for the reporters of one event, for those of many that leave their cases where they are: its own
# reporter and, of what they hear too, those of the cases merged into it, by the devices that want to be called
# (`_call_reporters`), by email and by the door they came (`ways_of`).
_TO_REPORTERS = f"""
    INSERT INTO complaints_notification (event_id, reporter_id, medium, letter, state, tries, next_try, created_at,
        words_sealed, message_id, peer_id, units)
    SELECT e.id, CASE WHEN o.id <> c.id THEN r.id END, w.medium, %(letter)s, 'PENDING', 0, t.at, t.at, '', '', '', 1
    FROM unnest(%(events)s::bigint[]) told(event)
    CROSS JOIN LATERAL (
        SELECT e.id, e.complaint_id FROM complaints_event e WHERE e.id = told.event OFFSET 0) e
    CROSS JOIN LATERAL (
        SELECT c.id, c.anonymous, c.secret, c.not_for_id, c.place_id FROM complaints_complaint c
        WHERE c.id = e.complaint_id AND NOT c.silent OFFSET 0) c
    LEFT JOIN agencies_region place ON place.code = c.place_id
    CROSS JOIN LATERAL (
        SELECT c.id, c.anonymous, c.secret, c.not_for_id
        UNION ALL SELECT d.id, d.anonymous, d.secret, d.not_for_id FROM complaints_complaint d
        WHERE %(merged)s AND d.duplicate_of_id = c.id AND NOT d.silent) o
    CROSS JOIN LATERAL (
        SELECT * FROM complaints_reporter r WHERE r.complaint_id = o.id AND r.erased_at IS NULL OFFSET 0) r
    CROSS JOIN LATERAL (
        SELECT '{Medium.PUSH}'::text WHERE EXISTS (
            SELECT FROM complaints_device d
            WHERE d.reporter_id = r.id AND d.ended_at IS NULL AND d.topics @> to_jsonb(%(topic)s::text))
        UNION ALL SELECT '{Medium.EMAIL}' WHERE r.news = ANY(%(news)s) AND r.email_fingerprint <> ''
            AND r.unreachable_since IS NULL AND (o.id = c.id OR r.email_confirmed_at IS NOT NULL)
        UNION ALL SELECT r.door WHERE r.news = ANY(%(news)s) AND r.door <> '' AND r.door_closed_at IS NULL
            AND NOT (r.door = ANY(%(public)s) AND (o.anonymous OR o.secret OR o.not_for_id IS NOT NULL))
    ) w(medium)
    CROSS JOIN LATERAL (SELECT CASE WHEN w.medium = ANY(%(ringing)s) THEN {AFTER_QUIET} ELSE %(now)s END AS at) t
    ORDER BY e.id, o.id
"""  # noqa: S608 (our own words)
_TO_REPORTERS = _TO_REPORTERS.format(at="%(now)s", zone="COALESCE(place.zone, 'Asia/Jakarta')")


def notify_late(events: Sequence[int], now: datetime.datetime) -> int:
    """The outbox rows of many promises that were missed, written at `now`; one statement. They may be a hundred
    thousand: nobody is woken for each, the sender is told once. How many rows."""
    made = _notify_reporters(events, "overdue", now)
    if made:
        nudge("complaints.tasks.send_due")
    return made


def _notify_reporters(events: Sequence[int], verb: str, now: datetime.datetime) -> int:
    letter = TO_REPORTER[verb]
    with connection.cursor() as cursor:
        cursor.execute(
            _TO_REPORTERS,
            {
                "events": spelt(events),
                "now": now,
                "letter": letter,
                "merged": verb in TO_MERGED,
                "topic": devices.topic_of(letter),
                "news": [str(news) for news in News if _hears(news, letter)],
                "public": list(public_media()),
                "ringing": list(ringing_media()),
            },
        )
        return int(cursor.rowcount)


def notify_together(events: Sequence[Event], now: datetime.datetime) -> int:
    """The outbox rows of many events of one verb, `remind` or `escalate`, written at `now`: what `notify` does for each
    of them. Their cases are loaded with handler and place, none is silent and none names an officer. How many rows."""
    verb = events[0].verb
    told = _told_of_the_last_rung(events) if verb == "escalate" else set[int]()
    to_reporters = []
    for event in events:
        facts = event.particulars
        if verb == "remind":
            hears = facts.get("kind") == ClockKind.REPORTER
        else:
            hears = facts.get("level") == LAST_RUNG and event.complaint_id not in told
            told |= {event.complaint_id} if hears else set()
        if hears:
            to_reporters.append(event.pk)
    made = _notify_reporters(to_reporters, verb, now) if to_reporters else 0
    for_office = [event for event in events if _for_office(event)]
    if for_office:
        officers = {
            office: officers_of(event.complaint)
            for office, event in {event.complaint.handler_id: event for event in for_office}.items()
        }
        made += notify_officers_together(
            [(event, officers[event.complaint.handler_id]) for event in for_office], TO_OFFICE[verb]
        )
    if made:
        nudge("complaints.tasks.send_due")
    return made


def _told_of_the_last_rung(events: Sequence[Event]) -> set[int]:
    """Cases whose reporter was told of the Ombudsman before these (`_was_told`)."""
    cases = {event.complaint_id for event in events if event.particulars.get("level") == LAST_RUNG}
    earlier = Event.objects.filter(complaint__in=cases, verb="escalate", pk__lt=min(event.pk for event in events))
    found = earlier.filter(particulars__level=LAST_RUNG).values_list("complaint_id", flat=True) if cases else ()
    return set(found)


def notify_officers_together(told: Sequence[tuple[Event, Iterable[Membership]]], letter: str) -> int:
    """One urgent letter about each of these events, which have none yet, to each of these officers, and their devices.
    What `notify_officers` does for one event; the sender is woken by the caller. How many rows."""
    assert letter in URGENT
    users = [(event, sorted({one.user_id for one in without_absent(members)})) for event, members in told]
    wanting = devices.officers_wanting(letter, {user for _event, found in users for user in found})
    rows = []
    for event, found in users:
        rings_at = first_try_of(event, Medium.PUSH)
        for medium, at, theirs in (
            (Medium.EMAIL, event.recorded_at, found),
            (Medium.PUSH, rings_at, [user for user in found if user in wanting]),
        ):
            rows += [
                Notification(event=event, user_id=user, medium=medium, letter=letter, next_try=at, created_at=at)
                for user in theirs
            ]
    Notification.objects.bulk_create(rows, batch_size=1_000)
    return len(rows)


def release(complaint: Complaint, *media: str, now: datetime.datetime) -> bool:
    """Send the first letters that wait for the worker to weigh the report, by these media or by any; whether there are
    some that have not gone out yet."""
    found = _FIRST(complaint=complaint.pk, media=list(media or narrow_media()))
    early = [row for row in found if row.next_try > now]
    if early:
        Notification.objects.filter(pk__in=[row.pk for row in early], tries=0).update(next_try=now)
        for row in early:
            _wake(row)
    return bool(found)


_FIRST: Compiled[Notification] = Compiled(
    lambda: Notification.objects.filter(
        Among("medium", "media"),
        event__complaint_id=Blank("complaint", models.BigIntegerField()),
        letter="submitted",
        state=Notification.State.PENDING,
        tries=0,
    )
)


def notify_officers(
    event: Event, memberships: Iterable[Membership], letter: str, *, not_before: datetime.datetime | None = None
) -> list[int]:
    """One letter to each of these officers about this event; a second call adds nothing. Returns new ids.

    What is urgent goes at once, the rest with the next working morning's letter. `not_before` keeps it until then, for
    those above that know better (the ladder's `officer_late`, the morning's `officer_new`).
    """
    if event.complaint.silent:
        return []
    officers = {membership.user_id: membership.user for membership in without_absent(memberships)}
    had = Notification.objects.filter(event=event, letter=letter, user__in=officers)
    for known in had.values_list("user_id", flat=True):
        officers.pop(known, None)
    at_once = event.recorded_at
    later = not_before
    if later is None and letter not in URGENT and not all(user.tells_at_once for user in officers.values()):
        later = next_morning(event.complaint, at_once)
    rows = []
    for pk in sorted(officers):
        waits = not_before or (later if letter not in URGENT and not officers[pk].tells_at_once else None)
        at = waits or at_once
        rows.append(Notification(event=event, user_id=pk, letter=letter, next_try=at, created_at=at))
    rows = Notification.objects.bulk_create(rows)
    for row in rows:
        if row.next_try <= timezone.now():
            _wake(row)
    called = [] if letter == NEW else _call_officers(event, officers, letter)
    return [row.pk for row in rows] + called


def _call_reporters(event: Event, complaint: Complaint, letter: str) -> list[int]:
    """Rows for the devices of its reporter, and of those whose case was merged into it."""
    if letter == "submitted":
        return []  # nobody had time to ask for it
    told = _WITH_DEVICES_AND_MERGED if event.verb in TO_MERGED else _WITH_DEVICES
    of_case: dict[int, int] = dict(told(case=complaint.pk))
    wanting = devices.reporters_wanting(letter, of_case) if of_case else set()
    # Its own reporter is meant by a row that names nobody, as with letters.
    return _rows_of_calls(
        event, letter, [{"reporter_id": pk if of_case[pk] != complaint.pk else None} for pk in wanting]
    )


_OWN = Q(complaint=Blank("case", models.BigIntegerField()))
_MERGED = Q(complaint__duplicate_of=Blank("case", models.BigIntegerField()), complaint__silent=False)


def _with_devices(cases: Q) -> models.QuerySet[Reporter, Any]:
    told = Reporter.objects.filter(cases, devices__ended_at=None, devices__isnull=False, erased_at=None)
    return told.values_list("pk", "complaint_id")


_WITH_DEVICES: Compiled[Any] = Compiled(lambda: _with_devices(_OWN))
_WITH_DEVICES_AND_MERGED: Compiled[Any] = Compiled(lambda: _with_devices(_OWN | _MERGED))
_OF_MERGED: Compiled[Reporter] = Compiled(lambda: Reporter.objects.filter(_MERGED, erased_at=None).order_by("pk"))


def _call_officers(event: Event, users: Iterable[int], letter: str) -> list[int]:
    return _rows_of_calls(event, letter, [{"user_id": pk} for pk in sorted(devices.officers_wanting(letter, users))])


def _rows_of_calls(event: Event, letter: str, recipients: Sequence[dict[str, int | None]]) -> list[int]:
    """Outbox rows for calls; one that exists stays as it is."""
    at = first_try_of(event, Medium.PUSH)
    rows = [
        Notification(event=event, medium=Medium.PUSH, letter=letter, next_try=at, created_at=at, **recipient)
        for recipient in recipients
    ]
    had = (
        set(
            Notification.objects.filter(event=event, letter=letter, medium=Medium.PUSH).values_list(
                "user_id", "reporter_id"
            )
        )
        if rows
        else set()
    )
    made = Notification.objects.bulk_create([row for row in rows if (row.user_id, row.reporter_id) not in had])
    for row in made:
        _wake(row)
    return [row.pk for row in made]


def tell_appointed(membership: Membership, now: datetime.datetime) -> int:
    """The letter to somebody newly appointed, at once."""
    row = Notification.objects.create(
        membership=membership, user=membership.user, letter="officer_appointed", next_try=now, created_at=now
    )
    _wake(row)
    return row.pk


def tell_member(membership: Membership, letter: str, now: datetime.datetime) -> int | None:
    """A letter about no case, to somebody by their seat: `letter` is its name and, behind a colon, what it is about
    ("officer_rise:12"). The same one twice is one letter; None: it was written before."""
    row, created = Notification.objects.get_or_create(
        membership=membership,
        user=membership.user,
        letter=letter,
        event=None,
        arrival=None,
        reporter=None,
        medium=Medium.EMAIL,
        defaults={"next_try": now, "created_at": now},
    )
    if not created:
        return None
    _wake(row)
    return row.pk


def tell_seats(seats: Iterable[tuple[int, int]], letter: str, now: datetime.datetime, *, minutes: int) -> int:
    """The same letter to many: (membership, its user), spread over so many minutes. Nobody is woken, the sweep finds
    them. Those who have it already keep the one they have. How many were asked for."""
    rows = [
        Notification(
            membership_id=membership,
            user_id=user,
            letter=letter,
            next_try=now + datetime.timedelta(minutes=membership % minutes),
            created_at=now,
        )
        for membership, user in seats
    ]
    Notification.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
    return len(rows)


def without_absent(memberships: Iterable[Membership]) -> list[Membership]:
    """Without those in whose place somebody among them stands: letters go to the deputy."""
    found = list(memberships)
    stood_in = {one.acting_for_id for one in found}
    return [one for one in found if one.pk not in stood_in]


def next_morning(complaint: Complaint, at: datetime.datetime) -> datetime.datetime:
    """The morning of the handler's next working day; today's, if it is one and that hour has not come."""
    region = complaint.handler.region
    zone = ZoneInfo(region.zone if region else "Asia/Jakarta")
    local = timezone.localtime(at, zone)
    holidays = Holiday.objects.kept_in(region).filter(date__gte=local.date()).days()
    day = local.date()
    if local.time() >= MORNING or not calendar.is_working_day(day, holidays):
        day = calendar.add_working_days(day, 1, holidays)
    return datetime.datetime.combine(day, MORNING, zone)


def first_try_of(event: Event, medium: str) -> datetime.datetime:
    """At once; what rings waits until the quiet hours are over, unless its reader has just written to us."""
    if event.verb == "submit" or not rings(medium):
        return event.recorded_at
    return after_quiet(event.recorded_at, event.complaint.zone)


def _notify_merged(event: Event, lead: Complaint, letter: str) -> list[int]:
    """The lead's letter for the reporter of every case merged into it who can be reached."""
    rows = Notification.objects.bulk_create(
        [
            Notification(
                event=event,
                reporter=reporter,
                medium=medium,
                letter=letter,
                next_try=first_try_of(event, medium),
                created_at=first_try_of(event, medium),
            )
            for reporter in _OF_MERGED(case=lead.pk)
            for medium in ways_of(reporter, letter)
            if medium != Medium.EMAIL or reporter.email_confirmed_at is not None
        ]
    )
    for row in rows:
        _wake(row)
    return [row.pk for row in rows]


def _notify_supporters(event: Event, complaint: Complaint) -> None:
    """They may be thousands: nobody is woken, the sweep finds the rows within a minute. Whether the case is still
    public is asked when each goes out."""
    if event.verb == "answer" and not _is_public_answer(event):
        return
    followers = Supporter.objects.told().following(complaint.pk).order_by("pk").values_list("pk", flat=True)
    Notification.objects.bulk_create(
        [
            Notification(
                event=event, supporter_id=pk, letter=FOLLOWED, next_try=event.recorded_at, created_at=event.recorded_at
            )
            for pk in followers
        ],
        batch_size=1_000,
    )


def _is_public_answer(event: Event) -> bool:
    said = Message.objects.filter(pk=event.particulars.get("message") or 0)
    return said.filter(audience="PUBLIC", state=Message.State.SENT).exists()


def ask_supporter(supporter: Supporter, now: datetime.datetime) -> None:
    """The letter that asks whether the address is theirs; asked again, the same goes out once more."""
    row, made = Notification.objects.get_or_create(
        supporter=supporter, event=None, letter=SUPPORT, defaults={"next_try": now, "created_at": now}
    )
    if not made:
        row.state, row.tries, row.next_try, row.created_at = Notification.State.PENDING, 0, now, now
        row.save(update_fields=["state", "tries", "next_try", "created_at"])
    _wake(row)


def tell_subscriber(alert: Alert, letter: str, now: datetime.datetime) -> None:
    """A letter somebody waits for: whether the mailbox is theirs, or the way to its page. Asked for once more it is
    another letter: mail programs show one with a known Message-ID only once."""
    row, _made = Notification.objects.get_or_create(
        alert=alert, letter=f"{letter}:{int(now.timestamp())}", defaults={"next_try": now, "created_at": now}
    )
    _wake(row)


def officers_of(complaint: Complaint, *, but: int | None = None) -> list[Membership]:
    """Who answers for the office that has the case now and may see it, deputies in place of whom they stand in for; at
    the root NATIONAL."""
    handler = complaint.handler
    roles = [Role.NATIONAL] if handler.parent_id is None else [Role.LIAISON, Role.HEAD, Role.COORDINATOR]
    members = _OFFICERS(day=timezone.localdate(), office=handler.pk, roles=[str(role) for role in roles])
    unseeing = set(complaint.not_seen_by.values_list("pk", flat=True)) if complaint.about_conduct else set()
    seeing = without_absent(one for one in members if one.user_id not in unseeing)
    return [one for one in seeing if one.user_id != but]


_OFFICERS: Compiled[Membership] = Compiled(
    lambda: (
        Membership.objects.current(Blank("day", models.DateField()))
        .filter(Among("role", "roles"), agency_id=Blank("office", models.BigIntegerField()))
        .select_related("user")
    )
)


def _concerned(event: Event, officers: list[Membership]) -> list[Membership]:
    """Of an answer that waits for approval those who approve; of one sent back its writer, or all if the writer has
    left; of everything else all of the office."""
    match event.verb:
        case "propose":
            return [one for one in officers if one.role != Role.LIAISON]
        case "return":
            writer = Message.objects.values_list("author", flat=True).get(pk=event.particulars["message"])
            return [one for one in officers if one.user_id == writer] or officers
    return officers


def _for_reporter(event: Event) -> str:
    if event.side == Side.REPORTER.value and event.verb != "submit":
        return ""
    particulars = event.particulars
    match event.verb:
        case "reclassify" if "clocks" not in particulars:
            return ""
        case "recompute" if not particulars.get("moved"):
            return ""
        case "remind" if particulars.get("kind") != ClockKind.REPORTER:
            return ""
        case "escalate" if particulars.get("level") != LAST_RUNG or _was_told(event):
            return ""
        case "reveal" if particulars.get("step") == "asked":
            return ""  # told when it is really opened
        case "overdue" if particulars.get("kind") == ClockKind.REPORTER:
            return ""
    return TO_REPORTER.get(event.verb, "")


def _was_told(event: Event) -> bool:
    """Of the Ombudsman a reporter hears once, whatever other promise is missed after."""
    earlier = Event.objects.filter(complaint=event.complaint_id, verb="escalate", pk__lt=event.pk)
    return earlier.filter(particulars__level=LAST_RUNG).exists()


def tell_of_referral(event: Event, complaint: Complaint) -> None:
    """By their seats, and without a word of the case: the Ombudsman's examiners of what is put before them, taken back
    or answered; head and coordinator of an office of what is recommended to it."""
    about = event.particulars.get("referral")
    if complaint.silent or about is None:
        return
    if event.verb == "recommend":
        row = Recommendation.objects.select_related("agency").get(pk=event.particulars["recommendation"])
        day = complaint.today(event.recorded_at)
        desk = Agency.objects.desk_at_or_above(row.agency, day, complaint.not_for)
        told = Membership.objects.current(day).filter(
            Q(agency=row.agency, role__in=[Role.HEAD, Role.COORDINATOR]) | Q(agency=desk, role=Role.COORDINATOR)
        )
        for membership in told.exclude(user__in=complaint.not_seen_by.all()):
            tell_member(membership, f"officer_recommended:{row.pk}", event.recorded_at)
        return
    letter = {
        "refer": f"officer_referral:{about}",
        "unrefer": f"officer_unreferred:{about}",
        "heed": f"officer_heeded:{about}.{event.pk}",
    }.get(event.verb)
    if letter is None:
        return
    referral = Referral.objects.select_related("agency").get(pk=about)
    for membership in ombudsman.examiners(complaint.today(event.recorded_at), referral.agency):
        if not complaint.not_seen_by.filter(pk=membership.user_id).exists():
            tell_member(membership, letter, event.recorded_at)


def _for_office(event: Event) -> str:
    if event.verb == "remind" and event.particulars.get("kind") == ClockKind.REPORTER:
        return ""
    if event.verb == "hand_back" and event.particulars.get("bound"):
        return DECIDE  # within one working day: that can't wait for the morning
    return TO_OFFICE.get(event.verb, "")


def ways_to(complaint: Complaint, letter: str) -> list[str]:
    """The media by which its reporter is told this."""
    try:
        return ways_of(complaint.reporter, letter)
    except Reporter.DoesNotExist:
        return []


def ways_of(reporter: Reporter, letter: str) -> list[str]:
    """By email where there is an address, and by the door they came, as far as they want to hear of it. Whether an
    address is confirmed is asked when the letter goes out."""
    if reporter.erased_at is not None or not _wants(reporter, letter):
        return []
    ways = [Medium.EMAIL.value] if reporter.email_fingerprint and reporter.unreachable_since is None else []
    if reporter.door and reporter.door_closed_at is None and not would_show(reporter):
        ways.append(reporter.door)
    if letter == FIRST and not ways and phones.is_to_be_asked(reporter) and (medium := dialling()):
        # One message without a word of the report: a code, by which they show that the phone is theirs.
        ways.append(medium)
    return ways


def hears_numbers_only(complaint: Complaint, letter: str) -> bool:
    """Its reporter is told by a phone alone, of which others may read: that there is something, and never what."""
    if not (complaint.anonymous or complaint.secret):
        return False
    ways = ways_to(complaint, letter)
    return bool(ways) and narrow_media().issuperset(ways)


def would_show(reporter: Reporter) -> bool:
    """Their door stands where everybody reads, and of this case nobody may learn there."""
    case = reporter.complaint
    return is_public(reporter.door) and (case.anonymous or case.secret or case.not_for_id is not None)


def _wants(reporter: Reporter, letter: str) -> bool:
    return _hears(reporter.news, letter)


def _hears(news: str, letter: str) -> bool:
    return news == News.ALL or (news == News.IMPORTANT and letter in IMPORTANT)


def _wake(row: Notification) -> None:
    nudge("complaints.tasks.send_notification", row.pk, row.medium)
