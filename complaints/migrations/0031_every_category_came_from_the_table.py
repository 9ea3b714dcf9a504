"""Until now categories came from the shipped table alone: each remembers its row there."""

from django.db import migrations


def remember(apps, schema_editor):
    Category = apps.get_model("complaints", "Category")
    for category in Category.objects.filter(shipped_as="").select_related("parent"):
        above = category.parent.name if category.parent else ""
        Category.objects.filter(pk=category.pk).update(shipped_as=f"{above}|{category.name}")


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0030_categories_of_the_centre"),
    ]

    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
