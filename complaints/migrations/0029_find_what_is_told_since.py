"""Built while cases go on: the table of events is the largest there is."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('complaints', '0028_the_site_it_was_filed_on')]

    operations = [
        AddIndexConcurrently(
            model_name='event',
            index=models.Index(
                condition=models.Q(('audience', 'OFFICERS'), _negated=True),
                fields=['recorded_at', 'id'],
                name='event_told_since',
            ),
        ),
    ]
