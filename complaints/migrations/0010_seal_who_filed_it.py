"""What led from a report to the account it was filed with goes: reporters and drafts keep its keyed fingerprint, events
and messages of the reporter name nobody (docs/keputusan/0009).

Events are append-only by trigger, and this is the one time that rows of theirs change: not what happened, when, or by
which side, only the account behind the reporter's own acts, which should never have been written. The trigger is passed
over for these statements alone, inside their own transactions, without a lock on the table and without leaving it off
for anybody else; how many rows it was stands in the audit trail. There is no way back: who it was is known no more.
"""

from django.db import connection, migrations, transaction

from lapor.kit.sealing import fingerprint

BATCH = 5_000
# As 0001_the_case made it.
APPEND_ONLY = "{pgtrigger_event_append_only_19e17}"


def by_fingerprint(model):
    """A few thousand rows at a time, so that nobody filing meanwhile waits."""
    while True:
        with transaction.atomic():
            found = model.objects.select_for_update(skip_locked=True).filter(
                user_id__isnull=False, account_fingerprint=""
            )
            rows = list(found.only("pk", "user_id")[:BATCH])
            for row in rows:
                row.account_fingerprint = fingerprint(str(row.user_id), "account")
            model.objects.bulk_update(rows, ["account_fingerprint"])
        if not rows:
            return


def in_batches(statement):
    """Run an UPDATE over ranges of the primary key, passing over the events' trigger; how many rows changed."""
    table = statement.split()[1]
    changed = 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 (a name from below)
        last = cursor.fetchone()[0]
        for first in range(0, last + 1, BATCH):
            with transaction.atomic():
                cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [APPEND_ONLY])
                cursor.execute(f"{statement} AND id > %s AND id <= %s", [first, first + BATCH])
                changed += cursor.rowcount
    return changed


def seal(apps, schema_editor):
    by_fingerprint(apps.get_model("complaints", "Reporter"))
    by_fingerprint(apps.get_model("complaints", "Draft"))
    in_batches(
        "UPDATE complaints_message SET author_id = NULL WHERE side = 'REPORTER' AND author_id IS NOT NULL"
    )
    unnamed = in_batches(
        "UPDATE complaints_event SET actor_id = NULL WHERE side = 'REPORTER' AND actor_id IS NOT NULL"
    )
    if unnamed:
        apps.get_model("agencies", "AuditEntry").objects.create(
            what="events_unnamed",
            subject_kind="event",
            reason="Kejadian oleh pelapor tidak lagi menyebut akunnya (keputusan 0009).",
            after={"events": unnamed},
        )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("agencies", "0001_the_map"),
        ("complaints", "0009_the_account_by_its_fingerprint"),
    ]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
