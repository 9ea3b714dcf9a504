"""The beat schedule and the routes name tasks that exist, and every task has a queue that is served."""

import re
from fnmatch import fnmatch

import pytest
from celery import current_app
from django.conf import settings

from lapor import celery
from lapor.celery import AT_START, QUEUES, SCHEDULE
from lapor.embedded.state import ROOT
from lapor.kit.nudge import queue_of

OURS = ("agencies.", "complaints.", "routing.", "lapor.")


@pytest.fixture(scope="module")
def tasks() -> set[str]:
    current_app.loader.import_default_modules()
    return {name for name in current_app.tasks if name.startswith(OURS) and "in_test" not in name}


def test_what_beat_calls_exists(tasks: set[str]) -> None:
    assert {name for name, _, _ in SCHEDULE} <= tasks


def test_beat_and_the_routes_agree(tasks: set[str]) -> None:
    for name, _, queue in SCHEDULE:
        assert queue == queue_of(name), name
        assert queue in QUEUES


def test_a_nudge_lies_on_the_queue_where_celery_itself_would_put_it(tasks: set[str]) -> None:
    route = current_app.amqp.router.route
    assert {name: queue_of(name) for name in tasks} == {name: route({}, name)["queue"].name for name in tasks}


def test_whoever_is_woken_by_name_exists(tasks: set[str]) -> None:
    """What nobody imports nobody checks but this."""
    folders = ("agencies", "complaints", "routing", "lapor")
    files = [file.read_text(encoding="utf-8") for folder in folders for file in (ROOT / folder).rglob("*.py")]
    woken = {name for text in files for name in re.findall(r'\bnudge\(\s*"([^"]+)"', text)}
    assert len(woken) > 5
    # What only a training portal does is loaded only there.
    training = {name for text in files for name in re.findall(r'@shared_task\(name="(latihan\.[^"]+)"', text)}
    assert woken <= tasks | training
    assert not [text for text in files if re.search(r"^\s+nudge\((?!\s*\")", text, re.MULTILINE)], "by name, as said"


def test_what_a_citizen_waits_for_does_not_queue_behind_a_sweep(tasks: set[str]) -> None:
    for name in ("routing.tasks.forward_by_itself", "complaints.tasks.send_notification"):
        assert name in tasks
        assert any(fnmatch(name, pattern) for pattern in settings.CELERY_TASK_ROUTES)


def test_the_figures_are_counted_when_beat_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(celery.app, "send_task", lambda name, queue, **_: sent.append((name, queue)))
    celery.count_at_start()
    scheduled = {(name, queue) for name, _, queue in SCHEDULE}
    assert sent == [(name, "sweep") for name in AT_START]
    assert set(sent) <= scheduled
