"""The supervisor behind `bin/run`: starts everything in order, says when a page is served, stops it in order."""

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from lapor.celery import AT_ONCE, BY_THE_CLOCK
from lapor.embedded.greeting import greeting, phone_words, training_words
from lapor.embedded.process import Child, Trouble, free_port, hold, started_at, stop_together, wait_until
from lapor.embedded.services import Services, is_produksi
from lapor.embedded.state import ROOT, TRAINING, State, own_folder
from lapor.variables import VARIABLES

FIRST_PORT, FIRST_TRAINING_PORT = 8000, 8100
HELP = "\n".join(
    [
        "bin/run menyiapkan dan menjalankan portal di komputer ini. Berhenti: Ctrl-C.",
        "bin/run --sms menyebut pula alamat ponsel di peramban, untuk mencoba melapor lewat SMS.",
        "bin/run latihan menjalankan portal latihan di sebelahnya, dengan basis data dan port sendiri.",
        "Pengaturan lewat variabel lingkungan; masing-masing juga sebagai NAMA_FILE yang menunjuk berkas isinya:",
        *(f"  {name:22}{words}" for name, words in VARIABLES.items()),
    ]
)


class Stop(BaseException):
    """Somebody asked us to leave."""


def run(arguments: list[str]) -> int:
    if arguments == [TRAINING]:
        # Beside the real one: its own folder, database, broker and port.
        os.environ["LAPOR_MODE"] = TRAINING
        arguments = []
    sms = arguments == ["--sms"]
    if arguments and not sms:
        print(HELP)
        return 0 if arguments[0] in {"-h", "--help"} else 2
    state = State.open(own_folder())
    if not state.lock():
        noted = state.noted()
        print(
            f"Portal sudah berjalan di {noted['url']} (proses {noted['pid']})."
            if "url" in noted
            else "Portal sedang disiapkan atau dihentikan oleh perintah lain di folder ini."
        )
        if sms and "url" in noted:
            print(phone_words(noted["url"], os.environ))
        return 0
    state.end_leftovers()
    portal = Portal(state)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, portal.on_signal)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        portal.start()
        print(greeting(portal.url, state, more_words(portal, sms)), flush=True)
        portal.watch()
    except Stop:
        say("\nMenghentikan portal …")
    finally:
        portal.stop()
    return 0


def more_words(portal: "Portal", sms: bool) -> list[str]:
    if os.environ.get("LAPOR_MODE") == TRAINING:
        return training_words(portal.url, portal.environment()["LAPOR_LATIHAN_KODE"])
    return [phone_words(portal.url, os.environ)] if sms else []


@dataclass
class Portal:
    """Database, broker, web, two workers and beat of one state folder."""

    state: State
    services: Services = field(init=False)
    children: dict[str, Child] = field(default_factory=dict)
    url: str = ""
    stopping: bool = False
    _deaths: list[float] = field(default_factory=list)
    _held: socket.socket | None = None

    def __post_init__(self) -> None:
        self.services = Services(self.state)

    # --- starting ---

    def start(self) -> None:
        """Come back once a page has really been served."""
        say("Menyalakan basis data dan antrean …")
        self.services.start()
        postgres = self.services.postgres
        if postgres and not postgres.home.is_relative_to(self.state.folder):
            say(f"PostgreSQL tidak dapat masuk ke {self.state.folder}; datanya ada di {postgres.home}.")
        self._note()
        say("Menyiapkan tabel dan data …")
        self._upgrade(self.environment())
        self._serve(wanted_port())
        for name in ("worker", "sweeper", "beat", "puller"):
            if name in self.children:
                self.children[name].start()
        environment = self.environment()
        self._note(url=self.url, environment={name: environment[name] for name in SHARED if name in environment})

    def _serve(self, wanted: int) -> None:
        """Web at the wanted port or the next free one, once it has served its first page."""
        port = wanted
        for _attempt in range(20):
            port = free_port(port)
            held = hold(port)
            if held is None:
                # One that is starting as we do.
                port += 1
                continue
            self._held = held
            self.url = f"http://127.0.0.1:{port}/"
            environment = self.environment()
            self.children = programs(self.state, environment, port)
            web = self.children["web"]
            web.start()
            self._note()
            if serves(web, port, environment):
                if port != wanted:
                    say(f"Port {wanted} dipakai program lain; portal memakai {port}.")
                return
            if "Address already in use" not in web.said():
                break
            # Somebody was quicker between our look and the bind.
            port += 1
        raise Trouble(f"Halaman tidak dapat disajikan. Kata terakhir:\n{self.children['web'].last_words()}")

    def environment(self) -> dict[str, str]:
        environment = self.services.environment()
        if self.url and not is_produksi(environment):
            environment.setdefault("LAPOR_SITE_URL", self.url.rstrip("/"))
        environment.setdefault("LAPOR_STATIC_DIR", str(self.state.folder / "static" / static_version()))
        return environment

    def _upgrade(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "lapor.embedded.upgrade"]
        # Ctrl-C is for the supervisor alone, which ends it.
        if subprocess.call(command, env=environment, cwd=ROOT, start_new_session=True):
            raise Trouble("Portal tidak dimulai; sebabnya tertulis di atas.")

    def _note(self, **facts: object) -> None:
        """What a second bin/run, bin/manage, or a start after `kill -9` must know."""
        running = [child.process for child in self._everyone() if child.alive and child.process]
        self.state.note(children={process.pid: started_at(process.pid) for process in running}, **facts)

    def _everyone(self) -> list[Child]:
        return [*self.children.values(), *self.services.children]

    # --- running ---

    def watch(self) -> None:
        """Start again whoever dies, more slowly each time; give up after six deaths within a minute."""
        while True:
            time.sleep(0.3)
            dead = [child for child in self._everyone() if not child.alive]
            for child in dead:
                self._bring_back(child)
            if dead:
                facts = self.state.noted()
                self._note(**{name: facts[name] for name in ("url", "environment") if name in facts})

    def _bring_back(self, child: Child) -> None:
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < 60] + [now]
        if len(self._deaths) > 5:
            raise Trouble(f"{child.name} berhenti berulang kali. Kata terakhirnya:\n{child.last_words()}")
        say(f"{child.name} berhenti sendiri; dinyalakan lagi.")
        time.sleep(0.2 * 2 ** (len(self._deaths) - 1))
        if self.services.postgres and child is self.services.postgres.child:
            self.services.postgres.start()
        elif self.services.valkey and child is self.services.valkey.child:
            self.services.valkey.start()
        else:
            child.kill()
            child.start()

    # --- stopping ---

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            raise Stop
        for child in self._everyone():
            child.kill()
        self.state.forget()
        os._exit(130)

    def stop(self) -> None:
        """Who asks goes first, who answers last: beat, puller, web, workers, broker, database. At most 10 s in all."""
        self.stopping = True
        for names in (("beat", "puller", "web"), ("worker", "sweeper")):
            stop_together([self.children[name] for name in names if name in self.children], 2)
        self.services.stop(broker=1, database=4)
        self.state.forget()


