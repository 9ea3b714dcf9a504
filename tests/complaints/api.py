"""A citizen's program, as tests of the API drive it."""

from __future__ import annotations

import json
import secrets
import uuid
from typing import Any

from django.test import Client

from complaints.models import Complaint

STORY = "Lampu jalan di depan Pasar Lama mati sejak tiga malam, dan kemarin seorang ibu terjatuh."


class Program:
    """JSON in and out; `key` is an agency's API key, "" for a citizen's own program."""

    def __init__(self, key: str = "", *, raising: bool = True, address: str = "127.0.0.1") -> None:
        self.client = Client(raise_request_exception=raising)
        self.headers: dict[str, str] = {"Authorization": f"Bearer {key}"} if key else {}
        self.address = address

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self.headers | _named(headers), REMOTE_ADDR=self.address)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1/{path}",
            body if isinstance(body, bytes) else json.dumps({} if body is None else body),
            content_type="application/json",
            headers=self.headers | _named(headers),
            REMOTE_ADDR=self.address,
        )

    def file(self, body: str = STORY, *, once: str = "", **more: Any) -> Any:
        return self.post("laporan/", {"body": body, **more}, idempotency_key=once or str(uuid.uuid4()))

    def upload(self, file: Any, **headers: str) -> Any:
        return self.client.post(
            "/api/v1/berkas/", {"file": file}, headers=self.headers | _named(headers), REMOTE_ADDR=self.address
        )


def stranger() -> Program:
    """From a network of its own, so that one test's guesses are not another's."""
    return Program(address=f"2001:db8:{secrets.randbits(16):x}:{secrets.randbits(16):x}::1")


def _named(headers: dict[str, str]) -> dict[str, str]:
    """idempotency_key → Idempotency-Key."""
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


def case_of(answer: Any) -> Complaint:
    """The case a filing was answered with."""
    assert answer.status_code == 201, answer.content
    return Complaint.objects.get(number=answer.json()["number"].replace("-", ""))


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The body of a problem of this kind."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.content)
    assert body["type"].rpartition("#galat-")[2] == code, body
    return body


def pointers(body: dict[str, Any]) -> set[str]:
    """Where the errors of a problem point to."""
    return {error.get("pointer") or error.get("header") or error.get("parameter") for error in body["errors"]}
