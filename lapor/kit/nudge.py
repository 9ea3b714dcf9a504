"""Wake a worker after commit; never let Redis fail or slow a request.

A nudge is only that: whatever a lost one missed, a sweep finds within a minute. So it is sent once, with timeouts of
0.2 s, its errors are swallowed and counted, and after one error no nudge is tried for 5 s.
"""

import logging
import time
from functools import cache, partial
from typing import Any

from celery import Task, current_app
from django.db import transaction
from kombu import Connection
from kombu.connection import ConnectionPool
from kombu.exceptions import LimitExceeded, OperationalError
from kombu.pools import ProducerPool
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

TIMEOUT = 0.2
PAUSE = 5.0
POOL = 8
BROKER_ERRORS = (OperationalError, RedisError, LimitExceeded)

lost = 0
"""How many nudges this process gave up since it started."""

_silent_until = 0.0


def nudge(task: Task[Any, Any], *args: Any) -> None:
    """Send `task` with `args` (ids, not objects) once the current transaction has committed; at once outside of one."""
    after_commit(task, *args)


def after_commit(task: Task[Any, Any], *args: Any) -> None:
    """The seam where tests listen."""
    transaction.on_commit(partial(_send, task, *args), robust=True)


def _send(task: Task[Any, Any], *args: Any) -> None:
    global lost, _silent_until
    if time.monotonic() < _silent_until:
        lost += 1
        return
    try:
        with _producers().acquire(block=True, timeout=TIMEOUT) as producer:
            task.apply_async(args, producer=producer, retry=False, ignore_result=True)
    except (*BROKER_ERRORS, OSError) as error:
        lost += 1
        _silent_until = time.monotonic() + PAUSE
        log.warning("nudge %s lost (%d so far): %s", task.name, lost, error)


@cache
def _producers() -> ProducerPool:
    """A pool of our own: with the worker's options a silent broker would be waited for."""
    options = current_app.conf.broker_transport_options | {
        "socket_connect_timeout": TIMEOUT,
        "socket_timeout": TIMEOUT,
        "retry_on_timeout": False,
        "max_retries": 0,
    }
    broker = Connection(current_app.conf.broker_url, connect_timeout=TIMEOUT, transport_options=options)
    return ProducerPool(ConnectionPool(broker, POOL), limit=POOL)
