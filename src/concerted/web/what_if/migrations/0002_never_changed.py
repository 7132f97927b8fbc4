"""The database refuses to change a list of changes that was kept."""

from django.db import migrations

from concerted.web.what_if.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [("what_if", "0001_initial")]
    operations = [migrations.RunPython(GUARDS.put, GUARDS.take_away)]
