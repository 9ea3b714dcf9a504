"""A cache that forgets instead of failing."""

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError


class _Forgiving(RedisCacheClient):
    """Redis gone reads as "not there"; writes are dropped. Timeouts of 0.2 s keep a page from waiting."""

    def add(self, *args: Any, **kwargs: Any) -> bool:
        try:
            return bool(super().add(*args, **kwargs))
        except RedisError:
            return True

    def get(self, key: str, default: Any) -> Any:
        try:
            return super().get(key, default)
        except RedisError:
            return default

    def set(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(*args, **kwargs)
        except RedisError:
            return

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        try:
            return bool(super().touch(*args, **kwargs))
        except RedisError:
            return False

    def delete(self, key: str) -> bool:
        try:
            return bool(super().delete(key))
        except RedisError:
            return False

    def get_many(self, keys: Any) -> dict[str, Any]:
        try:
            return dict(super().get_many(keys))
        except RedisError:
            return {}

    def has_key(self, key: str) -> bool:
        try:
            return bool(super().has_key(key))
        except RedisError:
            return False

    def incr(self, key: str, delta: int) -> int:
        try:
            return int(super().incr(key, delta))
        except RedisError:
            raise ValueError(f"Key {key!r} not found") from None  # Django's word for a missing key

    def set_many(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().set_many(*args, **kwargs)
        except RedisError:
            return

    def delete_many(self, keys: Any) -> None:
        try:
            super().delete_many(keys)
        except RedisError:
            return

    def clear(self) -> bool:
        try:
            return bool(super().clear())
        except RedisError:
            return False


class ForgivingRedisCache(RedisCache):
    """Django's RedisCache whose client swallows broker errors: rate limits fail open, pages never fail."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_connect_timeout", 0.2)
        options.setdefault("socket_timeout", 0.2)
        super().__init__(server, params)
        self._class = _Forgiving
