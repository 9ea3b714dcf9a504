"""Fetch something from the net, or tell something there, for somebody who only named its address.

Whoever names an address chooses where our server connects to, so it may lead to nobody but the open internet: every
address a name resolves to is looked at, the very address that was looked at is connected to, and a redirect is looked
at again. Size, time and redirects have limits. Nothing of ours is sent along: no cookie, no key, no referrer.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore

PORTS = (80, 443)
REDIRECTS = 3
CONNECT = 5.0
AGENT = b"LAPOR!/1 (+open311)"

Resolve = Callable[[str, int], list[str]]


class Unreachable(Exception):
    """It could not be had now; `lasting`: nor will it ever be, from this address."""

    def __init__(self, why: str, *, lasting: bool) -> None:
        super().__init__(why)
        self.lasting = lasting


def is_open(address: str) -> bool:
    """On the open internet: not this machine, not a private or shared network, not a cloud's metadata."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_open(str(inner))
        if found.is_site_local or any(found in network for network in _NEVER):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# What a Python that is older than these rows of the registry calls global: another network's own NAT64 (RFC 8215),
# documentation (RFC 9637).
_NEVER = (ipaddress.IPv6Network("64:ff9b:1::/48"), ipaddress.IPv6Network("3fff::/20"))


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Guarded(httpcore.NetworkBackend):
    """Connects to what it has looked at: a name that answers otherwise a moment later gains nothing."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if port not in PORTS:
            raise Unreachable(f"port {port}", lasting=True)
        try:
            addresses = resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        # One closed door among them is enough: nobody has an honest reason to mix them.
        if not addresses or not all(is_open(address) for address in addresses):
            raise Unreachable("not on the open internet", lasting=True)
        return self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        raise Unreachable("a socket of this machine", lasting=True)


@cache
def trusted() -> ssl.SSLContext:
    """Whose certificates are believed. To read them costs more than a call: once a process."""
    return ssl.create_default_context()


def fetch(url: str, *, limit: int, seconds: float) -> bytes:
    """What lies there, at most `limit` bytes within `seconds`. Raises Unreachable."""
    deadline = time.monotonic() + seconds
    backend = Hurried(Guarded(), deadline)
    with httpcore.ConnectionPool(ssl_context=trusted(), network_backend=backend) as pool:
        for _hop in range(REDIRECTS + 1):
            content, onward = _get(pool, url, limit, deadline)
            if onward is None:
                return content
            url = urljoin(url, onward)
    raise Unreachable("too many redirects", lasting=True)


def _get(pool: httpcore.ConnectionPool, url: str, limit: int, deadline: float) -> tuple[bytes, str | None]:
    """The content, or where it is instead."""
    _look_at(url, ports=PORTS)
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), CONNECT)
    headers = [(b"User-Agent", AGENT), (b"Accept", b"*/*"), (b"Accept-Encoding", b"identity")]
    try:
        with pool.stream("GET", url, headers=headers, extensions={"timeout": timeouts}) as response:
            said = {name.lower(): value for name, value in response.headers}
            if response.status in (301, 302, 303, 307, 308) and b"location" in said:
                return b"", said[b"location"].decode("latin-1")
            if response.status != 200:
                # 404 and the like will not change; a server's own fault may.
                raise Unreachable(f"status {response.status}", lasting=400 <= response.status < 500)
            return _read(response, said, limit, deadline), None
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise Unreachable(type(error).__name__, lasting=False) from error
    except (ValueError, UnicodeError, httpcore.UnsupportedProtocol) as error:
        raise Unreachable("no address", lasting=True) from error


def _look_at(url: str, schemes: tuple[str, ...] = ("http", "https"), ports: tuple[int, ...] | None = None) -> None:
    """Raises Unreachable unless it is a plain address; `ports` None: any."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unreachable("no address", lasting=True) from error
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password:
        raise Unreachable("no plain http address", lasting=True)
    if port is not None and ports is not None and port not in ports:
        raise Unreachable(f"port {port}", lasting=True)


def _read(response: httpcore.Response, said: dict[bytes, bytes], limit: int, deadline: float) -> bytes:
    length = said.get(b"content-length", b"")
    if length.isdigit() and int(length[:18]) > limit:
        raise Unreachable("too large", lasting=True)
    content = bytearray()
    for chunk in response.iter_stream():
        content += chunk
        if len(content) > limit:
            raise Unreachable("too large", lasting=True)
        if time.monotonic() > deadline:
            raise Unreachable("too slow", lasting=False)
    return bytes(content)


# --- Telling ---

WORDS = 300


@dataclass(frozen=True)
class Said:
    """What the other side answered: its status, and the beginning of its body for the log."""

    status: int
    words: str


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float, guarded: bool = True) -> Said:
    """Send this there and hear the answer, all within `seconds`; a redirect is an answer and is not followed.

    `guarded`: https to the open internet alone. Raises Unreachable.
    """
    inner: httpcore.NetworkBackend = Guarded() if guarded else httpcore.SyncBackend()
    _look_at(url, schemes=("https",) if guarded else ("http", "https"), ports=PORTS if guarded else None)
    backend = Hurried(inner, time.monotonic() + seconds)
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), min(CONNECT * 2, seconds))
    sent = [(b"User-Agent", b"LAPOR!/1 (+webhook)"), (b"Accept-Encoding", b"identity")]
    sent += [(name.encode(), value.encode()) for name, value in headers.items()]
    try:
        with (
            httpcore.ConnectionPool(ssl_context=trusted(), network_backend=backend) as pool,
            pool.stream("POST", url, headers=sent, content=body, extensions={"timeout": timeouts}) as response,
        ):
            words = bytearray()
            for chunk in response.iter_stream():
                words += chunk
                if len(words) >= WORDS:
                    break
            return Said(response.status, " ".join(words[:WORDS].decode("utf-8", "replace").replace("\0", "").split()))
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise Unreachable(type(error).__name__, lasting=False) from error
    except (ValueError, UnicodeError, httpcore.UnsupportedProtocol) as error:
        raise Unreachable("no address", lasting=True) from error


class Hurried(httpcore.NetworkBackend):
    """Every step gets what is left of the whole time: who answers a letter a second is cut off like the silent."""

    def __init__(self, inner: httpcore.NetworkBackend, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout)
        return _HurriedStream(self._inner.connect_tcp(host, port, left, local_address, socket_options), self._deadline)


class _HurriedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout))
        return _HurriedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return min(left, timeout) if timeout is not None else left
