"""The database and the broker: those named by LAPOR_DATABASE_URL and LAPOR_REDIS_URL, or our own."""

import base64
import hashlib
import os
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis

from lapor.embedded.postgres import USER, Postgres
from lapor.embedded.process import Child, Trouble, wait_until
from lapor.embedded.state import TRAINING, State, home_for_postgres
from lapor.embedded.valkey import Valkey


@dataclass
class Services:
    state: State
    durable: bool = True
    connections: int = 80
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    given: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def start(self) -> None:
        """Come back once both have answered."""
        if self.given.get("LAPOR_DATABASE_URL"):
            _wait_for_database(self.given["LAPOR_DATABASE_URL"])
        else:
            home = home_for_postgres(self.state)
            # By its name alone already not the real one.
            name = "lapor_latihan" if is_training(self.given) else USER
            self.postgres = Postgres(home, self.state.log("postgres"), self.durable, self.connections, database=name)
            self.postgres.start()
        if self.given.get("LAPOR_REDIS_URL"):
            _wait_for_broker(self.given["LAPOR_REDIS_URL"])
        else:
            self.valkey = Valkey(self.state.folder / "valkey", self.state.log("valkey"), self.durable)
            self.valkey.start()

    @property
    def children(self) -> list[Child]:
        """In the order they must stop: the broker, then the database."""
        owned = [self.valkey, self.postgres]
        return [service.child for service in owned if service is not None and service.child is not None]

    def environment(self) -> dict[str, str]:
        """What the portal's processes must know: our environment with both addresses and the key filled in."""
        environment = dict(self.given)
        environment["LAPOR_STATE_DIR"] = str(self.state.folder)
        if self.postgres:
            environment["LAPOR_DATABASE_URL"] = self.postgres.url()
        if self.valkey:
            environment["LAPOR_REDIS_URL"] = self.valkey.url()
        if not is_produksi(environment) and not (
            environment.get("LAPOR_SECRET_KEY") or environment.get("LAPOR_SECRET_KEY_FILE")
        ):
            environment["LAPOR_SECRET_KEY"] = self.state.secret("kunci")
        if is_training(environment):
            environment.setdefault("LAPOR_LATIHAN_KODE", trainer_code(self.state.secret("pelatih")))
            # What real portal this environment may come from is told by name (lapor.training.setup).
            return environment
        if not is_produksi(environment) and not (
            environment.get("LAPOR_VAPID_KEY") or environment.get("LAPOR_VAPID_KEY_FILE")
        ):
            environment["LAPOR_VAPID_KEY"] = vapid_key(self.state.secret("kabar"))
        return environment

    def stop(self, broker: float = 3, database: float = 5) -> None:
        """Each has so many seconds to leave by itself; what was committed is kept either way."""
        if self.valkey:
            self.valkey.stop(broker)
        if self.postgres:
            self.postgres.stop(database)


def trainer_code(secret: str) -> str:
    """Eight digits, to be read out in a room."""
    return f"{int(hashlib.sha256(secret.encode()).hexdigest(), 16) % 10**8:08d}"


def vapid_key(secret: str) -> str:
    """A private key of P-256 made from a secret of ours: any 32 bytes but one in four thousand million are one."""
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode()


def is_produksi(environment: dict[str, str]) -> bool:
    return environment.get("LAPOR_MODE") == "produksi"


def is_training(environment: dict[str, str]) -> bool:
    return environment.get("LAPOR_MODE") == TRAINING


def _wait_for_database(url: str) -> None:
    last: list[Any] = [""]

    def answers() -> bool:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.Error as error:
            last[0] = error
            return False
        return True

    if not wait_until(answers, 15):
        raise Trouble(f"LAPOR_DATABASE_URL: basis data itu tidak menjawab.\n{last[0]}")


def _wait_for_broker(url: str) -> None:
    last: list[Any] = [""]

    def answers() -> bool:
        try:
            redis.Redis.from_url(url, socket_connect_timeout=3).ping()
        except (redis.RedisError, ValueError) as error:
            last[0] = error
            return False
        return True

    if not wait_until(answers, 15):
        raise Trouble(f"LAPOR_REDIS_URL: Redis itu tidak menjawab.\n{last[0]}")
