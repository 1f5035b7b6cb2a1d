"""The kept results that a pack is to carry."""

import django.db.models.deletion
from django.db import migrations, models

from indicators import triggers


def protect(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("finance", "0004_ssda903"),
        ("partnership", "0002_packs"),
    ]

    operations = [
        migrations.CreateModel(
            name="PackRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="run_choices", to="partnership.pack"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="finance.projectionrun"
                    ),
                ),
            ],
            options={
                "ordering": ["pack", "order"],
                "constraints": [models.UniqueConstraint(fields=("pack", "run"), name="pack_run_once")],
            },
        ),
        migrations.RunPython(protect, protect),
    ]
