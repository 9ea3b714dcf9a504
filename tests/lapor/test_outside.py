"""What is fetched from the net for somebody else: never from a network that is not open, never without an end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lapor.kit import outside
from lapor.kit.outside import Unreachable, fetch, is_open


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.8.8.8", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1",
     "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
     "64:ff9b:1::a9fe:a9fe", "fec0::1", "3fff::1", "2002:7f00:1::", "", "localhost", "1"],
)  # fmt: skip
def test_no_network_of_ours_or_of_anybody_is_open(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "103.10.64.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_the_internet_is(address: str) -> None:
    assert is_open(address)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://contoh.test/a", "gopher://contoh.test", "http://", "http:///a", "//contoh.test/a",
     "http://sari:rahasia@contoh.test/", "http://contoh.test:6379/", "http://contoh.test:99999/", "http://[::1",
     "http://contoh.test:x/", "data:text/plain,x", "", "http://127.0.0.1/", "http://localhost/", "http://[::1]/",
     "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://169.254.169.254/latest/meta-data/"],
)  # fmt: skip
def test_an_address_that_leads_elsewhere_is_never_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*args: object, **kwargs: object) -> None:
        raise AssertionError("it connected")

    monkeypatch.setattr("httpcore.SyncBackend.connect_tcp", asked)
    with pytest.raises(Unreachable) as refused:
        fetch(url, limit=100, seconds=1)
    assert refused.value.lasting or "contoh.test" not in url


def test_a_name_with_one_address_inside_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "resolve", lambda host, port: ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(Unreachable) as refused:
        fetch("http://contoh.test/a.jpg", limit=100, seconds=1)
    assert refused.value.lasting


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers 8.8.8.8 once and 127.0.0.1 a moment later is asked once."""
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    connected: list[str] = []

    def connect(backend: object, host: str, *args: object) -> None:
        connected.append(host)
        raise OSError("far away")

    monkeypatch.setattr(outside, "resolve", lambda host, port: next(answers))
    monkeypatch.setattr("httpcore.SyncBackend.connect_tcp", connect)
    with pytest.raises(Unreachable):
        fetch("http://contoh.test/a.jpg", limit=100, seconds=1)
    assert connected == ["8.8.8.8"]


def test_a_name_that_is_not_known_now_may_be_later() -> None:
    with pytest.raises(Unreachable) as silent:
        fetch("http://tidak-ada.invalid/a.jpg", limit=100, seconds=1)
    assert not silent.value.lasting


# --- against a server of our own, which counts as open here ---

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(dict(self.headers))
            answer(self)

        def log_message(self, *args: object) -> None: ...

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
    port = httpd.server_address[1]
    monkeypatch.setattr(outside, "PORTS", (80, 443, port))
    monkeypatch.setattr(outside, "resolve", lambda host, _port: ["127.0.0.1"] if host == "contoh.test" else [host])
    monkeypatch.setattr(outside, "is_open", lambda address: address == "127.0.0.1")
    try:
        yield f"http://contoh.test:{port}"
    finally:
        httpd.shutdown()
        httpd.server_close()
    for headers in asked:
        assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def says(content: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def test_what_lies_there_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(says(b"gambar"), monkeypatch) as url:
        assert fetch(f"{url}/a.jpg?x=1", limit=100, seconds=5) == b"gambar"


@pytest.mark.parametrize("length", ["101", "99999999999", "1"])
def test_more_than_the_limit_is_never_read_whole(monkeypatch: pytest.MonkeyPatch, length: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length" if length != "1" else "X-Nothing", length)
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(1000):
            try:
                handler.wfile.write(b"x" * 1000)
            except OSError:
                return

    with server(answer, monkeypatch) as url, pytest.raises(Unreachable, match="too large") as refused:
        fetch(url, limit=100, seconds=5)
    assert refused.value.lasting


def test_a_server_that_dribbles_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not stop.wait(0.02):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    with server(answer, monkeypatch) as url:
        with pytest.raises(Unreachable, match=r"too slow|Timeout") as left:
            fetch(url, limit=10_000, seconds=0.2)
        stop.set()
    assert not left.value.lasting


def test_nor_is_one_waited_for_that_dribbles_its_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each read is in time, and the headers never end: the whole has a limit, or one address holds a worker."""
    stop = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Panjang: ")
        while not stop.wait(0.02):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    began = time.monotonic()
    with server(answer, monkeypatch) as url:
        # Should it wait all the same, the server ends it.
        threading.Timer(4, stop.set).start()
        with pytest.raises(Unreachable) as left:
            fetch(url, limit=10_000, seconds=0.3)
        stop.set()
    assert not left.value.lasting
    assert time.monotonic() - began < 2


def test_a_redirect_is_looked_at_like_the_first_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for target in ("http://169.254.169.254/", "http://10.0.0.1/", "file:///etc/passwd", "http://contoh.test:22/"):
        with server(says(b"", 302, Location=target), monkeypatch) as url, pytest.raises(Unreachable) as refused:
            fetch(url, limit=100, seconds=5)
        assert refused.value.lasting, target


def test_a_redirect_to_an_open_address_is_followed_and_a_circle_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        says(b"di sini")(handler) if handler.path == "/b" else says(b"", 301, Location="/b")(handler)

    with server(answer, monkeypatch) as url:
        assert fetch(f"{url}/a", limit=100, seconds=5) == b"di sini"
    with server(says(b"", 307, Location="/lagi"), monkeypatch) as url, pytest.raises(Unreachable, match="redirects"):
        fetch(url, limit=100, seconds=5)


@pytest.mark.parametrize(("status", "lasting"), [(404, True), (403, True), (500, False), (503, False)])
def test_a_fault_of_the_server_passes_and_a_missing_file_does_not(
    monkeypatch: pytest.MonkeyPatch, status: int, lasting: bool
) -> None:
    with server(says(b"", status), monkeypatch) as url, pytest.raises(Unreachable) as refused:
        fetch(url, limit=100, seconds=5)
    assert refused.value.lasting is lasting


def test_a_peer_that_speaks_no_http_is_no_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        monkeypatch.setattr(outside, "PORTS", (port,))
        monkeypatch.setattr(outside, "resolve", lambda host, _port: ["127.0.0.1"])
        monkeypatch.setattr(outside, "is_open", lambda address: True)

        def nonsense() -> None:
            peer, _ = listening.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(b"220 halo\r\n\r\n")

        thread = threading.Thread(target=nonsense, daemon=True)
        thread.start()
        with pytest.raises(Unreachable) as refused:
            fetch(f"http://contoh.test:{port}/", limit=100, seconds=2)
        thread.join(2)
    assert not refused.value.lasting
