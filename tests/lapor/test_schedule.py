"""The beat schedule and the routes name tasks that exist, and every task has a queue that is served."""

from fnmatch import fnmatch

import pytest
from celery import current_app

from lapor import celery
from lapor.celery import AT_START, QUEUES, ROUTES, SCHEDULE

OURS = ("agencies.", "complaints.", "routing.", "lapor.")


@pytest.fixture(scope="module")
def tasks() -> set[str]:
    current_app.loader.import_default_modules()
    return {name for name in current_app.tasks if name.startswith(OURS) and "in_test" not in name}


def test_what_beat_calls_exists(tasks: set[str]) -> None:
    assert {name for name, _, _ in SCHEDULE} <= tasks


def test_beat_and_the_routes_agree(tasks: set[str]) -> None:
    for name, _, queue in SCHEDULE:
        routed = next((queue for pattern, queue in ROUTES.items() if fnmatch(name, pattern)), "sweep")
        assert queue == routed, name
        assert queue in QUEUES


def test_what_a_citizen_waits_for_does_not_queue_behind_a_sweep(tasks: set[str]) -> None:
    for name in ("routing.tasks.forward_by_itself", "complaints.tasks.send_notification"):
        assert name in tasks
        assert any(fnmatch(name, pattern) for pattern in ROUTES)


def test_the_figures_are_counted_when_beat_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(celery.app, "send_task", lambda name, queue, **_: sent.append((name, queue)))
    celery.count_at_start()
    scheduled = {(name, queue) for name, _, queue in SCHEDULE}
    assert sent == [(name, "sweep") for name in AT_START]
    assert set(sent) <= scheduled
