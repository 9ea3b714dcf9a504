"""Indexes of 0016, built while letters keep going out."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0015_what_is_told_and_paid")]

    operations = [
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('state', 'SENT')), fields=['sent_at'], name='notification_sent'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('state', 'FAILED')), fields=['-created_at'], name='notification_failed'),
        ),
    ]
