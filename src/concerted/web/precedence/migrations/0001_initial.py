"""Decisions of which source counts, kept as they were made."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from concerted.web.precedence.guards import put, take_away


class Migration(migrations.Migration):
    initial = True

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Choosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by", models.UUIDField(null=True)),
                ("made_for", models.UUIDField(null=True)),
                ("number", models.PositiveIntegerField()),
                ("choices", models.JSONField(default=dict)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.partner"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "number"), name="a_decision_of_sources_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="decisions_of_sources_from_one"
                    ),
                ],
            },
        ),
        migrations.RunPython(put, take_away),
    ]
