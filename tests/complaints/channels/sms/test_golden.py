"""The golden corpus: raw payloads as gateways send them, and what must become of each (samples/outcomes.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from agencies.actor import Actor
from complaints.models import Arrival, Complaint
from lapor.kit import gsm
from tests.complaints.cases import NOW
from tests.complaints.channels.sms.phones import ME, SECOND, Network, by_phone, network

__all__ = ["network"]

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"
TABLE: list[dict[str, Any]] = tomllib.loads((SAMPLES / "outcomes.toml").read_text(encoding="utf-8"))["sample"]


def test_every_payload_stands_in_the_table_and_there_are_enough() -> None:
    used = {file for sample in TABLE for file in sample["files"]}
    there = {path.name for path in SAMPLES.iterdir()} - {"outcomes.toml"}
    assert used == there
    assert len(TABLE) >= 35


@pytest.mark.parametrize("sample", TABLE, ids=[sample["name"] for sample in TABLE])
@pytest.mark.sampled
def test_what_becomes_of_it(network: Network, sample: dict[str, Any]) -> None:
    prepare(network, sample.get("given", ""))
    before = Arrival.objects.count()
    network.out.clear()
    minutes = sample.get("minutes", [0] * len(sample["files"]))
    new: list[bool] = []
    for n, name in enumerate(sample["files"]):
        if step := minutes[n] - (minutes[n - 1] if n else 0):
            network.wait(minutes=step)
            network.work()
        gateway = name.rpartition(".")[2]
        sign = sample.get("sign", [""] * len(minutes))[n]
        count = Arrival.objects.count()
        answer = network.hand_in((SAMPLES / name).read_bytes(), gateway, sign)
        expected = sample.get("status", [200 if gateway == "kannel" else 202] * len(minutes))[n]
        assert answer.status_code == expected, name
        new.append(Arrival.objects.count() > count)
        network.work()
    if "after" in sample:
        network.wait(minutes=sample["after"])
        network.work()
    network.wait(minutes=2)
    network.work()

    arrivals = list(Arrival.objects.order_by("pk")[before:])
    outcomes = iter(arrivals)
    assert [next(outcomes).outcome if is_new else "-" for is_new in new] == sample["outcome"]
    check(network, sample, arrivals[0] if sample.get("first") else arrivals[-1])


def check(network: Network, sample: dict[str, Any], arrival: Arrival) -> None:
    case = arrival.complaint
    if "hold" in sample:
        assert arrival.hold == sample["hold"]
    if "cases" in sample:
        assert Complaint.objects.count() == sample["cases"]
    if "body" in sample:
        assert case is not None
        assert case.body == sample["body"]
    if "office" in sample:
        assert case is not None
        assert (case.addressed_to.name if case.addressed_to else "") == sample["office"]
        assert case.addressed_by == ("PREFIX" if sample["office"] else "")
    if arrival.outcome == "OPENED":
        assert case is not None
        flags = (sample.get("anonymous", False), sample.get("secret", False))
        assert (case.anonymous, case.secret) == flags
        assert case.channel == "sms"
    for text in (text for _number, text, _reference in network.out):
        assert gsm.is_plain(text)
        assert gsm.septets(text) <= 160
    if "said" in sample:
        told = [text for _number, text, _reference in network.out]
        assert any(sample["said"] in text for text in told) if sample["said"] else told == [], told
    for word in sample.get("unsaid", []):
        assert all(word not in text for _number, text, _reference in network.out)


def prepare(network: Network, given: str) -> None:
    """What there is before the payload comes."""
    world = network.world
    if not given:
        return
    case = by_phone(world, secret=given == "secret")
    match given:
        case "waiting":
            case.ask("Di depan rumah nomor berapa?", by=world.joko, now=NOW)
        case "answered" | "closed":
            case.resolve("Sudah ditambal.", by=world.joko, outcome="DONE", done_on=NOW.date(), unit="UPT", now=NOW)
        case "two":
            by_phone(world, SECOND)
        case "asked":
            # As if the first report had come by SMS just now.
            remember(case)
            assert network.text("Sekarang sudah ada dua lubang").hold == "WHOSE"
    if given == "closed":
        case.accept(by=Actor.reporter(), now=NOW)
    if given != "asked":
        remember(case)
    network.work()


def remember(case: Complaint) -> None:
    """The arrival the report came by."""
    arrival = Arrival(channel="sms", external_id=f"kannel:{case.pk}", received_at=NOW, outcome="OPENED", complaint=case)
    arrival.keep_sender(ME)
    arrival.save()
