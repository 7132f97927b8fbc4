"""What was said of a strategy stays as it was."""

from django.db import migrations

from concerted.web.strategy.guards import put, take_away


class Migration(migrations.Migration):
    dependencies = [("strategy", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
