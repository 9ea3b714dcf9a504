"""Tasks: nudges that take ids, call one verb and may run twice. What a lost one missed, the next minute finds."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from complaints import attachments
from complaints.models import Draft
from complaints.notifications import delivery


@shared_task(name="complaints.tasks.send_notification")
def send_notification(pk: int) -> None:
    delivery.send_one(pk)


@shared_task(name="complaints.tasks.send_due")
def send_due() -> None:
    delivery.send_due()


@shared_task(name="complaints.tasks.check_attachment")
def check_attachment(pk: int) -> None:
    attachments.check(pk)


@shared_task(name="complaints.tasks.check_attachments")
def check_attachments() -> None:
    attachments.check_waiting()


@shared_task(name="complaints.tasks.forget_drafts")
def forget_drafts() -> None:
    """What was typed and never sent is kept for two weeks and no longer."""
    Draft.objects.forget(timezone.now())
