"""What the worker does in training alone."""

from celery import shared_task

from lapor.kit.alone import alone
from lapor.training import travel as travelling


@shared_task(name="latihan.travel")
def travel() -> None:
    """The clock's way forward; a run that was lost is begun again from where it stands."""
    with alone("latihan.travel") as free:
        if free:
            travelling.travel()
