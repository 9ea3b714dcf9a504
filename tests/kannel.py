"""The real Kannel on loopback: bearerbox, smsbox and, as the telephone network, its fakesmsc. Debian: kannel,
kannel-extras. Without them tests that need it are skipped, or fail when CI=true."""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lapor.embedded.process import Child, free_port, own_port, wait_until
from lapor.embedded.state import ROOT
from tests.missing import missing

FOLDERS = ("/usr/sbin", "/usr/lib/kannel/test")
PASSWORD = "sandi-untuk-uji"

CONFIG = """
group = core
admin-port = {admin}
admin-password = {password}
smsbox-port = {boxes}
box-allow-ip = 127.0.0.1
store-type = spool
store-location = {folder}/spool
dlr-storage = internal
sms-combine-concatenated-mo = {combine}
log-file = {folder}/bearerbox.log
log-level = 1

group = smsc
smsc = fake
smsc-id = tiruan
port = {network}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
global-sender = 1708
http-request-retry = 40
http-queue-delay = 1
log-file = {folder}/smsbox.log
log-level = 1

group = sendsms-user
username = lapor
password = {password}
concatenation = true
max-messages = 3

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "{portal}/kanal/sms/kannel/?token={token}&from=%p&to=%P&text=%b&coding=%c&charset=%C&udh=%u&smsc=%i&id=%I"
"""


def programs() -> dict[str, str] | None:
    path = os.pathsep.join([*FOLDERS, os.environ.get("PATH", "")])
    found = {name: shutil.which(name, path=path) for name in ("bearerbox", "smsbox", "fakesmsc")}
    return {name: where for name, where in found.items() if where} if all(found.values()) else None


def needed() -> dict[str, str]:
    found = programs()
    if found is None:
        missing("Kannel", "kannel kannel-extras")
    return found


@dataclass
class Network:
    """Kannel between us and a telephone network. `handset` is the one that is switched on."""

    programs: dict[str, str]
    folder: Path
    ports: dict[str, int]
    handset: Child | None = None
    _logs: list[Path] = field(default_factory=list)

    @property
    def send_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms"

    def say(self, message: str) -> None:
        """One message of a handset, as fakesmsc writes it: "+62… 1708 text words". It stays switched on and listens."""
        self.switch_off()
        log = self.folder / f"handset-{len(self._logs)}.log"
        self._logs.append(log)
        where = ["-H", "127.0.0.1", "-r", str(self.ports["network"])]
        self.handset = Child("fakesmsc", [self.programs["fakesmsc"], *where, "-i", "0.1", "-m", "1", message], log)
        self.handset.start()

    def switch_off(self) -> None:
        if self.handset is not None:
            self.handset.stop(3)
            self.handset = None

    def received(self) -> list[str]:
        """What handsets got, oldest first: "1708 +62… text words"."""
        said = "".join(log.read_text(errors="replace") for log in self._logs if log.exists())
        return re.findall(r"Got message \d+: <(.*)>", said)


@contextmanager
def running(folder: Path, portal: str, token: str, *, combine: bool = True) -> Iterator[Network]:
    """Started in order, ended in order; nothing of it outlives the test."""
    found = needed()
    (folder / "spool").mkdir(parents=True)
    first = own_port(26000, ROOT)
    ports: dict[str, int] = {}
    for name in ("admin", "boxes", "network", "sendsms"):
        first = ports[name] = free_port(first)
        first += 1
    words = CONFIG.format(
        folder=folder, portal=portal, token=token, password=PASSWORD, combine=str(combine).lower(), **ports
    )
    (folder / "kannel.conf").write_text(words)
    network = Network(found, folder, ports)
    boxes = [
        Child(name, [found[name], str(folder / "kannel.conf")], folder / f"{name}.out")
        for name in ("bearerbox", "smsbox")
    ]
    try:
        for box, port in zip(boxes, ("boxes", "sendsms"), strict=True):
            box.start()
            ready = wait_until(lambda port=port: _answers(ports[port]), 20, while_alive=[box])  # type: ignore[misc]
            assert ready, box.last_words()
        yield network
    finally:
        network.switch_off()
        for box in reversed(boxes):
            box.stop(3)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
