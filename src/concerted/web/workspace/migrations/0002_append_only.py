"""The database refuses to change or delete a version of a record."""

from django.db import migrations

from concerted.web.workspace.guards import put, take_away


class Migration(migrations.Migration):
    dependencies = [("workspace", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
