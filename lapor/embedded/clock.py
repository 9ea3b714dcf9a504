"""`LAPOR_TEST_CLOCK="2026-12-31 23:55" bin/test …`: tests, database and broker live at another hour.

With libfaketime (Debian: faketime). A shift, the same for each process: their clocks agree, and run on. Not for tests
with a portal of their own: its processes know no `time.sleep` under it.
"""

import datetime
import os
from pathlib import Path
from zoneinfo import ZoneInfo

from lapor.embedded.process import Trouble

WANTED = "LAPOR_TEST_CLOCK"
# What a process must be told to live at that hour, and hands on to its children.
TOLD = ("LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC")


def shift(wanted: str) -> None:
    """From now on whatever this process starts believes that it is `wanted` o'clock in Jakarta."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        raise Trouble(f"{WANTED} memerlukan libfaketime: apt install faketime")
    try:
        there = datetime.datetime.fromisoformat(wanted).replace(tzinfo=ZoneInfo("Asia/Jakarta"))
    except ValueError as error:
        raise Trouble(f'{WANTED}: tulis seperti "2026-12-31 23:55", bukan {wanted!r}') from error
    seconds = (there - datetime.datetime.now(datetime.UTC)).total_seconds()
    # Python's own sleep does not work there.
    path = [*filter(None, [os.environ.get("PYTHONPATH")]), str(Path(__file__).parent / "shifted")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path)
    os.environ |= {"LD_PRELOAD": str(library), "FAKETIME": f"{seconds:+.0f}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def shifted() -> dict[str, str]:
    """For a process that inherits nothing else of the environment."""
    return {name: os.environ[name] for name in TOLD if "FAKETIME" in os.environ and name in os.environ}
