"""The Celery app: queues, delivery rules and the whole beat schedule in one table. Workers and beat load it, a web
worker never does: it wakes tasks by their names (lapor.kit.nudge); which queue is whose stands in the settings.

Celery is only the trigger: every task takes ids, may run twice, and whatever a lost nudge missed a sweep finds in
PostgreSQL.
"""

import os
import sys
from typing import Any

from celery import Celery
from celery.schedules import crontab, schedule
from celery.signals import beat_init, task_postrun, task_prerun
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapor.settings")

app = Celery("lapor")
app.config_from_object("django.conf:settings", namespace="CELERY")

# What somebody waits for, and what runs by the clock: two workers, so that a long sweep holds no report up.
AT_ONCE = ("arrivals", "forward", "notify")
BY_THE_CLOCK = ("sweep", "learn", "deliver")
QUEUES = AT_ONCE + BY_THE_CLOCK

# How long what a lost nudge missed may lie before it is looked for: a minute, or as many seconds as the variable says
# (the settings, which are not read yet, refuse what is no number).
_SAID = os.environ.get("LAPOR_SWEEP_SECONDS", "")
_SECONDS = int(_SAID) if _SAID.isdecimal() else 60
EACH_MINUTE = crontab() if _SECONDS == 60 else schedule(_SECONDS)

# Name of the task, when it runs (Asia/Jakarta), on which queue.
SCHEDULE = (
    ("routing.tasks.sweep", EACH_MINUTE, "sweep"),
    ("routing.tasks.sweep_dates", crontab(minute="3"), "sweep"),
    ("routing.tasks.refresh_home", crontab(), "sweep"),
    ("routing.tasks.refresh_register", crontab(minute="*/5"), "sweep"),
    ("routing.tasks.look_for_rises", crontab(minute="4-59/10"), "sweep"),
    ("routing.tasks.refresh_months", crontab(minute="*/10"), "sweep"),
    ("routing.tasks.refresh_standing", crontab(minute="2-59/5"), "sweep"),
    ("routing.tasks.refresh_year", crontab(hour="2", minute="30"), "sweep"),
    ("routing.tasks.count_events", crontab(), "sweep"),
    ("routing.tasks.tend_evaluations", crontab(minute="6-59/10"), "sweep"),
    ("routing.tasks.check_figures", crontab(hour="3", minute="30"), "sweep"),
    ("routing.tasks.redate", crontab(hour="1", minute="20"), "sweep"),
    ("routing.tasks.fill_register", crontab(hour="3", minute="50"), "sweep"),
    ("routing.tasks.tell_splits", crontab(minute="9-59/10"), "sweep"),
    ("routing.tasks.count_signals", crontab(hour="4", minute="10"), "sweep"),
    ("routing.tasks.hand_out_readings", crontab(minute="22"), "sweep"),
    ("routing.tasks.learn", crontab(hour="2", minute="45"), "learn"),
    ("routing.tasks.morning_letters", crontab(hour="7", minute="0"), "notify"),
    ("routing.tasks.weekly_letters", crontab(minute="1", day_of_week="mon,tue,wed"), "sweep"),
    ("routing.tasks.deliver_due", EACH_MINUTE, "deliver"),
    ("routing.tasks.forget_deliveries", crontab(minute="47"), "sweep"),
    ("complaints.tasks.send_due", EACH_MINUTE, "notify"),
    ("complaints.tasks.receive_waiting", EACH_MINUTE, "arrivals"),
    ("complaints.tasks.receive_pulls", EACH_MINUTE, "arrivals"),
    ("complaints.tasks.receive_files", EACH_MINUTE, "arrivals"),
    ("complaints.tasks.check_attachments", EACH_MINUTE, "arrivals"),
    ("complaints.tasks.purge_arrivals", crontab(minute="37"), "sweep"),
    ("agencies.tasks.forget_sessions", crontab(hour="3", minute="7"), "sweep"),
    ("complaints.tasks.forget_drafts", crontab(minute="17"), "sweep"),
    ("complaints.tasks.put_out_alerts", crontab(minute="5-59/10"), "sweep"),
    ("complaints.tasks.watch_disclosures", crontab(minute="12"), "sweep"),
    ("complaints.tasks.forget_short_links", crontab(minute="27"), "sweep"),
)


def expires(when: schedule | crontab) -> float:
    """Seconds after which a run that has not begun is left to the next one."""
    if when is EACH_MINUTE:
        return 0.9 * _SECONDS
    return 55 if when == crontab() else 3000


app.conf.update(
    timezone="Asia/Jakarta",
    task_queues=[Queue(name) for name in QUEUES],
    task_create_missing_queues=False,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    # kB: a process that has learnt once (scikit-learn stays loaded) makes room for a small one.
    worker_max_memory_per_child=300_000,
    broker_connection_retry_on_startup=True,
    # A task lost with its worker is given again after visibility_timeout seconds (longer than the longest task) plus
    # at most interval x throttle; kombu's own defaults would make that an hour and 100 s.
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    },
    beat_schedule={
        name: {
            "task": name,
            "schedule": when,
            # A run that waited longer than its turn is dropped: the next one does its work.
            "options": {"queue": queue, "expires": expires(when)},
        }
        for name, when, queue in SCHEDULE
    },
)
app.autodiscover_tasks()


# Figures that everybody sees: counted as soon as the portal is up, not a minute or ten later.
AT_START = (
    "routing.tasks.refresh_register",
    "routing.tasks.refresh_home",
    "routing.tasks.refresh_months",
    "routing.tasks.count_events",
)


@beat_init.connect
def count_at_start(**_signal: Any) -> None:
    for name in AT_START:
        app.send_task(name, queue="sweep", expires=300)


# Celery itself would close the whole pool after every task, and opening one costs more than most tasks do. So it is
# told to wait for ever, and a task gives its connection back to the pool as a request does (bench/desk_arrival.py).
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize


@task_prerun.connect
@task_postrun.connect
def give_back_connections(**_signal: Any) -> None:
    """A connection that broke is dropped, one that works waits in the pool for the next task."""
    from django.db import close_old_connections

    close_old_connections()
