from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0008_tags_become_programmes'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_once',
        ),
        migrations.RemoveField(
            model_name='membership',
            name='tag',
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('user', 'agency', 'role', 'programme'), name='membership_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('programme__isnull', True), ('role', 'OBSERVER'), _connector='OR'), name='membership_programme_is_observed'),
        ),
    ]
