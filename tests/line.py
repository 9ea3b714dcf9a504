"""A telephone line between a browser and the portal: it breaks, swallows an answer, or brings tomorrow's worker.

A browser's own "offline" says so to the page; a line that is dead while the phone believes itself connected does not,
and its worker must cope with both.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from lapor.embedded.process import free_port, own_port
from lapor.embedded.state import ROOT

# What belongs to one connection only (RFC 9110 section 7.6.1).
HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "content-length"}


@dataclass
class Line:
    """`dead`: nothing gets through. `swallow`: so many answers to a POST get lost after the portal has given them.
    `says`: text put in place of another in every answer to this path. `seen`: (method, path, status)."""

    url: str = ""
    dead: bool = False
    swallow: int = 0
    says: dict[str, tuple[str, str]] = field(default_factory=dict)
    seen: list[tuple[str, str, int]] = field(default_factory=list)

    def posts(self, path: str) -> list[int]:
        return [status for method, asked, status in self.seen if (method, asked) == ("POST", path)]


@contextmanager
def line_to(portal: str) -> Iterator[Line]:
    line = Line()

    class Ear(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.close_connection = True
            if line.dead:
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = [(name, value) for name, value in self.headers.items() if name.lower() not in HOP]
            path = self.path.partition("?")[0]
            if path in line.says:
                headers = [(n, v) for n, v in headers if n.lower() not in ("accept-encoding", "if-none-match")]
                headers.append(("Accept-Encoding", "identity"))
            try:
                with httpx.stream(self.command, portal + self.path, headers=headers, content=body, timeout=60) as said:
                    content = b"".join(said.iter_raw())
            except httpx.HTTPError:
                return
            line.seen.append((self.command, path, said.status_code))
            if self.command == "POST" and line.swallow:
                line.swallow -= 1
                return
            if path in line.says:
                before, after = line.says[path]
                content = content.replace(before.encode(), after.encode())
            self.send_response_only(said.status_code)
            for name, value in said.headers.multi_items():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                # A browser that closed its page hangs up in the middle.
                with suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_HEAD = answer

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", free_port(own_port(23000, ROOT))), Ear)
    server.daemon_threads = True
    line.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
