"""Rules and steps stay as they were written."""

from django.db import migrations

from concerted.web.matches.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [("matches", "0001_initial")]
    operations = [migrations.RunPython(each.put, each.take_away) for each in GUARDS]
