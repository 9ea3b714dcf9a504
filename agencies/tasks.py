"""Sessions that ran out are forgotten; a code that could not be sent is tried again."""

from typing import Any

from celery import Task, shared_task

from agencies import codes
from lapor.kit.sessions import SessionStore


@shared_task(name="agencies.tasks.forget_sessions")
def forget_sessions() -> None:
    SessionStore.clear_expired()


@shared_task(name="agencies.tasks.send_code", bind=True, max_retries=None)
def send_code(self: Task[Any, Any], sealed: str, tries: int) -> None:
    wait = codes.send_again(sealed, tries)
    if wait:
        raise self.retry(args=(sealed, tries + 1), countdown=wait)
