"""The database refuses to change or delete an entry, or to add one out of its turn."""

from django.db import migrations

from concerted.web.audit.guards import put, take_away


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
