"""The index of 0026, built while letters go out."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0026_links_and_receipts_of_short_messages")]

    operations = [
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('message_id', ''), _negated=True), fields=['message_id'], name='notification_by_name'),
        ),
    ]
