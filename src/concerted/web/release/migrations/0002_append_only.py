"""The database refuses to change or delete a release."""

from django.db import migrations

from concerted.web.release.guards import put, take_away


class Migration(migrations.Migration):
    dependencies = [("release", "0001_initial")]
    operations = [migrations.RunPython(put, take_away)]
