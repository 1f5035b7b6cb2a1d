"""The rows that a pack for everybody is published without."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from indicators import triggers


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


def reinstall(apps, schema_editor):
    triggers.reinstall(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0017_rounding_in_packs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RowLeftOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.SlugField(help_text="What the table is called in the pack.", max_length=80)),
                ("indicator", models.SlugField(max_length=60)),
                (
                    "slice",
                    models.CharField(blank=True, help_text="Key of the part; empty for the whole.", max_length=300),
                ),
                ("name", models.CharField(help_text="What the row is called.", max_length=520)),
                ("reason", models.CharField(max_length=300)),
                ("actor", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows_left_out", to="partnership.pack"
                    ),
                ),
            ],
            options={
                "ordering": ["pack", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("pack", "table", "indicator", "slice"), name="row_left_out_once")
                ],
            },
        ),
        migrations.RunPython(reinstall, remove),
    ]
