"""The golden corpus of the messengers: a file is some raw payloads, as they come, and what must become of them.

{"why": …, "calls": [{"json" or "raw" (base64), "forged"}], "expect": {"outcomes": […], "opened": n, …}}
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from complaints.models import Arrival, Complaint

Deliver = Callable[[bytes, bool], int]


def samples(folder: Path) -> list[Path]:
    found = sorted((folder / "samples").glob("*.json"))
    assert found, f"no samples in {folder}"
    return found


def check(sample: Path, deliver: Deliver, said: Callable[[], str]) -> None:
    """Deliver each payload (raw bytes, forged?) and see that exactly what is expected became of them. `deliver`
    understands what it kept and returns the status; `said` gives the last words sent back."""
    told = json.loads(sample.read_text(encoding="utf-8"))
    status = 200
    for call in told["calls"]:
        raw = base64.b64decode(call["raw"]) if "raw" in call else json.dumps(call["json"]).encode()
        status = deliver(raw, bool(call.get("forged")))
    expect: dict[str, Any] = told["expect"]
    assert status == expect.get("status", 200), told["why"]
    arrivals = list(Arrival.objects.order_by("pk"))
    assert [one.outcome for one in arrivals] == expect["outcomes"], told["why"]
    assert Complaint.objects.count() == expect["opened"], told["why"]
    if "hold" in expect:
        assert arrivals[-1].hold == expect["hold"], told["why"]
    if "said" in expect:
        assert expect["said"] in said(), told["why"]
    for case in Complaint.objects.all():
        assert case.body == expect.get("story", case.body), told["why"]
        assert case.secret == expect.get("secret", case.secret), told["why"]
        assert case.anonymous == expect.get("anonymous", case.anonymous), told["why"]
