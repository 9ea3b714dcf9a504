"""Waking the worker never fails or slows what woke it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app, shared_task
from django.db import transaction

from lapor.kit import nudge as kit

NOTE = "routing.tasks.forward_in_test"


@shared_task(name=NOTE)
def note(pk: int) -> None: ...


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(kit, "_send", lambda *args: sent.append(args))
    return sent


@pytest.mark.django_db
def test_nothing_is_sent_before_the_commit(sent: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        kit.nudge(NOTE, 7)
        assert sent == []
    assert sent == [(NOTE, 7)]


@pytest.mark.django_db
def test_what_was_rolled_back_wakes_nobody(sent: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    def fail_after_nudging() -> None:
        with transaction.atomic():
            kit.nudge(NOTE, 7)
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        fail_after_nudging()
    assert sent == []


def test_a_dead_broker_costs_a_fifth_of_a_second_once_and_then_nothing(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(kit, "_silent_until", 0.0)
    monkeypatch.setattr(kit, "lost", 0)
    kit._broker.cache_clear()
    began = time.monotonic()
    for pk in range(100):
        kit._send(NOTE, pk)
    kit._broker.cache_clear()
    assert kit.lost == 100
    assert time.monotonic() - began < 1


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The test broker's queue of forwarding, empty before and after."""
    monkeypatch.setattr(kit, "_silent_until", 0.0)
    kit._broker.cache_clear()
    kit._broker().delete("forward")
    yield "forward"
    kit._broker().delete("forward")


def test_a_nudge_reads_as_what_celery_itself_would_have_sent(queue: str) -> None:
    """Through kombu, as a worker takes it; all but the sender's name, its own queue and the ids is the same."""
    kit._send(NOTE, 7)
    note.apply_async((7,), ignore_result=True)
    with current_app.connection_for_read() as broker, broker.SimpleQueue(queue) as waiting:
        ours, theirs = waiting.get(timeout=2), waiting.get(timeout=2)
        ours.ack()
        theirs.ack()
    assert ours.payload == theirs.payload == [[7], {}, dict.fromkeys(("callbacks", "errbacks", "chain", "chord"))]
    assert ours.properties.keys() == theirs.properties.keys()
    assert ours.headers.keys() == theirs.headers.keys()
    own = {"id", "root_id", "origin"}
    assert {k: v for k, v in ours.headers.items() if k not in own} == {
        k: v for k, v in theirs.headers.items() if k not in own
    }
    assert ours.headers["id"] == ours.properties["correlation_id"]
    assert kit._broker().llen("unacked") == 0
