"""`bin/manage`: a management command against the running portal, or with its services started for its own time."""

import os
import signal
import subprocess
import sys

from lapor.embedded.services import Services
from lapor.embedded.state import ROOT, State, own_folder


def manage(arguments: list[str]) -> int:
    state = State.open(own_folder())
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    if not state.lock():
        running = state.noted().get("environment")
        if not running:
            print("Portal sedang disiapkan atau dihentikan; ulangi sebentar lagi.", file=sys.stderr)
            return 1
        return subprocess.call(command, env={**os.environ, **running})
    state.end_leftovers()
    # Ctrl-C is for the command; the services stop once it has ended.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    services = Services(state)
    try:
        services.start()
        return subprocess.call(
            command,
            env=services.environment(),
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
        )
    finally:
        services.stop()
