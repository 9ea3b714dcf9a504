"""The other side of a webhook: a small server on this machine that answers as a test tells it to."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Peer:
    """`answers` are given in turn, the last one for ever: a status, or a word for what goes wrong ("slow" drips its
    answer for a minute, "cut" hangs up, "redirect" points elsewhere)."""

    url: str = ""
    answers: list[int | str] = field(default_factory=lambda: [200])
    heard: list[Heard] = field(default_factory=list)

    def next(self) -> int | str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def listening() -> Iterator[Peer]:
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            peer.heard.append(Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = peer.next()
            if answer == "cut":
                self.connection.close()
                return
            if answer == "slow":
                self._drip()
                return
            self.send_response(302 if answer == "redirect" else int(answer))
            if answer == "redirect":
                self.send_header("Location", f"{peer.url}/elsewhere")
            self.send_header("Content-Length", "9")
            self.end_headers()
            self.wfile.write(b"so be it\n")

        def _drip(self) -> None:
            try:
                for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 600:
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                return

        def log_message(self, *args: object) -> None:
            """Nothing to the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
