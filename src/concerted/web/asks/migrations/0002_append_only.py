"""The database refuses to change or delete a version of a need or offer."""

from django.db import migrations

from concerted.web.asks.guards import put, take_away


class Migration(migrations.Migration):
    dependencies = [("asks", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
