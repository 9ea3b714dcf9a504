"""Tasks: nudges that take ids, fetch, call one verb and may run twice. What a lost one missed, the sweep finds."""

from __future__ import annotations

import datetime
import logging

from celery import shared_task
from django.utils import timezone

from agencies.models import Agency
from lapor.kit.alone import alone
from lapor.kit.nudge import nudge
from routing import (
    away,
    call_ups,
    dispatch,
    escalation,
    figures,
    gathering,
    ground,
    helping,
    learning,
    overdue,
    programme_sums,
    readings,
    redate,
    register_filling,
    reminders,
    reorganising,
    rises,
    signals,
    standing,
    unanswered,
    weekly,
)
from routing.almanac import JAKARTA, Almanac, date_in
from routing.delivery import feed, sending
from routing.evaluation import cycle
from routing.measures import checking, ledger, splits
from routing.models import Disposition
from routing.overdue import Deadline, attempt, pages

log = logging.getLogger(__name__)

# A nudge that is on its way needs no sweep yet.
ON_ITS_WAY = datetime.timedelta(seconds=5)
BATCH = 200
# Seconds a run may take; the task itself is killed later. What is left over is the next run's.
MINUTE, HOUR = 50.0, 180.0


@shared_task(name="routing.tasks.forward_by_itself")
def forward_by_itself(complaint_id: int) -> None:
    dispatch.forward_by_itself(complaint_id)


@shared_task(name="routing.tasks.sweep")
def sweep() -> None:
    """Each minute: what a lost nudge left unweighed, and what arrived and was not understood yet."""
    with alone("routing.sweep") as free:
        if free:
            weigh_what_was_lost(timezone.now(), Deadline(MINUTE))
            for pk in gathering.unfinished():
                nudge("routing.tasks.gather", pk)


@shared_task(name="routing.tasks.gather")
def gather(pk: int) -> None:
    """One rule, applied to the cases that are open already; what a run has no time for is the next one's."""
    with alone(f"routing.gather.{pk}") as free:
        if free:
            gathering.go_on(pk, Deadline(MINUTE))


@shared_task(name="routing.tasks.sweep_dates")
def sweep_dates() -> None:
    """Each hour: everything that comes true because a day has passed."""
    deadline = Deadline(HOUR)
    with alone("routing.sweep_dates") as free:
        if free:
            counts = what_the_date_brings(timezone.now(), deadline)
            log.info("sweep_dates %s", counts)
            if deadline.is_over():
                nudge("routing.tasks.sweep_dates")


@shared_task(name="routing.tasks.clear_office")
def clear_office(agency_id: int) -> None:
    """What the act that ended an office, or took its last officer, left to be moved. The hourly sweep finds what a lost
    nudge left."""
    deadline = Deadline(HOUR)
    with alone(f"routing.clear.{agency_id}") as free:
        if free:
            ground.clear(Agency.objects.get(pk=agency_id), timezone.now(), deadline)
            if deadline.is_over():
                nudge("routing.tasks.clear_office", agency_id)


@shared_task(name="routing.tasks.morning_letters")
def morning_letters() -> None:
    """Each working morning: the office's new cases, to its heads."""
    with alone("routing.morning_letters") as free:
        if free:
            escalation.tell_heads(timezone.now())


@shared_task(name="routing.tasks.weekly_letters")
def weekly_letters() -> None:
    """Each hour from Monday to Wednesday: the letters of the week where the Monday has come, once."""
    with alone("routing.weekly_letters") as free:
        if free:
            log.info("weekly_letters %s", weekly.put_out(timezone.now()))


def weigh_what_was_lost(now: datetime.datetime, deadline: Deadline) -> int:
    """Forward what no worker has weighed, oldest first. How many were looked at; one that fails waits for the next."""
    seen, last = 0, 0
    while not deadline.is_over():
        batch = list(
            Disposition.objects.unweighed()
            .filter(received_at__lte=now - ON_ITS_WAY, pk__gt=last)
            .order_by("pk")
            .values_list("pk", "complaint_id")[:BATCH]
        )
        for _stint, complaint in batch:
            attempt("forward", complaint, lambda complaint=complaint: dispatch.forward_by_itself(complaint))  # type: ignore[misc]
        seen += len(batch)
        if len(batch) < BATCH:
            break
        last = batch[-1][0]
    return seen


def what_the_date_brings(now: datetime.datetime, deadline: Deadline | None = None) -> dict[str, int]:
    """The hourly sweep: offices that ended, promises missed, reporters who stayed silent, reminders, the ladder.

    Returns how many of each; a second run at the same instant finds nothing.
    """
    deadline = deadline or Deadline(HOUR)
    today = date_in(JAKARTA, now)
    counts = dict.fromkeys(
        (
            "planned",
            "succeeded",
            "warned",
            "moved",
            "overdue",
            "unverified",
            "ended",
            "reminded",
            "due_soon",
            "climbed",
            "helpers",
            "accounts",
        ),
        0,
    )
    counts["planned"] = reorganising.carry_out(now, today, deadline)
    counts["succeeded"] = reorganising.succeed(now, today, deadline)
    for office in ground.offices_without_ground(today):
        attempt("clear", office.pk, lambda office=office: _add(counts, "moved", ground.clear(office, now, deadline)))  # type: ignore[misc]
    counts["warned"] = away.warn(now, today)
    counts["overdue"] = overdue.note_missed(now, deadline)
    counts["unverified"] = overdue.forward_unverified(now, deadline)
    counts["ended"] = overdue.run_out(now, deadline)
    almanac = Almanac(today - datetime.timedelta(days=400))
    for page in pages(reminders.of_reporters(today, almanac), deadline):
        counts["reminded"] += reminders.remind_reporters(page, now, almanac)
    for page in pages(reminders.of_officers(today, almanac), deadline):
        counts["due_soon"] += reminders.remind_officers(page, now, almanac)
    for page in pages(escalation.late_clocks(), deadline):
        counts["climbed"] += escalation.climb(page, now, almanac)
    for tasks in pages(helping.coming_due(today, almanac), deadline):
        counts["helpers"] += helping.tell_what_is_due(tasks, now, almanac)
    for rows in pages(call_ups.past_due(today), deadline):
        counts["accounts"] += call_ups.remind(rows, now, almanac)
    return counts


