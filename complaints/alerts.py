"""Kabar lewat surel: a letter of what becomes public, each morning or each Monday, to whoever wished for it.

A wish is a row of the public list's filters. Whoever asks shows first that the mailbox is theirs, by the account it was
verified with or by the button of a letter; whether a mailbox has alerts nobody learns by asking. What a letter tells is
read when it goes out (`notifications.to_subscriber`); here is only decided whose turn it is and from where to where.
"""

from __future__ import annotations

import datetime
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import User
from complaints import appearances, privacy
from complaints.models import Alert, AlertQuerySet, Notification, Rhythm, Subscriber
from complaints.models.alert import UNCONFIRMED_LASTS
from complaints.notifications import send
from complaints.notifications.to_subscriber import ASK, LINK, letter_name
from complaints.publishing import CONFIG, normalise_query
from complaints.search import Wanted
from lapor.kit.ratelimit import Bucket

# A household or an office behind one network address.
ASKING = Bucket("alerts", burst=10, hourly=20, strict=True)
# Letters a day that strangers can have sent to one mailbox.
ASKED_A_DAY = 3
# Alerts of one mailbox.
MOST = 20
# When letters go out at the place they are about, and minutes over which they are spread: a mail server is no funnel.
MORNING = datetime.time(6)
SPREAD = 90
# Alerts looked at in one transaction.
PAGE = 5_000
# How long letters that went out stand in the outbox, and ended alerts behind those that are on their way.
LETTERS_KEPT = datetime.timedelta(days=90)
ENDED_KEPT = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told of, and how often."""

    wanted: Wanted
    reports: bool = True
    answers: bool = True
    rhythm: str = Rhythm.WEEKLY


def plain(wanted: Wanted) -> Wanted:
    """What of a list an alert can follow: not its order, nor the state of cases, which changes. On a district's own
    site it is that district's; the centre is everybody's office."""
    office = wanted.office if wanted.office is not None and wanted.office.parent_id is not None else None
    if wanted.within is not None and (office is None or not office.is_under(wanted.within)):
        office = wanted.within
    return Wanted(words=wanted.words, place=wanted.place, office=office, kind=wanted.kind, category=wanted.category)


def is_readable(wanted: Wanted) -> bool:
    """False: of the words typed none is one to look for."""
    return not wanted.words or bool(normalise_query(wanted.words))


# --- Asking, showing that it is one's own, ending ---


@transaction.atomic
def ask(wish: Wish, email: str, *, language: str, now: datetime.datetime) -> None:
    """One letter to this mailbox: whether it is theirs or, where it has this alert already, the way to its page.
    Nothing where strangers had it written to often enough today."""
    subscriber = Subscriber.objects.locked(email, language=language, now=now)
    if subscriber is None or not _may_be_asked(subscriber, now):
        return
    standing = Alert.objects.standing().filter(subscriber=subscriber)
    had = _same(standing, wish)
    if had is not None and had.confirmed_at is not None:
        send.tell_subscriber(had, LINK, now)
        return
    if had is None and standing.count() >= MOST:
        if (other := standing.filter(confirmed_at__isnull=False).first()) is not None:
            send.tell_subscriber(other, LINK, now)
        return
    alert = had or _new(subscriber, wish)
    alert.reports, alert.answers, alert.rhythm = wish.reports, wish.answers, wish.rhythm
    alert.code, alert.asked_at = secrets.token_hex(12), now
    alert.save()
    send.tell_subscriber(alert, ASK, now)


@transaction.atomic
def ask_for_page(email: str, now: datetime.datetime) -> None:
    """The way to the page of this mailbox's alerts, by letter; nothing where it has none."""
    found = Subscriber.objects.of_mailbox(email)
    subscriber = found and Subscriber.objects.select_for_update().filter(pk=found.pk).first()
    alert = Alert.objects.confirmed().filter(subscriber=subscriber).order_by("pk").first() if subscriber else None
    if subscriber and alert is not None and _may_be_asked(subscriber, now):
        send.tell_subscriber(alert, LINK, now)


@transaction.atomic
def add(wish: Wish, user: User, *, now: datetime.datetime) -> Alert | None:
    """At once, for an account that has proved its address; None: it has as many as it may. The same wish again changes
    what is told and how often."""
    assert privacy.has_proved(user, user.email)
    subscriber = Subscriber.objects.locked(user.email, language=user.language, now=now)
    if subscriber is None:
        return None
    standing = Alert.objects.standing().filter(subscriber=subscriber)
    alert = _same(standing, wish)
    if alert is None:
        if standing.count() >= MOST:
            return None
        alert = _new(subscriber, wish)
    alert.reports, alert.answers, alert.rhythm = wish.reports, wish.answers, wish.rhythm
    _begin(alert, now)
    return alert


