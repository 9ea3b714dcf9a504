"""A cache that forgets instead of failing. What counts guesses is the exception: see `_Forgiving`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

from lapor.kit.sealing import fingerprint


def _or(method: Callable[..., Any], answer: Any) -> Callable[..., Any]:
    @wraps(method)
    def forgiving(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except RedisError:
            return answer

    return forgiving


# The keys under which django-allauth counts sign-ins, codes asked for and passwords tried.
_COUNTED = ":allauth:"
_here = LocMemCache("lapor-counts", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


class _Forgiving(RedisCacheClient):
    """Redis gone reads as "not there"; what would have been written is dropped. But guessing is never free: what
    limits signing in is then counted in this process."""

    touch = _or(RedisCacheClient.touch, False)
    get_many = _or(RedisCacheClient.get_many, {})
    has_key = _or(RedisCacheClient.has_key, False)
    set_many = _or(RedisCacheClient.set_many, None)
    delete_many = _or(RedisCacheClient.delete_many, None)
    clear = _or(RedisCacheClient.clear, False)

    def get(self, key: Any, default: Any) -> Any:
        try:
            return super().get(key, default)
        except RedisError:
            return _here.get(key, default) if _COUNTED in str(key) else default

    def set(self, key: Any, value: Any, timeout: Any) -> Any:
        try:
            return super().set(key, value, timeout)
        except RedisError:
            return _here.set(key, value, timeout) if _COUNTED in str(key) else None

    def add(self, key: Any, value: Any, timeout: Any) -> Any:
        try:
            return super().add(key, value, timeout)
        except RedisError:
            return _here.add(key, value, timeout) if _COUNTED in str(key) else True

    def delete(self, key: Any) -> Any:
        try:
            return super().delete(key)
        except RedisError:
            return _here.delete(key) if _COUNTED in str(key) else False

    def incr(self, key: Any, delta: int) -> Any:
        try:
            return super().incr(key, delta)
        except RedisError as error:
            raise ValueError(f"Key {key!r} not found") from error  # Django's word for a missing key


class ForgivingRedisCache(RedisCache):
    """Django's RedisCache: rate limits fail open, pages never fail, and none waits longer than 0.2 s."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_connect_timeout", 0.2)
        options.setdefault("socket_timeout", 0.2)
        super().__init__(server, params)
        self._class = _Forgiving

    def make_key(self, key: Any, version: int | None = None) -> str:
        """django-allauth writes addresses into its keys; they are kept as keyed hashes, as everywhere."""
        if str(key).startswith("allauth:"):
            key = f"allauth:{fingerprint(str(key))}"
        return super().make_key(key, version)
