"""What waits for an organisation, and how much is missing in its records, are found by an index."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def say_owner(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Whose record each remark is about."""
    record = apps.get_model("workspace", "Record").objects.filter(pk=OuterRef("record_id"))
    apps.get_model("workspace", "Remark").objects.update(owner=Subquery(record.values("owner")))


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL alters no table of which rows were changed in the same transaction
    dependencies = [
        ("accounts", "0001_initial"),
        ("workspace", "0006_record_versions_by_state"),
    ]

    operations = [
        migrations.RemoveIndex("record", "records_with_a_lack"),
        migrations.AddIndex("record", models.Index(fields=["owner", "lack_count"], name="records_by_lacks")),
        migrations.AddField(
            "remark",
            "owner",
            models.ForeignKey(
                null=True,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.partner",
            ),
        ),
        migrations.RunPython(say_owner, migrations.RunPython.noop),
        migrations.AlterField(
            "remark",
            "owner",
            models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.partner",
            ),
        ),
        migrations.AddIndex("remark", models.Index(fields=["owner", "outcome"], name="remarks_that_wait")),
    ]
