"""The database refuses to change or delete what a partner said of its part."""

from django.db import migrations

from concerted.web.packages.guards import put, take_away


class Migration(migrations.Migration):
    dependencies = [("packages", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
