"""Where the portal keeps what it must not forget: `var/`, and as root the place PostgreSQL's account can reach."""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lapor.embedded.process import Trouble, kill_session, started_at

ROOT = Path(__file__).resolve().parents[2]
TRAINING = "latihan"
SYSTEM_STATE = Path("/var/lib/lapor")


def own_folder() -> Path:
    """LAPOR_STATE_DIR, else var/; in training a folder of its own inside, as the settings have it."""
    folder = Path(os.environ.get("LAPOR_STATE_DIR") or ROOT / "var")
    if os.environ.get("LAPOR_MODE") == TRAINING and folder.name != TRAINING:
        return folder / TRAINING
    return folder


@dataclass
class State:
    """One folder of state; `postgres` may lie elsewhere (see `home_for_postgres`)."""

    folder: Path
    _lock: IO[str] | None = None

    @classmethod
    def open(cls, folder: Path) -> "State":
        """Make the folder when it is missing; say in words when it cannot be written."""
        folder = folder.absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "log").mkdir(exist_ok=True)
            (folder / "run").mkdir(mode=0o700, exist_ok=True)
            trial = folder / "run" / f"tulis.{os.getpid()}"
            trial.write_text("")
            trial.unlink()
        except OSError as error:
            raise Trouble(
                f"Folder {folder} tidak dapat ditulis ({error.strerror}). Beri Anda hak menulis di sana, "
                "atau tunjuk folder lain dengan LAPOR_STATE_DIR=/folder/lain."
            ) from error
        return cls(folder)

    @property
    def run(self) -> Path:
        return self.folder / "run"

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def lock(self, wait: bool = False) -> bool:
        """Hold this folder for as long as the process lives; False when another one holds it. Survives no kill."""
        lock = (self.run / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            lock.close()
            return False
        self._lock = lock
        return True

    def secret(self, name: str) -> str:
        """A random word kept in a file only we can read; made on first use."""
        return secret_in(self.run / name)

    # --- what runs now, for a second bin/run, for bin/manage and for the next start after a kill ---

    def note(self, **facts: Any) -> None:
        """Whole at any moment: others read it while we write."""
        fresh = self.run / "portal.json.baru"
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps({"pid": os.getpid(), **facts}))
        fresh.replace(self.run / "portal.json")

    def noted(self) -> dict[str, Any]:
        try:
            facts: dict[str, Any] = json.loads((self.run / "portal.json").read_text())
        except (OSError, ValueError):
            return {}
        return facts

    def forget(self) -> None:
        (self.run / "portal.json").unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """Kill sessions a killed supervisor left behind; only those whose start time still fits their id."""
        for pid, ticks in self.noted().get("children", {}).items():
            if started_at(int(pid)) == ticks:
                kill_session(int(pid))
        self.forget()


def secret_in(path: Path) -> str:
    if path.exists():
        return path.read_text().strip()
    word = secrets.token_urlsafe(48)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(word)
    return word


def account_for_postgres() -> tuple[int, int] | None:
    """PostgreSQL refuses to run as root; it then runs as `nobody`. None: as whoever we are."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def reachable_by_all(path: Path) -> bool:
    """Every folder on the way may be passed through by anyone, and the last one read."""
    try:
        on_the_way = all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
        return on_the_way and path.stat().st_mode & 0o005 == 0o005
    except OSError:
        return False


def home_for_postgres(state: State) -> Path:
    """`var/postgres`; as root, when PostgreSQL's account cannot reach that, a folder of the system's state.

    Where data lies already, it stays: rights that change later must not make a portal look empty.
    """
    inside = state.folder / "postgres"
    if account_for_postgres() is None:
        return inside
    name = hashlib.sha256(str(state.folder.resolve()).encode()).hexdigest()[:12]
    outside = SYSTEM_STATE / name / "postgres"
    for home in (inside, outside):
        if (home / "data" / "PG_VERSION").exists():
            return home
    return inside if reachable_by_all(state.folder) else outside