@transaction.atomic
def confirm(alert: Alert, now: datetime.datetime) -> bool:
    """The mailbox is theirs: from now on it is told. False: somebody else was first, or it has ended."""
    row = Alert.objects.standing().select_for_update(of=("self",)).select_related("place", "office__region")
    found = row.filter(pk=alert.pk, confirmed_at__isnull=True, subscriber__isnull=False).first()
    if found is None or not alert.code or found.code != alert.code:
        return False
    _begin(found, now)
    return True


@transaction.atomic
def change(alert: Alert, *, reports: bool, answers: bool, rhythm: str, now: datetime.datetime) -> None:
    """What is told, and how often; where it had got to stays."""
    row = Alert.objects.confirmed().select_for_update(of=("self",)).select_related("place", "office__region")
    found = row.filter(pk=alert.pk).first()
    if found is not None:
        found.reports, found.answers, found.rhythm = reports, answers, rhythm
        found.next_at = next_morning(found.zone, rhythm, now)
        found.save(update_fields=["reports", "answers", "rhythm", "next_at"])


def _may_be_asked(subscriber: Subscriber, now: datetime.datetime) -> bool:
    """Counts one. The row is held."""
    if subscriber.asked_since <= now - datetime.timedelta(days=1):
        subscriber.asked_since, subscriber.asked_times = now, 0
    subscriber.asked_times = min(subscriber.asked_times + 1, ASKED_A_DAY + 1)
    subscriber.save(update_fields=["asked_since", "asked_times"])
    return subscriber.asked_times <= ASKED_A_DAY


def _same(among: AlertQuerySet, wish: Wish) -> Alert | None:
    return among.filter(
        place=wish.wanted.place,
        office=wish.wanted.office,
        category=wish.wanted.category,
        kind=wish.wanted.kind,
        words=wish.wanted.words,
    ).first()


def _new(subscriber: Subscriber, wish: Wish) -> Alert:
    wanted = wish.wanted
    return Alert(
        subscriber=subscriber,
        place=wanted.place,
        office=wanted.office,
        category=wanted.category,
        kind=wanted.kind,
        words=wanted.words,
    )


def _begin(alert: Alert, now: datetime.datetime) -> None:
    """From what appears from now on; one that runs already goes on where it was."""
    if alert.confirmed_at is None:
        alert.seen, alert.confirmed_at = appearances.number_all(), now
    alert.code, alert.next_at = "", next_morning(alert.zone, alert.rhythm, now)
    alert.save()


def next_morning(zone: str, rhythm: str, now: datetime.datetime) -> datetime.datetime:
    """The first morning after this moment there; of a weekly one that of the next Monday."""
    local = timezone.localtime(now, ZoneInfo(zone))
    day = local.date() + datetime.timedelta(days=1 if local.time() >= MORNING else 0)
    if rhythm == Rhythm.WEEKLY:
        day += datetime.timedelta(days=-day.weekday() % 7)
    return datetime.datetime.combine(day, MORNING, ZoneInfo(zone))


# --- Whose turn it is ---


def put_out(now: datetime.datetime | None = None, *, seconds: float = 50) -> int:
    """Put the letters that are due into the outbox; how many. May run at any hour, twice, and side by side.

    What was looked at and the letter about it are one transaction: nothing is told twice, and nothing is passed over.
    """
    now, began, made = now or timezone.now(), time.monotonic(), 0
    until = appearances.number_all()
    while time.monotonic() - began < seconds:
        looked_at, put = _one_page(until, now)
        made += put
        if looked_at < PAGE:
            break
    return made


@transaction.atomic
def _one_page(until: int, now: datetime.datetime) -> tuple[int, int]:
    due = Alert.objects.filter(next_at__lte=now).select_for_update(skip_locked=True, of=("self",))
    page = list(due.select_related("place", "office__region").order_by("next_at", "pk")[:PAGE])
    rows = []
    news = _with_news(page, until)
    for alert in page:
        if alert.pk in news:
            at = now + datetime.timedelta(minutes=alert.pk % SPREAD)
            name = letter_name(alert.seen, until)
            rows.append(Notification(alert=alert, letter=name, next_try=at, created_at=at))
    Notification.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
    mornings: dict[datetime.datetime, list[int]] = {}
    for alert in page:
        mornings.setdefault(next_morning(alert.zone, alert.rhythm, now), []).append(alert.pk)
    for morning, keys in mornings.items():
        Alert.objects.filter(pk__in=keys).update(next_at=morning)
    Alert.objects.filter(pk__in=[alert.pk for alert in page], seen__lt=until).update(seen=until)
    return len(page), len(rows)


