"""Each record knows its file and how much it lacks, so that neither a build nor a list reads all records for it."""

from typing import Any

from django.db import migrations, models

#: As it was when this migration was written; records move once where it changes.
SHARDS = 64


def fill(apps: Any, schema_editor: Any) -> None:
    """Both for the records that are there, some hundred at a time."""
    record = apps.get_model("workspace", "Record")
    batch = []
    for each in record.objects.only("pk", "lacks").iterator(500):
        each.shard, each.lack_count = each.pk.int % SHARDS, len(each.lacks)
        batch.append(each)
        if len(batch) == 500:
            record.objects.bulk_update(batch, ["shard", "lack_count"])
            batch = []
    record.objects.bulk_update(batch, ["shard", "lack_count"])


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL alters no table of which rows were changed in the same transaction
    dependencies = [("workspace", "0004_statement")]
    operations = [
        migrations.AddField("record", "shard", models.PositiveSmallIntegerField(null=True, editable=False)),
        migrations.AddField("record", "lack_count", models.PositiveSmallIntegerField(default=0)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("record", "shard", models.PositiveSmallIntegerField(db_index=True, editable=False)),
        migrations.RemoveIndex("record", "records_of_an_owner"),
        migrations.AddIndex(
            "record", models.Index(fields=["owner", "condition", "-updated_at", "id"], name="records_of_an_owner")
        ),
        migrations.AddIndex(
            "record",
            models.Index(fields=["owner"], condition=models.Q(lack_count__gt=0), name="records_with_a_lack"),
        ),
    ]
