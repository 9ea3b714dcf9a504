"""Built while answers are given."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("complaints", "0044_files_that_helpers_see")]

    operations = [
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'SENT'), ('verb', 'resolve')), fields=['agency', 'written_at'], name='message_final_of_office'),
        ),
    ]
