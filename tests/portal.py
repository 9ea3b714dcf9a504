"""The portal as real processes: its own PostgreSQL and Valkey, web, worker and beat, and a mail server that listens.

Flow tests break it on purpose, so nothing of it is shared with the tests that roll back.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import redis
from aiosmtpd.controller import Controller
from django.conf import settings

from lapor.embedded.portal import programs, serves
from lapor.embedded.postgres import binaries_for
from lapor.embedded.process import Child, free_port, own_port
from lapor.embedded.services import Services
from lapor.embedded.state import ROOT, State, home_for_postgres
from tests import databases
from tests.world import World, build

PASSWORD = "sandi-untuk-uji"


class Mailbox:
    """An SMTP server that keeps what it is sent. `refuses` maps an address to the answer it gets instead of 250."""

    def __init__(self, folder: Path = ROOT) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}
        # Two portals that start at once look for their ports in different places.
        self.port = free_port(own_port(25000, folder))
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if address in str(letter["To"])]


@dataclass
class RunningPortal:
    """`world` is committed in its database; the test's own Django connection reads the same one."""

    state: State
    services: Services
    mailbox: Mailbox
    port: int
    children: dict[str, Child] = field(default_factory=dict)
    world: World | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: Any) -> httpx.Client:
        """A browser without JavaScript: keeps cookies, follows redirects."""
        return httpx.Client(base_url=self.url, follow_redirects=True, timeout=60, **options)

    def kill(self, name: str) -> None:
        """`kill -9` of web, worker, beat, valkey or postgres, with its children."""
        self._child(name).kill()

    def start(self, name: str) -> None:
        """Start again what was killed; comes back once it is ready (the worker and beat: once started)."""
        if name == "postgres" and self.services.postgres:
            self.services.postgres.start()
            # Every web worker has found it again: none of ten requests in a row fails.
            eventually(lambda: all(self.client().get("/readyz").status_code == 200 for _ in range(10)))
        elif name == "valkey" and self.services.valkey:
            self.services.valkey.start()
        else:
            self.children[name].start()
            if name == "web":
                assert serves(self.children["web"], self.port, {}), self.children["web"].last_words()

    def flush_broker(self) -> None:
        """Redis forgets everything it was told."""
        assert self.services.valkey
        redis.Redis.from_url(self.services.valkey.url()).flushall()

    def manage(self, *arguments: str) -> int:
        """A management command beside the running portal; its exit code."""
        return subprocess.call(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.children["web"].environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )

    def seen_from_here(self) -> AbstractContextManager[None]:
        """For a while this process's Django speaks to the portal's database."""
        assert self.services.postgres
        return databases.elsewhere(self.services.postgres.url())

    def log(self, name: str) -> str:
        return self.state.log(name).read_text(errors="replace")

    def _child(self, name: str) -> Child:
        services = {"postgres": self.services.postgres, "valkey": self.services.valkey}
        service = services.get(name)
        child = service.child if service is not None else self.children[name]
        assert child is not None
        return child


def eventually(found: Callable[[], Any], seconds: float = 60) -> Any:
    """What `found()` returns once it is true; fails after `seconds`. For what another process does, on a machine that
    may have much else to do."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)
    return answer


@contextmanager
def running(worker: str) -> Iterator[RunningPortal]:
    state = State.open(ROOT / "var" / "test" / f"portal-{worker}")
    shutil.rmtree(home_for_postgres(state), ignore_errors=True)
    for log in (state.folder / "log").iterdir():
        log.unlink()
    shutil.rmtree(state.folder / "valkey", ignore_errors=True)
    given = {name: value for name, value in os.environ.items() if not name.startswith("LAPOR_")}
    services = Services(state, durable=False, given=given)
    services.start()
    mailbox = Mailbox(state.folder)
    mailbox.start()
    portal = RunningPortal(state, services, mailbox, free_port(own_port(21000, state.folder)))
    try:
        assert services.postgres
        pour_template(services.postgres.url())
        environment = services.environment() | {
            "LAPOR_EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
            "LAPOR_SITE_URL": portal.url,
            # So that a session made here is one there (tests/browser.py).
            "LAPOR_SECRET_KEY": settings.SECRET_KEY,
            "LAPOR_PUSH_HOSTS": "127.0.0.1",
            # The same sweep finds the same things, only sooner: nobody learns more by waiting a minute.
            "LAPOR_SWEEP_SECONDS": "10",
            "LAPOR_STATIC_DIR": str(state.folder / "static"),
        }
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "-v0"],
            cwd=ROOT,
            env=environment,
            check=True,
            timeout=120,
        )
        portal.children = programs(state, environment, portal.port)
        with portal.seen_from_here():
            portal.world = people()
        for child in portal.children.values():
            child.start()
        assert serves(portal.children["web"], portal.port, {}), portal.children["web"].last_words()
        yield portal
    finally:
        for name in ("beat", "web", "worker", "sweeper"):
            if name in portal.children:
                portal.children[name].stop(3)
        services.stop()
        mailbox.stop()


def people() -> World:
    """The cast, each with a password and a confirmed address, so that they can sign in on the page."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from agencies.models import User

    world = build()
    # The portal knows Django's hashers, not the quick one of the tests.
    User.objects.update(password=PBKDF2PasswordHasher().encode(PASSWORD, "garam", iterations=1_000))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in User.objects.all()
    )
    return world


def pour_template(target: str) -> None:
    """A copy of the template database, in another cluster."""
    binaries = binaries_for(None)
    source = databases.url_of(databases.template())
    # -Z0: it is read again at once.
    dump = subprocess.run(
        [str(binaries / "pg_dump"), "-Fc", "-Z0", source], stdout=subprocess.PIPE, check=True, timeout=120
    )
    subprocess.run(
        [str(binaries / "pg_restore"), "--no-owner", "-d", target], input=dump.stdout, check=True, timeout=120
    )
