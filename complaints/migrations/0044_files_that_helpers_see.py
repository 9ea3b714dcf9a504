"""Which files of a report an office sees that helps: those the lead chose. Until now it saw all; what is open goes on as
it was, but for reporters who hide their name."""

from typing import Any

from django.db import migrations, models


def as_it_was(apps: Any, schema_editor: Any) -> None:
    Contribution = apps.get_model("complaints", "Contribution")
    Attachment = apps.get_model("complaints", "Attachment")
    for task in Contribution.objects.filter(state="OPEN", complaint__anonymous=False).iterator():
        task.files.set(Attachment.objects.filter(complaint_id=task.complaint_id, message=None))


class Migration(migrations.Migration):
    dependencies = [("complaints", "0043_letters_of_who_follows")]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="files",
            field=models.ManyToManyField(blank=True, related_name="+", to="complaints.attachment"),
        ),
        migrations.RunPython(as_it_was, migrations.RunPython.noop),
    ]
