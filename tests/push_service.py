"""A push service as a browser's maker runs one (RFC 8030), and the browser behind it that can open what was sent.

It enforces what the RFCs say: TTL, urgency and topic (8030 section 5), one encoding and one record that the browser's
own keys open (8188 section 2, 8291 section 4), a VAPID token signed by the key the browser agreed to, for this very
host, for a day at most (8292 sections 2 and 3). A real service can't open what it carries; this one looks whether the
browser will. tests/complaints/test_push_contract.py breaks each rule once.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lapor.embedded.process import own_port
from lapor.embedded.state import ROOT

LONGEST_BODY = 4096
# Salt, record size, length of the key's name, and the name: an uncompressed point of P-256 (RFC 8188 section 2.1).
SALT, SIZE, POINT = 16, 4, 65
HEAD = SALT + SIZE + 1 + POINT
TAG = 16
URGENCIES = ("very-low", "low", "normal", "high")
DAY = 24 * 3600


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """One subscription: its address, its keys, and what it has been sent (still closed)."""

    endpoint: str
    agreed_key: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    closed: list[bytes] = field(default_factory=list)

    def subscription(self) -> dict[str, Any]:
        """As PushSubscription.toJSON() gives it."""
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": b64(point), "auth": b64(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def fault_of(self, body: bytes) -> str:
        """What is wrong with a sealed message; "" when nothing is."""
        if len(body) <= HEAD + TAG or body[SALT + SIZE] != POINT:
            return "no head with the sender's key"
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), body[SALT + SIZE + 1 : HEAD])
        except ValueError:
            return "no point of P-256"
        if body[SALT + SIZE + 1] != 4:
            return "no point in uncompressed form"
        if int.from_bytes(body[SALT : SALT + SIZE], "big") < len(body) - HEAD:
            return "more than one record"
        try:
            http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth, version="aes128gcm")
        except (http_ece.ECEException, ValueError):
            return "does not open with this browser's keys"
        return ""

    def read(self) -> list[dict[str, Any]]:
        """What was sent, opened."""
        return [
            json.loads(http_ece.decrypt(one, private_key=self.private, auth_secret=self.auth, version="aes128gcm"))
            for one in self.closed
        ]


@dataclass
class PushService:
    """`says`: the status it answers with, whatever is asked (and `wait` for its Retry-After); `gone`: addresses given
    up. `refused`: why a request was not taken."""

    url: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    says: int = 0
    wait: str = ""
    asked: int = 0

    def subscribe(self, agreed_key: str) -> Browser:
        path = f"/push/{secrets.token_urlsafe(24)}"
        self.browsers[path] = Browser(self.url + path, agreed_key)
        return self.browsers[path]

    def give_up(self, browser: Browser) -> None:
        """The phone was given away."""
        self.gone.add(browser.endpoint.removeprefix(self.url))

    def judge(self, path: str, headers: Any, body: bytes) -> tuple[int, str]:
        self.asked += 1
        if self.says:
            return self.says, "by order"
        if path in self.gone:
            return 410, "gone"
        browser = self.browsers.get(path)
        if browser is None:
            return 404, "unknown"
        if not (headers.get("TTL") or "").isdigit():
            return 400, "no TTL"
        if headers.get("Urgency") not in (None, *URGENCIES):
            return 400, "no such urgency"
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", headers.get("Topic") or "x"):
            return 400, "no topic"
        if headers.get("Content-Encoding") != "aes128gcm":
            return 400, "not aes128gcm"
        if not 0 < len(body) <= LONGEST_BODY:
            return 413, "empty, or too long"
        if fault := self.fault_of(headers.get("Authorization") or "", browser):
            return 403, fault
        if fault := browser.fault_of(body):
            return 400, fault
        browser.closed.append(body)
        return 201, ""

    def fault_of(self, authorization: str, browser: Browser) -> str:
        """What is wrong with a VAPID header (RFC 8292 section 3); "" when nothing is."""
        scheme, _space, rest = authorization.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        if scheme != "vapid" or {"t", "k"} - parts.keys():
            return "no vapid"
        if parts["k"] != browser.agreed_key:
            return "another key than the browser agreed to"
        if not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]{86}", parts["t"], re.ASCII):
            return "no token in three parts"
        head, claims, mark = parts["t"].split(".")
        if json.loads(raw(head)) | {"typ": "JWT"} != {"typ": "JWT", "alg": "ES256"}:
            return "not ES256"
        half = raw(mark)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
        der = encode_dss_signature(int.from_bytes(half[:32], "big"), int.from_bytes(half[32:], "big"))
        try:
            key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
        except InvalidSignature:
            return "forged"
        said = json.loads(raw(claims))
        if said.get("aud") != self.url:
            return "for another service"
        until = said.get("exp")
        if not isinstance(until, int | float) or not time.time() < until <= time.time() + DAY:
            return "expired, or for too long"
        return "" if str(said.get("sub", "")).startswith(("mailto:", "https:")) else "nobody to write to"


def _listening(answering: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    """At the first port nobody has, asked by taking it: another process of the tests looks for one at the same time."""
    first = own_port(24000, ROOT)
    for port in range(first, first + 200):
        with suppress(OSError):
            return ThreadingHTTPServer(("127.0.0.1", port), answering)
    raise OSError(f"no free port from {first} on")


@contextmanager
def push_service() -> Iterator[PushService]:
    service = PushService()

    class Counter(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, fault = service.judge(self.path, self.headers, body)
            if fault:
                service.refused.append(fault)
            self.send_response(status)
            if service.wait:
                self.send_header("Retry-After", service.wait)
            if status in (301, 302, 307, 308):
                self.send_header("Location", f"{service.url}/elsewhere")
            if status == 201:
                self.send_header("Location", f"{service.url}/pesan/{secrets.token_urlsafe(12)}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = _listening(Counter)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
