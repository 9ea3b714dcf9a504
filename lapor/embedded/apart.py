"""Training and the real thing never meet: a database is one or the other for good, and so is a Redis.

A training database has a table that no other has, made while it is still empty. Asked in every mode before anything is
written (`lapor.embedded.upgrade`).
"""

from __future__ import annotations

import redis
from django.conf import settings
from django.db import connection
from redis.exceptions import RedisError

MARK = "latihan_penanda"
KEY = "lapor:latihan"


def trouble() -> str:
    """Why nothing may start here; "" when it may. An empty place becomes a training one where that is the mode."""
    return _of_the_database() or _of_redis()


def is_training() -> bool:
    """Whether this database was marked as one for training."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [MARK])
        return bool(cursor.fetchone()[0])


def _of_the_database() -> str:
    marked = is_training()
    if not settings.TRAINING:
        if marked:
            return f"LAPOR_DATABASE_URL: basis data ini untuk latihan; mode {settings.MODE!r} tidak memakainya."
        return ""
    if marked:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
        if cursor.fetchone()[0]:
            return "LAPOR_DATABASE_URL: basis data ini sudah berisi dan bukan untuk latihan. Pakai yang masih kosong."
        cursor.execute(f"CREATE TABLE {MARK} (sejak timestamptz NOT NULL DEFAULT now())")
        cursor.execute(f"INSERT INTO {MARK} DEFAULT VALUES")
    return ""


def _of_redis() -> str:
    try:
        line = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3, socket_timeout=3)
        marked = bool(line.exists(KEY))
        if not settings.TRAINING:
            if marked:
                return f"LAPOR_REDIS_URL: Redis ini untuk latihan; mode {settings.MODE!r} tidak memakainya."
            return ""
        if not marked and line.dbsize():
            return (
                "LAPOR_REDIS_URL: Redis ini sudah berisi dan bukan untuk latihan. Pakai nomor basis data yang kosong."
            )
        line.set(KEY, "1")
    except RedisError as error:
        # Without it a real portal still takes reports; training would not know whose queue it reads.
        return f"LAPOR_REDIS_URL: Redis tidak menjawab ({type(error).__name__})." if settings.TRAINING else ""
    return ""
