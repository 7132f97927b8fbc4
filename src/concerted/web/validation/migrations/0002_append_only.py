"""The database refuses to change or delete a decision."""

from django.db import migrations

from concerted.web.validation.guards import put, take_away


class Migration(migrations.Migration):
    dependencies = [("validation", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
