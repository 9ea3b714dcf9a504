"""The one thing counted in training: guesses at the trainer's code."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from lapor.kit.ratelimit import address

TRIES, SECONDS = 20, 600


def may_try(request: HttpRequest) -> bool:
    key = f"latihan:kode:{address(request)}"
    cache.add(key, 0, SECONDS)
    try:
        return bool(cache.incr(key) <= TRIES)
    except ValueError:
        return True
