"""The golden corpus over all channels: raw payloads as they come, each with what must become of it."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parent
MESSENGERS = ("x", "whatsapp", "telegram")
MACHINES = ("api", "open311")
TOGETHER = 120


def test_there_are_enough_and_each_says_what_it_must_become() -> None:
    letters = sorted((FOLDER / "email" / "samples").glob("*.eml"))
    texts = [path for path in (FOLDER / "sms" / "samples").iterdir() if path.suffix != ".toml"]
    calls = [path for name in MESSENGERS for path in (FOLDER / name / "samples").glob("*.json")]
    reports = [path for name in MACHINES for path in (FOLDER / name / "samples").glob("*.json")]
    assert len(letters) + len(texts) + len(calls) + len(reports) >= TOGETHER

    for path in calls:
        told = json.loads(path.read_text(encoding="utf-8"))
        assert told["why"], path.name
        assert {"outcomes", "opened"} <= set(told["expect"]), path.name
    for path in reports:
        told = json.loads(path.read_text(encoding="utf-8"))
        assert told["why"], path.name
        assert len(told["expect"]["statuses"]) == len(told["calls"]), path.name
