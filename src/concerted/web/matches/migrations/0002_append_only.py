"""Rules and steps stay as they were written."""

from django.db import migrations

from concerted.web.matches.guards import put, take_away


class Migration(migrations.Migration):
    dependencies = [("matches", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
