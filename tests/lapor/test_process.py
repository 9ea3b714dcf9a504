"""A child process of the supervisor."""

import os
import sys
from pathlib import Path

from lapor.embedded.portal import programs
from lapor.embedded.process import Child, wait_until
from lapor.embedded.state import State


def test_a_patient_child_steps_back_for_the_others(tmp_path: Path) -> None:
    said = tmp_path / "said"
    ask = [sys.executable, "-c", "import os; print(os.nice(0), flush=True)"]
    child = Child("sabar", ask, said, environment=dict(os.environ), patience=5)
    child.start()
    wait_until(lambda: not child.alive, 10)
    assert int(said.read_text()) == os.nice(0) + 5


def test_whoever_stands_at_a_door_goes_before_the_workers(tmp_path: Path) -> None:
    patience = {name: child.patience for name, child in programs(State(tmp_path), {}, 8000).items()}
    assert patience["web"] == patience["beat"] == 0 < patience["worker"] < patience["sweeper"]
