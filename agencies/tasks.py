"""Sessions that ran out are forgotten."""

from celery import shared_task

from lapor.kit.sessions import SessionStore


@shared_task(name="agencies.tasks.forget_sessions")
def forget_sessions() -> None:
    SessionStore.clear_expired()
