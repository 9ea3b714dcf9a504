"""How often one address may do what costs us something, whichever door it comes by.

A bucket is known by its name: the web and the API count in the same one.
"""

from __future__ import annotations

from lapor.kit.ratelimit import Bucket

# One address may stand for a whole village's phones.
FILING = Bucket("filing", burst=30, hourly=60)
# Calls a gateway's door turned away are kept too, as far as nobody fills the disk with them.
TURNED_AWAY = Bucket("turned-away", burst=60, hourly=240)
# A key has 80 bits: the buckets are there so that trying costs us nothing. The narrow one counts an address and a
# number together, the wide one the address: a carrier hides a town behind one, and nobody's guessing at one report may
# keep the others in that town from their own.
GUESSES = Bucket("key", burst=10, hourly=60, strict=True)
ALL_GUESSES = Bucket("keys", burst=100, hourly=600, strict=True)


def may_guess(who: str, number: str, count: int = 1) -> bool:
    """Counts a guess at a key in both buckets; 0 only asks."""
    return all([GUESSES.take(f"{who} {number}", count), ALL_GUESSES.take(who, count)])
