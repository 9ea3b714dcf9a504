"""`bin/test`: the checks, then pytest against a PostgreSQL and a Valkey of its own in `var/test`."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from lapor.embedded.process import children_of
from lapor.embedded.services import Services
from lapor.embedded.state import ROOT, State

# Minutes for all tests together; each alone has its own limit (pyproject.toml). Beyond it something hangs for good.
LIMIT = 50

QUICK = "not e2e and not peers and not slow"
CHECKS = (
    ("gaya", ["ruff", "check", "."]),
    ("bentuk", ["ruff", "format", "--check", "."]),
    ("batas", ["lint-imports"]),
    ("migrasi", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("tipe", ["mypy", "lapor", "agencies", "complaints", "routing", "tests"]),
)


def test(arguments: list[str]) -> int:
    """No argument: checks and every quick test. `--all`: the slow ones too. Anything else goes to pytest as it is."""
    everything = "--all" in arguments
    chosen = [argument for argument in arguments if argument != "--all"]
    state = State.open(ROOT / "var" / "test")
    if not state.lock():
        print("Menunggu bin/test lain di folder ini selesai …", flush=True)
        state.lock(wait=True)
    state.end_leftovers()
    given = {name: value for name, value in os.environ.items() if not name.startswith("LAPOR_")}
    services = Services(state, durable=False, connections=300, given=given)
    # Ctrl-C reaches pytest too (same terminal); we only wait for it and then stop the servers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started = time.monotonic()
    services.start()
    environment = services.environment() | {"LAPOR_DATABASE_POOL": "0"}
    environment["PATH"] = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    try:
        failed = False if chosen else check(environment)
        code = pytest([sys.executable, "-m", "pytest", *marked(chosen, everything)], environment)
    finally:
        services.stop()
    print(f"Selesai dalam {time.monotonic() - started:.0f} detik.")
    return code or int(failed)


def marked(chosen: list[str], everything: bool) -> list[str]:
    """Files or names given: run just those in one process. Otherwise all, on as many processes as there are cores."""
    if chosen:
        return chosen
    return ["-n", "auto", "--dist", "loadgroup", "-q", *([] if everything else ["-m", QUICK])]


def pytest(command: list[str], environment: dict[str, str]) -> int:
    """Its exit code. A run that hangs is ended after LIMIT minutes, and each of its processes says where it stood."""
    running = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return running.wait(LIMIT * 60)
    except subprocess.TimeoutExpired:
        print(f"\nTes belum selesai sesudah {LIMIT} menit: dihentikan.", flush=True)
        # faulthandler, which pytest switches on in each of them, answers this signal with a traceback.
        for pid in [*children_of(running.pid), running.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGABRT)
        with suppress(subprocess.TimeoutExpired):
            running.wait(10)
        running.kill()
        return running.wait()


def check(environment: dict[str, str]) -> bool:
    """True when one of the checks failed. They run side by side; each prints only what it found."""
    running = [
        (name, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
        for name, command in CHECKS
    ]
    failed = False
    for name, process in running:
        said, _ = process.communicate()
        print(f"{name:8} {'ya' if process.returncode == 0 else 'TIDAK'}", flush=True)
        if process.returncode:
            failed = True
            print(said.decode(errors="replace"))
    return failed
