"""What a release changed is kept with it: no request of the public compares editions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("release", "0003_asked")]
    operations = [migrations.AddField("release", "changes", models.JSONField(null=True))]
