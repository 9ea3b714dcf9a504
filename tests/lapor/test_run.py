"""`bin/run` as a newcomer meets it: real processes in a state folder of their own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import pytest
import redis

from lapor.embedded.greeting import ABOUT, OFFICER, PLACE, demo_accounts
from lapor.embedded.process import free_port
from lapor.embedded.state import ROOT, State

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("run")]

READY = re.compile(r"^Siap: (http://127\.0\.0\.1:\d+/)$", re.MULTILINE)


class Run:
    """One `bin/run` and what it has printed so far."""

    def __init__(self, state: Path, **variables: str) -> None:
        self.said_path = Path(tempfile.mkstemp(prefix="lapor-run-")[1])
        given = {name: value for name, value in os.environ.items() if not name.startswith("LAPOR_")}
        with self.said_path.open("wb") as said:
            self.process = subprocess.Popen(
                [str(ROOT / "bin" / "run")],
                stdout=said,
                stderr=said,
                cwd="/",
                env=given | {"LAPOR_STATE_DIR": str(state)} | variables,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.said_path.read_text()

    def ready(self, seconds: float = 90) -> str:
        """The address it named, after a page was served there."""
        end = time.monotonic() + seconds
        while not (found := READY.search(self.said)):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.05)
        return found.group(1)

    def ended(self, seconds: float) -> int:
        return self.process.wait(seconds)


def processes_of(state: Path) -> list[int]:
    """Ids of every process that knows this state folder from its environment or its command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(state) in words and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def database_of(state: Path) -> psycopg.Connection:
    """A connection of our own to the running portal's database."""
    noted = json.loads((state / "run" / "portal.json").read_text())
    return psycopg.connect(noted["environment"]["LAPOR_DATABASE_URL"], autocommit=True)


def heard_at(state: Path) -> set[str]:
    """The addresses at which these processes listen, as the kernel writes them: 0100007F is 127.0.0.1."""
    sockets = set()
    for pid in processes_of(state):
        for file in Path(f"/proc/{pid}/fd").glob("*"):
            with suppress(OSError):
                sockets.add(os.readlink(file))
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    listening = "0A"
    return {row[1].partition(":")[0] for row in rows if row[3] == listening and f"socket:[{row[9]}]" in sockets}


def password_of(state: Path) -> str:
    with database_of(state) as database:
        row = database.execute("SELECT rolpassword FROM pg_authid WHERE rolname = current_user").fetchone()
    return str(row[0]) if row else ""


