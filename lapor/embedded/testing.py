"""`bin/test`: the checks, then pytest against a PostgreSQL and a Valkey of its own in `var/test`."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from lapor.embedded import clock
from lapor.embedded.process import children_of
from lapor.embedded.services import Services
from lapor.embedded.state import ROOT, State

# Minutes for all tests together; each alone has its own limit (pyproject.toml). Beyond it something hangs for good.
LIMIT = 50

# Two of a whole run also wait, for a portal and its browser (tests/conftest.py): a third fills that time. A fourth
# gains nothing, both cores are busy.
WORKERS = max(3, len(os.sched_getaffinity(0)))
QUICK = "not e2e and not peers and not slow"
CHECKS = (
    ("gaya", ["ruff", "check", "."]),
    ("bentuk", ["ruff", "format", "--check", "."]),
    ("batas", ["lint-imports"]),
    ("migrasi", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("tipe", ["mypy", "lapor", "agencies", "complaints", "routing", "tests", "bench"]),
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
    if wanted := os.environ.get(clock.WANTED):
        clock.shift(wanted)
    given = {name: value for name, value in os.environ.items() if not name.startswith("LAPOR_")}
    services = Services(state, durable=False, connections=300, given=given)
    # Ctrl-C reaches pytest too (same terminal); we only wait for it and then stop the servers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started = time.monotonic()
    services.start()
    environment = services.environment() | {"LAPOR_DATABASE_POOL": "0"}
    environment["PATH"] = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    checks = [] if chosen else [Check(state, name, command, environment) for name, command in CHECKS]
    try:
        # Told before the tests are those that take a second; the others run beside them.
        failed = [check.name for check in checks[:2] if not check.passed()]
        command = [sys.executable, "-m", "pytest"]
        code = pytest([*command, *marked(chosen, everything)], environment)
        if everything and not chosen:
            # The pages all those tests met, in a browser.
            beside = ["-n", str(WORKERS), "--dist", "loadgroup"]
            code = pytest([*command, *beside, "-q", "tests/e2e/every_page.py"], environment) or code
        failed += [check.name for check in checks[2:] if not check.passed()]
    finally:
        for check in checks:
            check.process.kill()
        services.stop()
    print(f"Selesai dalam {time.monotonic() - started:.0f} detik.")
    return code or int(bool(failed))


def marked(chosen: list[str], everything: bool) -> list[str]:
    """Files or names given: run just those in one process. Otherwise all, on as many processes as there are cores, or
    three."""
    if chosen:
        return chosen
    workers = str(WORKERS) if everything else "auto"
    return ["-n", workers, "--dist", "loadgroup", "-q", *(["--keep-pages"] if everything else ["-m", QUICK])]


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


class Check:
    """One of CHECKS, running. It prints only what it found."""

    def __init__(self, state: State, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name, self.log = name, state.log(name)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def passed(self) -> bool:
        """Waits for it."""
        passed = self.process.wait() == 0
        print(f"{self.name:8} {'ya' if passed else 'TIDAK'}", flush=True)
        if not passed:
            print(self.log.read_text(errors="replace"))
        return passed
