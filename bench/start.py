"""From `bin/run` to a page that is served: on a machine that has nothing yet, the second time, and the end.

    python bench/start.py [--warm]        --warm: with the libraries this copy has, without downloading any

Copies what git knows into a folder of its own, with an empty package cache and no data. Promises on two cores: first
start ≤ 90 s, later ≤ 8 s, Ctrl-C ≤ 10 s and nobody left. Beside the clock stands the processor's time, which other
programs on the machine disturb less.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


def main(warm: bool) -> None:
    place = Path(tempfile.mkdtemp(prefix="lapor-mulai-"))
    place.chmod(0o755)
    try:
        subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(place / "lapor")], check=True)
        if warm:
            for folder in (".venv", ".tools"):
                (place / "lapor" / folder).symlink_to(ROOT / folder)
        caches = {"UV_CACHE_DIR": str(place / "uv"), "PIP_CACHE_DIR": str(place / "pip")}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LAPOR_")} | caches
        run_once("pertama", place, environment, 90)
        run_once("berikutnya", place, environment, 8)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def run_once(name: str, place: Path, environment: dict[str, str], limit: float) -> None:
    began = time.monotonic()
    command = [str(place / "lapor" / "bin" / "run")]
    portal = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    assert portal.stdout is not None
    for line in portal.stdout:
        if line.startswith("Siap: "):
            break
    else:
        raise SystemExit("Portal tidak dimulai.")
    print(
        f"mulai {name}: {time.monotonic() - began:.1f} s (batas {limit:.0f}), prosesor {spent(place):.1f} s", flush=True
    )
    began = time.monotonic()
    os.killpg(portal.pid, signal.SIGINT)
    portal.stdout.read()
    portal.wait()
    print(f"Ctrl-C: {time.monotonic() - began:.1f} s (batas 10), tersisa {len(processes(place))} proses", flush=True)


def processes(place: Path) -> list[Path]:
    """Everybody who knows the folder from the command line or the environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(place) in words:
            found.append(folder)
    return found


def spent(place: Path) -> float:
    """Processor seconds of all of them and of the children they have buried."""
    total = 0
    for process in processes(place):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


if __name__ == "__main__":
    main("--warm" in sys.argv)
