"""An observer's tag was a word; now it is a programme. Nobody may read more afterwards than before.

A tag on a membership that observes nothing meant nothing and is dropped.
"""

import re

from django.db import migrations


def become_programmes(apps, schema_editor):
    Membership = apps.get_model("agencies", "Membership")
    Programme = apps.get_model("agencies", "Programme")
    for membership in Membership.objects.filter(role="OBSERVER").exclude(tag="").order_by("pk"):
        code = "-".join(re.findall(r"[a-z0-9]+", membership.tag.lower())) or f"program-{membership.pk}"
        programme, _is_new = Programme.objects.get_or_create(
            code=code, defaults={"name": membership.tag, "starts_on": membership.starts_on}
        )
        Membership.objects.filter(pk=membership.pk).update(programme=programme)


def become_tags(apps, schema_editor):
    Membership = apps.get_model("agencies", "Membership")
    for membership in Membership.objects.filter(programme__isnull=False).select_related("programme"):
        Membership.objects.filter(pk=membership.pk).update(tag=membership.programme.code)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_programmes"),
    ]

    operations = [migrations.RunPython(become_programmes, become_tags)]
