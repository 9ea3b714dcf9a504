"""How often sudden rises cry wolf: false alarms a district and year where nothing ever changes, and what a look costs.

    .venv/bin/python bench/rise.py [districts]

Every (topic, kecamatan) of a district has its own constant rate of reports a day and is drawn from a Poisson law; the
rule of `routing.rises` (and no copy of it) then reads three years of such days. Every alarm is false by construction.
Beside it stands how soon a real rise is seen: the count on which the alarm comes, by the usual rate.
"""

from __future__ import annotations

import math
import os
import random
import statistics
import sys
import time
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lapor.settings")

import django

django.setup()

from routing import rises  # noqa: E402

YEARS = 3
KECAMATAN, TOPICS = 15, 20
DAYS = 365


def drawn(rng: random.Random, mean: float) -> int:
    """One Poisson draw (Knuth)."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


@cache
def alarm(count: int, usual: float) -> bool:
    return rises.tail(count, usual) < rises.RARE


def false_alarms(rng: random.Random, mean: float, years: int) -> int:
    """Alarms of one pair at this rate, one at most in seven days."""
    days = [drawn(rng, mean) for _ in range(years * DAYS + 7 * rises.WEEKS)]
    alarms, last = 0, -rises.QUIET.days
    for day in range(7 * rises.WEEKS, len(days)):
        if days[day] < rises.LEAST or day - last < rises.QUIET.days:
            continue
        past = days[day - 7 * rises.WEEKS : day : 7]
        if alarm(days[day], rises.usual_of(past)):
            alarms, last = alarms + 1, day
    return alarms


def rates(rng: random.Random, a_day: float) -> list[float]:
    """A district's rates: few pairs with most of the reports, as topics and places are."""
    weights = [rng.paretovariate(1.1) for _ in range(KECAMATAN * TOPICS)]
    whole = sum(weights)
    return [a_day * one / whole for one in weights]


def main(districts: int) -> None:
    rng = random.Random(20261122)
    print(
        f"rule: p < {rises.RARE}, at least {rises.LEAST}, floor {rises.FLOOR}, {rises.WEEKS} weeks, "
        f"quiet {rises.QUIET.days} days"
    )
    print("\nfalse alarms a year of one pair, by its constant rate, and the count that raises one")
    for mean in (0.05, 0.2, 0.5, 1, 2, 5, 10, 20):
        runs = 300
        found = sum(false_alarms(rng, mean, 1) for _ in range(runs)) / runs
        needs = next(n for n in range(rises.LEAST, 200) if alarm(n, max(mean, rises.FLOOR)))
        print(f"  {mean:>5} a day: {found:7.3f} a year   alarm from {needs}")
    print(
        f"\nfalse alarms a district and year: {KECAMATAN} kecamatan x {TOPICS} topics,"
        f" {districts} districts, {YEARS} years"
    )
    for a_day in (5, 20, 60, 200):
        each = [sum(false_alarms(rng, mean, YEARS) for mean in rates(rng, a_day)) / YEARS for _ in range(districts)]
        print(f"  {a_day:>4} reports a day: median {statistics.median(each):6.2f}, most {max(each):6.2f}")
    began = time.perf_counter()
    for _ in range(10_000):
        rises.tail(12, 2.5)
    print(f"\none tail: {(time.perf_counter() - began) / 10_000 * 1e6:.1f} us")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
