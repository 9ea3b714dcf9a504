"""How programs are ended: in a time that is known before, however little they care."""

from __future__ import annotations

import time
from pathlib import Path

from lapor.embedded.process import Child, free_port, hold, stop_together, wait_until


def stubborn(folder: Path, name: str) -> Child:
    """Hears no SIGTERM."""
    ready = folder / f"{name}.siap"
    child = Child(name, ["sh", "-c", f"trap '' TERM; touch {ready}; while :; do sleep 1; done"], folder / f"{name}.log")
    child.start()
    assert wait_until(ready.exists, 10)
    return child


def test_who_does_not_leave_costs_the_others_no_more_time(tmp_path: Path) -> None:
    children = [stubborn(tmp_path, name) for name in ("satu", "dua", "tiga")]
    began = time.monotonic()
    stop_together(children, 1)
    assert 1 <= time.monotonic() - began < 2.5, "one second for the three of them, not for each"
    assert not any(child.alive for child in children)


def test_who_leaves_at_once_is_not_waited_for(tmp_path: Path) -> None:
    child = Child("sopan", ["sleep", "60"], tmp_path / "sopan.log")
    child.start()
    began = time.monotonic()
    stop_together([child], 30)
    assert time.monotonic() - began < 5
    assert not child.alive


def test_of_two_portals_that_start_at_once_one_gets_the_port() -> None:
    port = free_port(28000)
    first = hold(port)
    assert first is not None
    assert hold(port) is None
    other = hold(port + 1)
    assert other is not None
    other.close()
    first.close()
    again = hold(port)
    assert again is not None
    again.close()
