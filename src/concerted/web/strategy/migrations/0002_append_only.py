"""What was said of a strategy stays as it was."""

from django.db import migrations

from concerted.web.strategy.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [("strategy", "0001_initial")]
    operations = [migrations.RunPython(each.put, each.take_away) for each in GUARDS]
