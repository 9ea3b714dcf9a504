"""Token buckets in Redis: so many at once, so many an hour, per address.

Addresses are kept as keyed hashes and for as long as the bucket needs to fill again, nowhere else. With Redis silent a
forgiving bucket lets everybody through (taking a report matters more than counting it); a strict one counts in this
process instead, so that guessing is never free.
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from redis.exceptions import RedisError

from lapor.kit.sealing import fingerprint

# KEYS[1]: the bucket; ARGV: burst, tokens a second, now, how many to take. Returns 1 when there were enough.
_TAKE = """
local had = redis.call('HMGET', KEYS[1], 'n', 't')
local burst, rate, now, want = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local n = math.min(burst, (tonumber(had[1]) or burst) + math.max(0, now - (tonumber(had[2]) or now)) * rate)
local ok = 0
if n >= want and n >= 1 then n = n - want; ok = 1 end
redis.call('HSET', KEYS[1], 'n', tostring(n), 't', tostring(now))
redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 1)
return ok
"""

_KEPT_HERE = 10_000
_here: dict[str, tuple[float, float]] = {}


@dataclass(frozen=True)
class Bucket:
    """`burst` at once, then `hourly` an hour. `strict`: count here when Redis is silent."""

    name: str
    burst: int
    hourly: float
    strict: bool = False

    def take(self, who: str, count: int = 1) -> bool:
        """Take `count`; False: there were not enough. 0 only asks whether one is left."""
        key = f"lapor:limit:{self.name}:{fingerprint(who)[:32]}"
        rate, now = self.hourly / 3600, time.time()
        try:
            return bool(_redis().eval(_TAKE, 1, key, self.burst, rate, now, count))
        except (RedisError, OSError):
            return self._take_here(key, rate, now, count) if self.strict else True

    def _take_here(self, key: str, rate: float, now: float, count: int) -> bool:
        if len(_here) >= _KEPT_HERE:
            _here.clear()
        had, at = _here.get(key, (float(self.burst), now))
        had = min(self.burst, had + (now - at) * rate)
        enough = had >= max(count, 1)
        _here[key] = (had - count if enough else had, now)
        return enough


def address(request: HttpRequest) -> str:
    """Who asks, as far as one can tell: the sender the proxy saw in *produksi*, else the peer. IPv6 by its /64."""
    said = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PRODUCTION and (passed := request.headers.get("X-Forwarded-For", "")):
        said = passed.rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(said)
    except ValueError:
        return said[:64]
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def is_this_machine(who: str) -> bool:
    """A loopback address: ourselves, or a proxy that hides the sender, whom limiting would shut out for everybody."""
    return who.startswith("127.") or who == "::/64"


def _redis() -> Any:
    cache: Any = caches["default"]
    return cache._cache.get_client(None, write=True)