def nothing_left(state: Path, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while processes_of(state):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def tries_what_it_says(url: str, state: Path) -> None:
    """The first two of the three things to try, as somebody without JavaScript: what is filed lies on that desk."""
    title = "Lubang besar di depan pasar"

    def sends(person: httpx.Client, path: str, **fields: str) -> str:
        page = person.get(path).text
        hidden = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|draft)" value="([^"]*)"', page))
        chosen = re.search(rf'<option value="(\d+)"[^>]*>\s*{ABOUT}\s*<', page)
        about = {"category": chosen[1]} if chosen and "story" in fields else {}
        answer = person.post(path, data=hidden | fields | about)
        return str(answer.headers.get("Location", answer.text))

    with httpx.Client(base_url=url, timeout=30) as person:
        story = {"kind": "PENGADUAN", "title": title, "story": "Sejak hujan kemarin roda motor terperosok di sana."}
        assert sends(person, "/lapor/", query=PLACE) == "/lapor/masalah/"
        assert sends(person, "/lapor/masalah/", **story, happened_on_pick="today") == "/lapor/rincian/"
        assert sends(person, "/lapor/rincian/") == "/lapor/periksa/"
        assert sends(person, "/lapor/periksa/", who="officers", read="open", tell="keep") == "/lapor/selesai/"
    with httpx.Client(base_url=url, timeout=30) as officer:
        password = next(password for _, email, password in demo_accounts(State(state)) if email == OFFICER)
        sends(officer, "/akun/masuk/", login=OFFICER, password=password)
        end = time.monotonic() + 60
        while title not in (desk := officer.get("/meja/").text):
            assert time.monotonic() < end, desk
            time.sleep(0.3)


COUNTS = "from agencies.models import Agency; print(Agency.objects.filter(kind__in=('KABUPATEN', 'KOTA')).count())"


def manage(state: Path, *command: str) -> str:
    """The last line of what `bin/manage` printed there."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("LAPOR_")}
    done = subprocess.run(
        [str(ROOT / "bin" / "manage"), *command],
        env=given | {"LAPOR_STATE_DIR": str(state)},
        capture_output=True,
        text=True,
        timeout=60,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().rpartition("\n")[2]


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """One state folder for the whole module: only the first start lays the data.

    Not below pytest's own folder, which is closed to the account that runs PostgreSQL when we are root.
    """
    machine = Path(tempfile.mkdtemp(prefix="lapor-mesin-"))
    machine.chmod(0o755)
    yield machine / "var"
    for pid in processes_of(machine):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(machine, ignore_errors=True)


@pytest.fixture(scope="module")
def port() -> str:
    """Of this worker's own: two may be at this module at the same time."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return str(free_port(22400 + 40 * int(worker)))


def test_it_names_no_address_before_a_page_is_served_there(state: Path, port: str) -> None:
    run = Run(state, LAPOR_PORT=port, LAPOR_HOST="salah-ketik")
    url = run.ready(180)
    assert url == f"http://127.0.0.1:{port}/"
    assert "</html>" in httpx.get(url).text
    assert "://" not in run.said[: run.said.index("Siap: ")]
    assert "LAPOR_HOST tidak dikenal" in run.said
    assert {email for _, email, _ in demo_accounts(State(state))} <= set(run.said.split())
    tries_what_it_says(url, state)

    assert heard_at(state) == {"0100007F"}, "loopback alone"
    addresses = json.loads((state / "run" / "portal.json").read_text())["environment"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(re.sub(r"(?<=:)[^:@/]+(?=@)", "salah", addresses["LAPOR_DATABASE_URL"]))
    assert "SCRAM-SHA-256" in password_of(state)
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(re.sub(r"//[^@]*@", "//", addresses["LAPOR_REDIS_URL"])).ping()

    second = Run(state, LAPOR_PORT=port)
    assert second.ended(10) == 0
    assert f"sudah berjalan di {url}" in second.said

    third = Run(state.parent / "lain", LAPOR_PORT=port, LAPOR_DATABASE_URL="postgresql://x@127.0.0.1:1/x")
    assert third.ended(40) == 1
    assert "LAPOR_DATABASE_URL" in third.said

    began = time.monotonic()
    run.process.send_signal(signal.SIGINT)
    assert run.ended(10) == 0
    assert time.monotonic() - began < 10
    assert nothing_left(state)


def test_a_later_start_steps_over_a_busy_port_survives_kill_9_and_is_forced_to_end(state: Path, port: str) -> None:
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", int(port)))
        squatter.listen()
        run = Run(state, LAPOR_PORT=port)
        assert run.ready() == f"http://127.0.0.1:{int(port) + 1}/"
        assert f"Port {port} dipakai program lain" in run.said

    with database_of(state) as database:
        database.execute("CREATE TABLE bukti (kata text)")
        database.execute("INSERT INTO bukti VALUES ('sudah tersimpan')")

    for pid in processes_of(state):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert run.ended(5) == -signal.SIGKILL

    again = Run(state, LAPOR_PORT=port)
    assert again.ready()
    with database_of(state) as database:
        assert database.execute("SELECT kata FROM bukti").fetchall() == [("sudah tersimpan",)]
        database.execute("DROP TABLE bukti")
    assert manage(state, "shell", "-c", COUNTS) == "514", "beside the running portal"

    # Another folder that is given these servers starts none of its own.
    given = json.loads((state / "run" / "portal.json").read_text())["environment"]
    guest_state = state.parent / "tamu"
    servers = {name: given[name] for name in ("LAPOR_DATABASE_URL", "LAPOR_REDIS_URL")}
    guest = Run(guest_state, LAPOR_PORT=str(int(port) + 7), **servers)
    assert "</html>" in httpx.get(guest.ready()).text
    assert not (guest_state / "postgres").exists()
    assert not (guest_state / "valkey").exists()
    guest.process.send_signal(signal.SIGINT)
    assert guest.ended(10) == 0
    assert nothing_left(guest_state)

    # The first Ctrl-C alone, which stops in order: the test before. A second one forces, and loses nothing either.
    began = time.monotonic()
    again.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    again.process.send_signal(signal.SIGINT)
    assert again.ended(5) in (0, 130)
    assert time.monotonic() - began < 5
    assert nothing_left(state)
    assert manage(state, "shell", "-c", COUNTS) == "514", "with its services started for its own time"
    assert nothing_left(state)


@pytest.mark.parametrize("seconds", [0.1, 1.5])
def test_ctrl_c_while_it_starts_ends_it_without_a_traceback(state: Path, port: str, seconds: float) -> None:
    """While its code is read, and while tables are looked at."""
    run = Run(state, LAPOR_PORT=port)
    while b"lapor.embedded" not in Path(f"/proc/{run.process.pid}/cmdline").read_bytes():
        time.sleep(0.01)
    time.sleep(seconds)
    os.killpg(run.process.pid, signal.SIGINT)
    assert run.ended(20) == 0
    assert run.said.endswith("Menghentikan portal …\n")
    assert "Traceback" not in run.said
    assert nothing_left(state)


def test_children_do_not_outlive_a_killed_supervisor(state: Path, port: str) -> None:
    run = Run(state, LAPOR_PORT=port)
    run.ready()
    run.process.kill()
    run.ended(5)
    assert nothing_left(state, 15)


def test_data_of_another_postgresql_is_named_and_left_alone(state: Path) -> None:
    var = state.parent / "lama"
    data = var / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    run = Run(var)
    assert run.ended(20) == 1
    assert "PostgreSQL 15" in run.said
    assert "pg_dump" in run.said
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "berkas"
    blocked.write_text("bukan folder")
    run = Run(blocked / "var")
    assert run.ended(20) == 1
    assert str(blocked / "var") in run.said
    assert "LAPOR_STATE_DIR" in run.said
    assert "Traceback" not in run.said


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"LAPOR_MODE": "produksi"}, "LAPOR_SECRET_KEY"),
        ({"LAPOR_MODE": "langsung"}, "LAPOR_MODE"),
        ({"LAPOR_PORT": "delapan ribu"}, "LAPOR_PORT"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(state: Path, variables: dict[str, str], named: str) -> None:
    run = Run(state, **variables)
    assert run.ended(30) == 1
    assert named in run.said
    assert "Traceback" not in run.said
    assert nothing_left(state)
