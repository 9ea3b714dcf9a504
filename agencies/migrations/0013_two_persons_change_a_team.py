"""Who sits in a team that reads disclosures is changed by two persons, once it has been a team."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0012_the_letter_of_monday"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="teammember",
            name="asked_for",
            field=models.CharField(
                blank=True, choices=[("SEAT", "ditunjuk"), ("END", "diakhiri")], default="", max_length=4
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teammember", name="asked_reason", field=models.CharField(blank=True, max_length=300)
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by__isnull", True))
                | ~models.Q(("approved_by", models.F("asked_by"))) & ~models.Q(("approved_by", models.F("user"))),
                name="team_member_two_persons",
            ),
        ),
    ]
