"""Read by each Python that lives at another hour (lapor/embedded/clock.py): libfaketime 0.9 refuses the call behind
`time.sleep`, not the one behind select."""

import select
import time
from typing import Any


def _sleep(seconds: Any) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = _sleep
