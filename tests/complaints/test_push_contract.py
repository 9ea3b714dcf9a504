"""The push service the tests stand before keeps the published contract: each rule is broken once and must be noticed.

RFC 8030 (the request), RFC 8188 and 8291 (how it is sealed), RFC 8292 (who signs it, for whom, and how long).
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pywebpush import WebPusher

from tests.push_service import Browser, PushService, b64, push_service, raw

SUB = "mailto:lapor@contoh.test"


class Sender:
    """An application server by hand, whose every word can be changed."""

    def __init__(self, service: PushService) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.service = service
        self.browser: Browser = service.subscribe(self.public)

    @property
    def public(self) -> str:
        return b64(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def token(self, head: dict[str, Any] | None = None, **claims: Any) -> str:
        said = {"aud": self.service.url, "exp": int(time.time()) + 3600, "sub": SUB} | claims
        said = {name: value for name, value in said.items() if value is not None}
        parts = [b64(json.dumps(one).encode()) for one in (head or {"typ": "JWT", "alg": "ES256"}, said)]
        r, s = decode_dss_signature(self.key.sign(".".join(parts).encode(), ec.ECDSA(SHA256())))
        return ".".join([*parts, b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))])

    def headers(self, token: str = "", changed: Mapping[str, str | None] | None = None) -> dict[str, str]:
        said: dict[str, str | None] = {
            "TTL": "60",
            "Content-Encoding": "aes128gcm",
            "Authorization": f"vapid t={token or self.token()},k={self.public}",
        }
        said.update(changed or {})
        return {name: value for name, value in said.items() if value is not None}

    def body(self, words: bytes = b"ada kabar") -> bytes:
        return bytes(WebPusher(self.browser.subscription()).encode(words, "aes128gcm")["body"])

    def judged(self, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
        path = self.browser.endpoint.removeprefix(self.service.url)
        return self.service.judge(path, headers or self.headers(), self.body() if body is None else body)


@pytest.fixture
def sender() -> Any:
    with push_service() as service:
        yield Sender(service)


def test_what_keeps_every_rule_is_taken(sender: Sender) -> None:
    assert sender.judged() == (201, "")
    assert len(sender.browser.closed) == 1


def test_the_example_of_rfc_8291_opens_to_its_words() -> None:
    """Section 5 and appendix A, letter for letter."""
    private = ec.derive_private_key(
        int.from_bytes(raw("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big"), ec.SECP256R1()
    )
    browser = Browser("https://push.contoh.test/x", "", private, raw("BTBZMqHH6r4Tts7J_aSIgg"))
    assert browser.subscription()["keys"]["p256dh"] == (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )
    sealed = raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.fault_of(sealed) == ""
    opened = http_ece.decrypt(sealed, private_key=private, auth_secret=browser.auth, version="aes128gcm")
    assert opened == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"TTL": None}, "no TTL"),
        ({"TTL": "-1"}, "no TTL"),
        ({"TTL": "besok"}, "no TTL"),
        ({"Content-Encoding": "aesgcm"}, "not aes128gcm"),
        ({"Content-Encoding": None}, "not aes128gcm"),
        ({"Urgency": "segera"}, "no such urgency"),
        ({"Topic": "x" * 33}, "no topic"),
        ({"Topic": "bukan base64!"}, "no topic"),
        ({"Authorization": None}, "no vapid"),
        ({"Authorization": "WebPush abc"}, "no vapid"),
        ({"Authorization": "vapid t=a.b,k=c"}, "another key"),
    ],
)
def test_a_header_that_breaks_a_rule_is_refused(sender: Sender, changed: dict[str, str | None], fault: str) -> None:
    status, said = sender.judged(headers=sender.headers(changed=changed))
    assert status in (400, 401, 403)
    assert said.startswith(fault)
    assert not sender.browser.closed


@pytest.mark.parametrize(
    ("claims", "fault"),
    [
        ({"aud": "https://push.lain.test"}, "for another service"),
        ({"aud": None}, "for another service"),
        ({"exp": int(time.time()) - 1}, "expired"),
        ({"exp": int(time.time()) + 25 * 3600}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "nanti"}, "expired"),
        ({"sub": None}, "nobody to write to"),
        ({"sub": "http://contoh.test"}, "nobody to write to"),
        ({"head": {"typ": "JWT", "alg": "none"}}, "not ES256"),
        ({"head": {"typ": "JWT", "alg": "HS256"}}, "not ES256"),
    ],
)
def test_a_token_that_says_too_little_or_too_much_is_refused(
    sender: Sender, claims: dict[str, Any], fault: str
) -> None:
    status, said = sender.judged(headers=sender.headers(sender.token(**claims)))
    assert status == 403
    assert said.startswith(fault)


def test_a_token_that_was_changed_or_of_another_key_is_refused(sender: Sender) -> None:
    head, _claims, mark = sender.token().split(".")
    other = b64(json.dumps({"aud": sender.service.url, "exp": int(time.time()) + 60, "sub": SUB}).encode())
    assert sender.judged(headers=sender.headers(f"{head}.{other}.{mark}")) == (403, "forged")
    stranger = Sender(sender.service)
    assert sender.judged(headers=stranger.headers()) == (403, "another key than the browser agreed to")
    halves = f"vapid t=a.b,k={sender.public}"
    assert sender.judged(headers=sender.headers(changed={"Authorization": halves})) == (403, "no token in three parts")
    padded = sender.headers()["Authorization"] + "="
    assert sender.judged(headers=sender.headers(changed={"Authorization": padded}))[0] == 403


def longer(body: bytes) -> bytes:
    return body + b"\0" * 4096


def two_records(body: bytes) -> bytes:
    """A record size so small that the rest would be a second record."""
    return body[:16] + (20).to_bytes(4, "big") + body[20:]


def nameless(body: bytes) -> bytes:
    """Without the sender's key in its head (idlen 0)."""
    return body[:20] + b"\0" + body[86:]


def compressed(body: bytes) -> bytes:
    """Not an uncompressed point."""
    return body[:21] + b"\x02" + body[22:]


def changed(body: bytes) -> bytes:
    return body[:-1] + bytes([body[-1] ^ 1])


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (lambda body: b"", "empty, or too long"),
        (longer, "empty, or too long"),
        (lambda body: body[:60], "no head"),
        (nameless, "no head"),
        (compressed, "no point"),
        (two_records, "more than one record"),
        (changed, "does not open"),
        (lambda body: base64.b64encode(body), ""),
    ],
)
def test_a_body_sealed_otherwise_is_refused(sender: Sender, broken: Callable[[bytes], bytes], fault: str) -> None:
    status, said = sender.judged(broken(sender.body()))
    assert status in (400, 413)
    assert said.startswith(fault)
    assert not sender.browser.closed


def test_what_another_browser_could_open_is_refused(sender: Sender) -> None:
    other = Sender(sender.service)
    assert sender.judged(other.body()) == (400, "does not open with this browser's keys")
