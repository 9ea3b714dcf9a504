"""Counting guesses: with Redis, without it, and what of an address is kept meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCacheClient
from django.test import Client
from redis.exceptions import ConnectionError as Silent

from lapor.kit import cache as ours
from tests.world import World


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis does not answer."""

    def nothing(*args: Any, **kwargs: Any) -> None:
        raise Silent

    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(RedisCacheClient, name, nothing)
    ours._here.clear()


def test_what_is_not_counted_is_forgotten_without_redis(silent: None) -> None:
    cache = caches["default"]
    cache.set("hitungan", 1)
    assert cache.get("hitungan") is None
    assert cache.add("sekali", 1)
    assert cache.add("sekali", 1)


def wrong_passwords(world: World, address: str) -> list[int]:
    assert world.joko.user is not None
    world.joko.user.set_password("kata-sandi-joko-77")
    world.joko.user.save()
    data = {"login": world.joko.user.email, "password": "tebakan"}
    pages = [Client(REMOTE_ADDR=address).post("/akun/masuk/", data).content.decode() for _ in range(14)]
    return [n for n, page in enumerate(pages) if "Terlalu sering mencoba" in page or "atau kata sandi" not in page]


@pytest.mark.django_db
@pytest.mark.parametrize("without", [False, True])
def test_guessing_a_password_is_limited_with_redis_and_without(
    world: World, request: pytest.FixtureRequest, without: bool
) -> None:
    caches["default"].clear()
    if without:
        request.getfixturevalue("silent")
    refused = wrong_passwords(world, "203.0.113.9")
    assert refused
    assert refused[0] <= 10
    assert len(refused) == 14 - refused[0]


@pytest.mark.django_db
def test_no_address_stands_in_a_key_of_redis(world: World) -> None:
    caches["default"].clear()
    wrong_passwords(world, "203.0.113.10")
    cache: Any = caches["default"]
    keys = [key.decode() for key in cache._cache.get_client(None, write=True).scan_iter("*")]
    assert any(":allauth:" in key for key in keys)
    assert not any("203.0.113" in key for key in keys)
