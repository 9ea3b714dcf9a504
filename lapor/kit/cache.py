"""A cache that forgets instead of failing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError


def _or(method: Callable[..., Any], answer: Any) -> Callable[..., Any]:
    @wraps(method)
    def forgiving(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except RedisError:
            return answer

    return forgiving


class _Forgiving(RedisCacheClient):
    """Redis gone reads as "not there"; what would have been written is dropped."""

    add = _or(RedisCacheClient.add, True)
    set = _or(RedisCacheClient.set, None)
    touch = _or(RedisCacheClient.touch, False)
    delete = _or(RedisCacheClient.delete, False)
    get_many = _or(RedisCacheClient.get_many, {})
    has_key = _or(RedisCacheClient.has_key, False)
    set_many = _or(RedisCacheClient.set_many, None)
    delete_many = _or(RedisCacheClient.delete_many, None)
    clear = _or(RedisCacheClient.clear, False)

    def get(self, key: Any, default: Any) -> Any:
        try:
            return super().get(key, default)
        except RedisError:
            return default

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
