"""Back to the start that was laid once: every table of the portal, the uploads and the clock.

A copy of all rows lies in a schema of its own. What the portal forbids itself (an event is never taken back) is
switched off for this one transaction, which the owner of a training database may.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from lapor.embedded import apart
from lapor.kit.alone import alone
from lapor.training import clock, stage
from lapor.training.models import Exercise, Letter, Look, State

KEPT: Final = "latihan_awal"
# What nobody changes in training, and what is large.
SAME: Final = ("django_migrations", "django_content_type", "auth_permission", "agencies_region", "agencies_boundary")
ALONE: Final = "latihan.travel"


class Busy(Exception):
    """The clock is on its way, or somebody holds what must be laid anew."""


def _tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [schema])
        found = [name for (name,) in cursor.fetchall()]
    return [name for name in found if name not in SAME and not name.startswith(("latihan_", apart.MARK))]


def is_laid() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [KEPT])
        return bool(cursor.fetchone()[0])


def lay() -> None:
    """Set the stage, and keep what stands there now as the start."""
    stage.set_up()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {KEPT} CASCADE")
        cursor.execute(f"CREATE SCHEMA {KEPT}")
        for table in _tables("public"):
            cursor.execute(f'CREATE TABLE {KEPT}."{table}" AS TABLE public."{table}"')
        State.objects.update_or_create(pk=1, defaults={"laid_at": timezone.now(), "began_at": timezone.now()})
    uploads = Path(settings.MEDIA_ROOT)
    uploads.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(_kept_uploads(), ignore_errors=True)
    shutil.copytree(uploads, _kept_uploads())


def back() -> None:
    """Everybody returns to the start. Raises Busy."""
    with alone(ALONE) as free:
        if not free:
            raise Busy
        _rows_back()
    _uploads_back()
    # By their prefix: the queues of the workers lie in the same Redis.
    line = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    for pattern in (f"{settings.CACHES['default']['KEY_PREFIX']}:*", "lapor:limit:*"):
        for key in line.scan_iter(match=pattern, count=500):
            line.delete(key)


@transaction.atomic
def _rows_back() -> None:
    state = State.objects.select_for_update().get(pk=1)
    tables = _tables(KEPT)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
        )
        guarded = sorted({name for (name,) in cursor.fetchall()} & set(tables))
        named = ", ".join(f'public."{table}"' for table in tables)
        cursor.execute(f"LOCK TABLE {named} IN ACCESS EXCLUSIVE MODE")
        for table in guarded:
            cursor.execute(f'ALTER TABLE public."{table}" DISABLE TRIGGER USER')
        cursor.execute(f"TRUNCATE {named}")
        for table in tables:
            cursor.execute(f'INSERT INTO public."{table}" SELECT * FROM {KEPT}."{table}"')  # noqa: S608 (our own names)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guarded:
            cursor.execute(f'ALTER TABLE public."{table}" ENABLE TRIGGER USER')
    for model in (Letter, Look, Exercise):
        model.objects.all().delete()
    assert state.laid_at is not None
    # Where the start is, by this clock: the only way back there is.
    state.shift = state.laid_at - (timezone.now() - clock.shifted_by())
    state.heading_for, state.began_at = None, state.laid_at
    state.save()
    transaction.on_commit(lambda: clock.turn(state.shift))


def _kept_uploads() -> Path:
    return Path(settings.STATE_DIR) / "berkas-awal"


def _uploads_back() -> None:
    uploads = Path(settings.MEDIA_ROOT)
    for found in uploads.iterdir() if uploads.is_dir() else ():
        shutil.rmtree(found) if found.is_dir() else found.unlink(missing_ok=True)
    if _kept_uploads().is_dir():
        shutil.copytree(_kept_uploads(), uploads, dirs_exist_ok=True)
    # What lies on the phones in the browser.
    shutil.rmtree(Path(settings.STATE_DIR) / "ponsel", ignore_errors=True)


def before_migrating() -> None:
    """A new version's tables differ from those of the kept start: return to it, and let it be laid anew."""
    if not is_laid():
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        back()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {KEPT} CASCADE")
