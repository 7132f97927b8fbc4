"""What was judged stays, and so does that it was taken back."""

from django.db import migrations

from concerted.web.desk.guards import GUARDS


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]
    operations = [migrations.RunPython(each.put, each.take_away) for each in GUARDS]
