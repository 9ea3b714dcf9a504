"""Tasks: nudges that take ids, call one verb and may run twice. What a lost one missed, the next minute finds."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from complaints import alerts, arrivals, attachments, disclosures, remote, short_links, support
from complaints.channels.registry import CHANNELS
from complaints.models import Draft, Replay, Talk
from complaints.notifications import delivery, peers
from lapor.kit.alone import alone
from lapor.kit.nudge import nudge


@shared_task(name="complaints.tasks.send_notification")
def send_notification(pk: int, medium: str = "") -> None:
    """One letter. To a slow peer there is one sender at a time: whoever comes second leaves it to that one."""
    if medium and peers.is_slow(medium):
        send_due_by(medium)
    else:
        delivery.send_one(pk)


@shared_task(name="complaints.tasks.send_due")
def send_due() -> None:
    """One task a medium, so that a slow peer holds up no other."""
    for medium in delivery.media_due(timezone.now()):
        nudge("complaints.tasks.send_due_by", medium)


@shared_task(name="complaints.tasks.send_due_by")
def send_due_by(medium: str) -> None:
    with alone(f"send-{medium}") as mine:
        if mine:
            delivery.send_due(medium=medium)


@shared_task(name="complaints.tasks.receive_arrival")
def receive_arrival(pk: int) -> None:
    arrivals.understand(pk)


@shared_task(name="complaints.tasks.receive_waiting")
def receive_waiting() -> None:
    arrivals.understand_waiting()


@shared_task(name="complaints.tasks.receive_pulls")
def receive_pulls() -> None:
    """One task for each channel that has to ask for its messages, so that a slow peer holds up no other."""
    for channel in CHANNELS.values():
        if channel.pull is not None and channel.hears:
            nudge("complaints.tasks.receive_pull", channel.code)


@shared_task(name="complaints.tasks.receive_pull")
def receive_pull(code: str) -> None:
    pull = CHANNELS[code].pull
    with alone(f"pull-{code}") as mine:
        if mine and pull is not None:
            pull()


@shared_task(name="complaints.tasks.purge_arrivals")
def purge_arrivals() -> None:
    """Raw messages hold personal data: forgotten once they were understood long enough ago."""
    arrivals.purge()


@shared_task(name="complaints.tasks.forget_short_links")
def forget_short_links() -> None:
    """Those of SMS that have ended."""
    short_links.forget(timezone.now())


@shared_task(name="complaints.tasks.receive_file")
def receive_file(pk: int) -> None:
    """A file that came as an address."""
    remote.bring(pk)


@shared_task(name="complaints.tasks.receive_files")
def receive_files() -> None:
    remote.bring_waiting()


@shared_task(name="complaints.tasks.check_attachment")
def check_attachment(pk: int) -> None:
    attachments.check(pk)


@shared_task(name="complaints.tasks.check_attachments")
def check_attachments() -> None:
    attachments.check_waiting()


@shared_task(name="complaints.tasks.forget_drafts")
def forget_drafts() -> None:
    """What was typed and never sent is kept for two weeks and no longer, nor an address nobody confirmed; answers to
    machines for one."""
    Draft.objects.forget(timezone.now())
    Talk.objects.forget(timezone.now())
    Replay.objects.forget(timezone.now())
    support.forget_unconfirmed(timezone.now())
    alerts.forget(timezone.now())


@shared_task(name="complaints.tasks.put_out_alerts")
def put_out_alerts() -> None:
    """Each ten minutes: the letters of alerts whose morning has come; what a run has no time for is the next one's."""
    with alone("alerts") as mine:
        if mine:
            alerts.put_out(timezone.now())


@shared_task(name="complaints.tasks.watch_disclosures")
def watch_disclosures() -> None:
    """Each hour: disclosures whose date has passed, or that too few may read."""
    with alone("disclosures") as mine:
        if mine:
            disclosures.watch(timezone.now())