SHARED = (
    "LAPOR_DATABASE_URL",
    "LAPOR_LATIHAN_KODE",
    "LAPOR_MODE",
    "LAPOR_REDIS_URL",
    "LAPOR_SECRET_KEY",
    "LAPOR_SITE_URL",
    "LAPOR_STATE_DIR",
    "LAPOR_STATIC_DIR",
)
"""What a command beside the running portal must share with it."""

PATIENCE = {"worker": 2, "sweeper": 3}
"""When the processor is short, whoever stands at a door goes first: what was taken in is kept and can be understood a
moment later."""


# Threads of one worker share their free memory: by itself glibc keeps a heap for each, and gives little back. In its
# traces Python names the line, not the columns besides, which it would keep of every instruction.
THRIFT = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072", "PYTHONNODEBUGRANGES": "1"}


def programs(state: State, environment: dict[str, str], port: int) -> dict[str, Child]:
    """Web, the two workers and beat, not yet started; the compose file runs the same four. Where there is a mailbox to
    listen at, the puller too (deploy/email.yml)."""
    bin_ = Path(sys.executable).parent
    environment = environment | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}
    environment |= THRIFT
    beat = state.run / "beat"
    worker = [
        *(str(bin_ / "celery"), "-A", "lapor", "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
    ]
    commands = {
        "web": [
            *(sys.executable, "-m", "lapor.web", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "2"),
        ],
        "worker": [*worker, "-n", "worker@%h", "--queues", ",".join(AT_ONCE), "--concurrency", "2"],
        "sweeper": [*worker, "-n", "sweeper@%h", "--queues", ",".join(BY_THE_CLOCK), "--concurrency", "1"],
        "beat": [str(bin_ / "celery"), "-A", "lapor", "beat", "--schedule", str(beat), "--pidfile", ""],
    }
    if environment.get("LAPOR_IMAP_URL") and environment.get("LAPOR_EMAIL_INBOX"):
        commands["puller"] = [sys.executable, str(ROOT / "manage.py"), "pull_email"]
    return {
        name: Child(
            name, command, state.log(name), environment=environment, folder=ROOT, patience=PATIENCE.get(name, 0)
        )
        for name, command in commands.items()
    }


def wanted_port() -> int:
    first = FIRST_TRAINING_PORT if os.environ.get("LAPOR_MODE") == TRAINING else FIRST_PORT
    wanted = os.environ.get("LAPOR_PORT") or str(first)
    if not wanted.isdigit() or not 1024 <= int(wanted) <= 65000:
        raise Trouble(f"LAPOR_PORT: bukan nomor port antara 1024 dan 65000: {wanted!r}")
    return int(wanted)


def serves(web: Child, port: int, environment: dict[str, str], seconds: float = 60) -> bool:
    """True once this very process has bound the port (another portal may sit there) and the home page came back."""
    return wait_until(lambda: "Listening at" in web.said() and served(port, environment), seconds, while_alive=[web])


def served(port: int, environment: dict[str, str]) -> bool:
    """The home page came back whole."""
    host = environment.get("LAPOR_HOSTS", "").split(",")[0] or "127.0.0.1"
    secure = {"X-Forwarded-Proto": "https"} if is_produksi(environment) else {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": host, **secure})
        answer = connection.getresponse()
        return answer.status == 200 and b"</html>" in answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def static_version() -> str:
    """Changes with any static file or package, so that a folder once collected is never half old."""
    files = sorted((ROOT / "static").rglob("*"))
    facts = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file()]
    locked = (ROOT / "requirements.txt").read_bytes()
    return hashlib.sha256(json.dumps(facts).encode() + locked).hexdigest()[:12]


def say(words: str) -> None:
    print(words, flush=True)
