"""The web processes: granian serving lapor.wsgi, started without the library that reads granian's own command line,
which every one of them would keep (docs/keputusan/0060).

    python -m lapor.web --host 127.0.0.1 --port 8000
"""

import argparse

from granian import Granian
from granian.constants import Interfaces
from granian.errors import FatalError
from granian.http import HTTP1Settings, HTTP2Settings


def main() -> None:
    asked = argparse.ArgumentParser(prog="lapor.web")
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, default=8000)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--blocking-threads", type=int, default=4)
    asked.add_argument("--workers-kill-timeout", type=int, help="seconds; without it they end when they are done")
    given = asked.parse_args()
    server = Granian(
        "lapor.wsgi:application",
        address=given.host,
        port=given.port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=given.workers,
        blocking_threads=given.blocking_threads,
        respawn_failed_workers=True,
        workers_kill_timeout=given.workers_kill_timeout,
        # As the command line would give them.
        http1_settings=HTTP1Settings(),
        http2_settings=HTTP2Settings(),
    )
    try:
        server.serve()
    except FatalError as fault:
        raise SystemExit(1) from fault


if __name__ == "__main__":
    main()
