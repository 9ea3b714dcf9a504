"""Indexes of 0007, built while reports keep coming in."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0007_messages_kept_and_answered")]

    operations = [
        AddIndexConcurrently(
            model_name='arrival',
            index=models.Index(condition=models.Q(('decided_at__isnull', True), ('outcome', 'HELD')), fields=['received_at', 'id'], name='arrival_held'),
        ),
        AddIndexConcurrently(
            model_name='arrival',
            index=models.Index(condition=models.Q(('sender_fingerprint', ''), _negated=True), fields=['sender_fingerprint', 'received_at'], name='arrival_of_sender'),
        ),
        AddIndexConcurrently(
            model_name='arrival',
            index=models.Index(condition=models.Q(('purged_at__isnull', True), models.Q(('outcome', ''), _negated=True)), fields=['received_at'], name='arrival_unpurged'),
        ),
        AddIndexConcurrently(
            model_name='notification',
            index=models.Index(condition=models.Q(('peer_id', ''), _negated=True), fields=['peer_id'], name='notification_of_peer'),
        ),
        AddIndexConcurrently(
            model_name='reporter',
            index=models.Index(condition=models.Q(('door_fingerprint', ''), _negated=True), fields=['door_fingerprint'], name='reporter_by_door'),
        ),
    ]
