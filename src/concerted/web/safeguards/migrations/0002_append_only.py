"""The database refuses to change or delete an assessment."""

from django.db import migrations

from concerted.web.safeguards.guards import put, take_away


class Migration(migrations.Migration):
    dependencies = [("safeguards", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
