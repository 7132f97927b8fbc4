"""Each record knows the id of its statement in the picture, so that the picture leads back to it."""

from typing import Any

from django.db import migrations, models

from concerted.model.ids import hash_id


def fill(apps: Any, schema_editor: Any) -> None:
    """Ids for the records that are there."""
    for record in apps.get_model("workspace", "Record").objects.only("pk").iterator():
        apps.get_model("workspace", "Record").objects.filter(pk=record.pk).update(
            statement=hash_id("registry", str(record.pk))
        )


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL alters no table of which rows were changed in the same transaction
    dependencies = [("workspace", "0003_remarks")]
    operations = [
        migrations.AddField("record", "statement", models.BigIntegerField(null=True, editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("record", "statement", models.BigIntegerField(unique=True, editable=False)),
    ]
