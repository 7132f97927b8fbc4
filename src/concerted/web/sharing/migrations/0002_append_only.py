"""The database refuses to change or delete a version of a group, or a member of one."""

from django.db import migrations

from concerted.web.sharing.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial")]
    operations = [migrations.RunPython(each.put, each.take_away) for each in GUARDS]
