"""The wiring of the portal; the Celery app is imported so that `@shared_task` finds it."""

from lapor.celery import app as celery_app

__all__ = ["celery_app"]