# A letter may turn out empty, but none is left out: what an alert asks for besides its narrowest filter is asked here
# as far as it can't change, and all of it again when the letter goes out. An appearance is found by each office above
# it, each place around it, its category and the one above, and by "" for those who asked for none of these. What
# was public and moved is found by the offices alone to which it is new.
_WITH_NEWS = """
WITH due AS MATERIALIZED (
    SELECT id, by, seen, reports, answers, place, category, kind,
           CASE WHEN words <> '' THEN plainto_tsquery(%s::regconfig, words) END AS words
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::boolean[], %s::boolean[], %s::text[], %s::bigint[],
                %s::text[], %s::text[]) AS given(id, by, seen, reports, answers, place, category, kind, words)
), told AS MATERIALIZED (
    SELECT one.number, one.message_id IS NULL AS is_report, coalesce(p.place_id, '') AS place, p.kind, p.category_id,
           above.parent_id AS category_above, p.search, office.path, one.offices
    FROM complaints_appearance one
    JOIN complaints_publication p ON p.complaint_id = one.complaint_id
    JOIN complaints_complaint c ON c.id = p.complaint_id AND NOT c.secret
    JOIN agencies_agency office ON office.id = c.handler_id
    LEFT JOIN complaints_category above ON above.id = p.category_id
    WHERE one.number > %s AND one.number <= %s
), found AS MATERIALIZED (
    SELECT '' AS by, number FROM told WHERE offices IS NULL
    UNION ALL SELECT 'o' || step, number FROM told, unnest(string_to_array(trim(BOTH '/' FROM path), '/')) AS step
              WHERE offices IS NULL OR step::bigint = ANY(offices)
    UNION ALL SELECT 'p' || array_to_string((string_to_array(place, '.'))[1:depth], '.'), number
              FROM told, generate_series(1, array_length(string_to_array(nullif(place, ''), '.'), 1)) AS depth
              WHERE offices IS NULL
    UNION ALL SELECT 'c' || category_id, number FROM told WHERE category_id IS NOT NULL AND offices IS NULL
    UNION ALL SELECT 'c' || category_above, number FROM told WHERE category_above IS NOT NULL AND offices IS NULL
)
SELECT due.id FROM due WHERE EXISTS (
    SELECT 1 FROM found JOIN told USING (number)
    WHERE found.by = due.by AND number > due.seen
      AND CASE WHEN is_report THEN due.reports ELSE due.answers END
      AND starts_with(told.place, due.place)
      AND (due.category = 0 OR due.category IN (told.category_id, told.category_above))
      AND (due.kind = '' OR due.kind = told.kind)
      AND (due.words IS NULL OR told.search @@ due.words)
)
"""


def _with_news(page: Sequence[Alert], until: int) -> set[int]:
    """Those of these alerts for which something appeared up to this number. One statement."""
    waiting = [alert for alert in page if alert.seen < until]
    if not waiting:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _WITH_NEWS,
            [
                CONFIG,
                [alert.pk for alert in waiting],
                [_narrowest(alert) for alert in waiting],
                [alert.seen for alert in waiting],
                [alert.reports for alert in waiting],
                [alert.answers for alert in waiting],
                [alert.place_id or "" for alert in waiting],
                [alert.category_id or 0 for alert in waiting],
                [alert.kind for alert in waiting],
                [normalise_query(alert.words) for alert in waiting],
                min(alert.seen for alert in waiting),
                until,
            ],
        )
        return {row[0] for row in cursor.fetchall()}


def _narrowest(alert: Alert) -> str:
    """By what an alert is looked up among what appeared."""
    if alert.office_id is not None:
        return f"o{alert.office_id}"
    if alert.place_id is not None:
        return f"p{alert.place_id}"
    return f"c{alert.category_id}" if alert.category_id is not None else ""


# --- What is forgotten ---


def forget(now: datetime.datetime, limit: int = 500) -> int:
    """Wishes nobody confirmed, with their addresses; the empty rows of ended ones; letters that went out long ago; what
    appeared before anybody's last letter. How many wishes it was."""
    unconfirmed = Alert.objects.standing().filter(confirmed_at__isnull=True, asked_at__lt=now - UNCONFIRMED_LASTS)
    rows = list(unconfirmed.order_by("asked_at")[:limit])
    for row in rows:
        privacy.end_alert(row, now)
    over = Alert.objects.filter(ended_at__lt=now - ENDED_KEPT).order_by("ended_at").values("pk")[:limit]
    Alert.objects.filter(pk__in=list(over.values_list("pk", flat=True))).delete()
    done = Q(alert__isnull=False, state__in=["SENT", "SILENCED"], created_at__lt=now - LETTERS_KEPT)
    old = list(Notification.objects.filter(done).order_by("created_at").values_list("pk", flat=True)[:10_000])
    Notification.objects.filter(pk__in=old).delete()
    appearances.forget(now)
    return len(rows)
