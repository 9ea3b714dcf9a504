"""Whose the questions of a category are: the shipped table's, until somebody of the centre writes them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', "0034_a_browser_that_comes_back"),
    ]

    operations = [
        migrations.AddField(
            model_name='category',
            name='asks_here',
            field=models.BooleanField(default=False),
        ),
    ]
