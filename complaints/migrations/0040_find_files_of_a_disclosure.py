"""Built while cases go on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [('complaints', '0039_disclosures')]

    operations = [
        AddIndexConcurrently(
            model_name='attachment',
            index=models.Index(condition=models.Q(('disclosure__isnull', False)), fields=['disclosure'], name='attachment_disclosed'),
        ),
    ]
