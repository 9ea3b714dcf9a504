"""The golden corpus of the doors that machines call with a report: a file is some calls as they stand on the wire, and
what must become of them.

{"why": …, "calls": [{"address", "type", "headers", "body" or "raw" (base64)}], "expect": {"statuses", "opened", …}}

In a body {key} stands for the key of a system that may file, {road} for a category, {place} for a place.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from django.test import Client

from agencies import clients
from complaints.models import Complaint
from tests.world import World


def samples(folder: Path) -> list[Path]:
    found = sorted((folder / "samples").glob("*.json"))
    assert found, f"no samples in {folder}"
    return found


def check(sample: Path, world: World) -> None:
    """Make each call and see that exactly what is expected became of them."""
    told = json.loads(sample.read_text(encoding="utf-8"))
    _client, key = clients.register(
        by=world.ratna, agency=world.root, name="Kota", permissions=["file"], hourly_limit=100
    )
    stands = {"{key}": key, "{road}": str(world.cat_road.pk), "{place}": world.sukasari.pk}
    answers = [_call(call, stands) for call in told["calls"]]

    expect: dict[str, Any] = told["expect"]
    assert [answer.status_code for answer in answers] == expect["statuses"], told["why"]
    for call, answer in zip(told["calls"], answers, strict=True):
        wanted = "xml" if call["address"].endswith(".xml") else "json"
        assert wanted in answer["Content-Type"], told["why"]
    cases = list(Complaint.objects.all())
    assert len(cases) == expect["opened"], told["why"]
    for case in cases:
        assert case.body == expect.get("story", case.body), told["why"]
        assert case.secret == expect.get("secret", case.secret), told["why"]


def _call(call: dict[str, Any], stands: dict[str, str]) -> Any:
    body = call.get("body", "")
    for word, meant in stands.items():
        body = body.replace(word, meant)
    content = base64.b64decode(call["raw"]) if "raw" in call else body.encode()
    return Client().post(call["address"], content, content_type=call["type"], headers=call["headers"])
