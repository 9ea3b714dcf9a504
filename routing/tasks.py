"""Tasks: nudges that take ids, fetch, call one verb and may run twice. What a lost one missed, the sweep finds."""

from __future__ import annotations

from celery import shared_task

from routing import dispatch


@shared_task(name="routing.tasks.forward_by_itself")
def forward_by_itself(complaint_id: int) -> None:
    dispatch.forward_by_itself(complaint_id)
