"""Wake a worker after commit; never let Redis fail or slow a request.

A nudge is only that: whatever a lost one missed, a sweep finds within a minute. So it is sent once, with timeouts of
0.2 s, its errors are swallowed and counted, and after one error no nudge is tried for 5 s.

It is written straight onto its queue, in the words of Celery's message protocol 2 as kombu keeps them in Redis
(https://docs.celeryq.dev/en/stable/internals/protocol.html); `apply_async` would take ten times the processor time of
the same LPUSH, and a filing sends two (tests/lapor/test_nudge.py lets kombu itself read what stands there). A task is
named, not imported: a web worker holds neither Celery nor what only tasks need, and whoever stands below the tasks may
wake them too.
"""

import base64
import json
import logging
import time
import uuid
from fnmatch import fnmatchcase
from functools import cache, partial
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

TIMEOUT = 0.2
PAUSE = 5.0

lost = 0
"""How many nudges this process gave up since it started."""

_silent_until = 0.0


def nudge(task: str, *args: Any) -> None:
    """Send the task of this name with `args` (ids, not objects) once the current transaction has committed; at once
    outside of one."""
    after_commit(task, *args)


def after_commit(task: str, *args: Any) -> None:
    """The seam where tests listen."""
    transaction.on_commit(partial(_send, task, *args), robust=True)


def _send(task: str, *args: Any) -> None:
    global lost, _silent_until
    if time.monotonic() < _silent_until:
        lost += 1
        return
    try:
        _broker().lpush(queue_of(task), message(task, args))
    except (RedisError, OSError) as error:
        lost += 1
        _silent_until = time.monotonic() + PAUSE
        log.warning("nudge %s lost (%d so far): %s", task, lost, error)


def message(task: str, args: tuple[Any, ...]) -> str:
    """One call of a task as a worker takes it from its queue."""
    task_id = str(uuid.uuid4())
    nothing = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
    headers: dict[str, Any] = {
        "lang": "py", "task": task, "id": task_id, "root_id": task_id, "parent_id": None, "group": None,
        "group_index": None, "shadow": None, "eta": None, "expires": None, "retries": 0,
        "timelimit": [settings.CELERY_TASK_TIME_LIMIT, settings.CELERY_TASK_SOFT_TIME_LIMIT],
        "argsrepr": repr(args), "kwargsrepr": "{}",
        "origin": "nudge", "ignore_result": True,
        "replaced_task_nesting": 0, "stamped_headers": None, "stamps": {},
    }  # fmt: skip
    properties = {
        "correlation_id": task_id,
        "reply_to": "",
        "delivery_mode": 2,
        "delivery_info": {"exchange": "", "routing_key": queue_of(task)},
        "priority": 0,
        "body_encoding": "base64",
        "delivery_tag": str(uuid.uuid4()),
    }
    return json.dumps(
        {
            "body": base64.b64encode(json.dumps([args, {}, nothing]).encode()).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": headers,
            "properties": properties,
        }
    )


@cache
def queue_of(name: str) -> str:
    """Where the routes send a task of this name: the first that fits, as Celery reads them."""
    fitting = (queue for pattern, queue in settings.CELERY_TASK_ROUTES.items() if fnmatchcase(name, pattern))
    return str(next(fitting, settings.CELERY_TASK_DEFAULT_QUEUE))


@cache
def _broker() -> redis.Redis:
    """A line of our own, that gives up at once: with the worker's options a silent broker would be waited for."""
    return redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_connect_timeout=TIMEOUT,
        socket_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )
