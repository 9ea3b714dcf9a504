"""One child process: started in its own session, ended in order, never outliving the supervisor."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


class Trouble(Exception):
    """Something the person at the terminal can act on; the message is for them."""


def _before_exec(parent: int, stop_signal: int, patience: int) -> Callable[[], None]:
    """Linux sends `stop_signal` to the child when its parent is gone, however it went (kill -9 included)."""

    def before_exec() -> None:
        if hasattr(_LIBC, "prctl"):
            _LIBC.prctl(_PR_SET_PDEATHSIG, stop_signal)
        if patience:
            _step_back(patience)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def _step_back(patience: int) -> None:
    """Also for the whole session, which a kernel that groups by session weighs as one (sched(7), autogroup)."""
    os.nice(patience)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(patience))


@dataclass
class Child:
    """A program and, while it runs, its process. Its output goes to `log`.

    `account` is the (uid, gid) to run as, None for our own. `stop_signal` asks it to leave; whoever is still there
    after the time given to `stop` is killed with its whole session. `patience`: how far it steps back for the others
    when the processor is short (nice(2), 0 to 19).
    """

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    account: tuple[int, int] | None = None
    folder: Path = Path("/")
    patience: int = 0
    process: subprocess.Popen[bytes] | None = None
    _log_start: int = 0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        uid, gid = self.account or (None, None)
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment or None,
                cwd=self.folder,
                start_new_session=True,
                user=uid,
                group=gid,
                extra_groups=[] if self.account else None,
                preexec_fn=_before_exec(os.getpid(), self.stop_signal, self.patience),
            )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.alive:
            self.process.send_signal(self.stop_signal)

    def stop(self, seconds: float) -> None:
        """Ask, wait up to `seconds`, then kill what is left of its session."""
        self.ask_to_stop()
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
            self.kill()

    def kill(self) -> None:
        """SIGKILL to the whole session, also when its leader is already gone."""
        if self.process is not None:
            kill_session(self.process.pid)
            self.process.wait()

    def said(self) -> str:
        """What it has logged since it was started."""
        try:
            with self.log.open("rb") as log:
                log.seek(self._log_start)
                return log.read().decode(errors="replace")
        except OSError:
            return ""

    def last_words(self, lines: int = 15) -> str:
        return "\n".join(self.said().splitlines()[-lines:])


def stop_together(children: Sequence[Child], seconds: float) -> None:
    """Ask all of them at once and kill whoever is still there after `seconds`, which they share."""
    end = time.monotonic() + seconds
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop(max(0.0, end - time.monotonic()))


def kill_session(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def started_at(pid: int) -> str | None:
    """A process's start time in kernel ticks, which with its id names it for good; None when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def children_of(pid: int) -> list[int]:
    """Ids of the processes it started itself and that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(folder.name))
    return found


def free_port(first: int, last: int | None = None) -> int:
    """The first loopback port from `first` on that nobody listens at.

    Below 32768: ports above may be taken at any moment by the outgoing connection of another program.
    """
    for port in range(first, (last or first + 200) + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Trouble(f"Tidak ada port yang bebas antara {first} dan {last or first + 200}.")


def hold(port: int) -> socket.socket | None:
    """Ours as long as the socket lives, among all that ask here; None when another one has it.

    Two that start at the same moment both find a port free, and a web server that shares its port with its own
    processes lets both in: half of the requests would reach the other portal. Elsewhere than on Linux nobody is kept
    out (abstract addresses, unix(7)).
    """
    held = socket.socket(socket.AF_UNIX)
    if sys.platform == "linux":
        try:
            held.bind(f"\0lapor port {port}")
        except OSError:
            held.close()
            return None
    return held


def own_port(first: int, folder: Path) -> int:
    """Where the search for a port begins for what lives in `folder`: the same each time, and another than its
    neighbours', so that nobody moves in while it is restarted. Spread over 2,000 ports from `first` on."""
    return first + zlib.crc32(str(folder).encode()) % 200 * 10


def wait_until(ready: Callable[[], bool], seconds: float, while_alive: Iterable[Child] = ()) -> bool:
    """True once `ready()` is; False after `seconds`, or as soon as one of the children is dead."""
    end = time.monotonic() + seconds
    children = list(while_alive)
    while not ready():
        if time.monotonic() > end or not all(child.alive for child in children):
            return False
        time.sleep(0.03)
    return True