def _add(counts: dict[str, int], name: str, more: int) -> bool:
    counts[name] += more
    return True


@shared_task(name="routing.tasks.refresh_home")
def refresh_home() -> None:
    """The week and the register as the home page tells them."""
    with alone("routing.figures.home") as free:
        if free:
            figures.refresh_home()


@shared_task(name="routing.tasks.refresh_register")
def refresh_register() -> None:
    """The open part of the register of the unanswered, summed for every office."""
    with alone("routing.unanswered") as free:
        if free:
            unanswered.refresh()


@shared_task(name="routing.tasks.fill_register")
def fill_register() -> None:
    """Each night: rows that the events of the last days tell and nobody wrote, as after a new version came up."""
    with alone("routing.fill_register") as free:
        if free:
            since = timezone.now() - register_filling.NIGHTLY
            done = register_filling.fill(register_filling.begin_of(since), Deadline(HOUR).is_over)
            log.log(logging.WARNING if done else logging.INFO, "fill_register %s", done)


@shared_task(name="routing.tasks.redate")
def redate_what_was_missed() -> None:
    """Each night: promises that began while a change of the calendar was being written."""
    with alone("routing.redate") as free:
        if free:
            done = redate.catch_up(timezone.now())
            log.log(logging.WARNING if done else logging.INFO, "redate %s", done)


@shared_task(name="routing.tasks.refresh_months")
def refresh_months() -> None:
    """Statistics of this month and the one before it."""
    with alone("routing.figures.months") as free:
        if free:
            figures.refresh_months(months=1)


@shared_task(name="routing.tasks.refresh_year")
def refresh_year() -> None:
    """The older months too: what was answered late since changes them."""
    with alone("routing.figures.months") as free:
        if free:
            figures.refresh_months()


@shared_task(name="routing.tasks.refresh_standing")
def refresh_standing() -> None:
    """What every office has open now and how far each programme is, for the pages of the country and of the
    provinces."""
    with alone("routing.standing") as free:
        if free:
            standing.refresh()
            programme_sums.refresh()


@shared_task(name="routing.tasks.count_events")
def count_events() -> None:
    """Each minute: the figures of what happened since, and what a run before had no time for."""
    with alone(ledger.ALONE) as free:
        if free and ledger.keep_up(is_over=Deadline(HOUR).is_over):
            nudge("routing.tasks.count_events")


@shared_task(name="routing.tasks.tend_evaluations")
def tend_evaluations() -> None:
    """Every ten minutes, and when somebody asked for it: turns of a yearly evaluation that ended, its letters, and the
    years that are to be counted."""
    with alone("routing.evaluation") as free:
        if free:
            cycle.tend(timezone.now())
            if cycle.go_on(is_over=Deadline(HOUR).is_over):
                nudge("routing.tasks.tend_evaluations")


@shared_task(name="routing.tasks.check_figures")
def check_figures() -> None:
    """Each night: whether the figures are what the events say. A difference is an alarm."""
    with alone(ledger.ALONE) as free:
        if free:
            log.info("check_figures %s", checking.check() or "ok")


@shared_task(name="routing.tasks.tell_splits")
def tell_splits() -> None:
    """Every ten minutes: what may be told of a quarter that is over, by category and channel."""
    with alone("routing.splits") as free:
        if free:
            splits.tell_what_is_over(is_over=Deadline(MINUTE).is_over)


@shared_task(name="routing.tasks.hand_out_readings")
def hand_out_readings() -> None:
    """Each hour: drawn answers that wait for a reader, and those whose reader was silent."""
    with alone("routing.readings") as free:
        if free:
            readings.hand_out(timezone.now())


@shared_task(name="routing.tasks.count_signals")
def count_signals() -> None:
    """Each night: what may be gaming, of this year; until March of the one before too."""
    deadline = Deadline(HOUR)
    with alone("routing.signals") as free:
        if free:
            today = date_in(JAKARTA, timezone.now())
            for year in (today.year, today.year - 1) if today.month <= 3 else (today.year,):
                signals.count_all(year, is_over=deadline.is_over)


@shared_task(name="routing.tasks.deliver_webhook")
def deliver_webhook(pk: int) -> None:
    sending.send_one(pk)


@shared_task(name="routing.tasks.deliver_due")
def deliver_due() -> None:
    """Each minute: what waits its turn, and what a lost nudge left."""
    with alone("routing.deliver") as free:
        if free:
            sending.send_due()


@shared_task(name="routing.tasks.forget_deliveries")
def forget_deliveries() -> None:
    """Each hour: what arrived long ago, and what no system asked for."""
    sending.forget(timezone.now())
    feed.forget(timezone.now())


@shared_task(name="routing.tasks.look_for_rises")
def look_for_rises() -> None:
    """Every ten minutes: topics that a kecamatan suddenly reports far more often."""
    with alone("routing.rises") as free:
        if free:
            rises.look(timezone.now())


@shared_task(name="routing.tasks.learn")
def learn() -> None:
    """Each night: from where cases stayed, whether a better reader of words can be made."""
    with alone("routing.learn") as free:
        if free:
            log.info("learn %s", learning.learn().sentence)
